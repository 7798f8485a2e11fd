import pytest

from portal.library.loading import Options
from portal.library.sources import service
from tests import make


@pytest.fixture
def kept(db, tmp_path):
    """A published asset that a folder keeps; gives its slug."""
    file = tmp_path / "docs" / "kestrel.md"
    file.parent.mkdir()
    file.write_text("---\nkind: battlecard\n---\n# Kestrel\n\n## Pricing\n\nFive.\n", "utf-8")
    service.sync(service.add("handbook", file.parent, Options(publish=True)))
    db.session.commit()
    return "kestrel"


@pytest.mark.parametrize("role", ["marketer", "manager", "admin"])
def test_the_desk_says_where_it_is_kept(as_, kept, role):
    page = as_(role).get(f"/desk/{kept}")
    assert "handbook" in page.text
    assert "kestrel.md" in page.text
    assert f"/desk/{kept}/en/edit" not in page.links()


@pytest.mark.parametrize("path", ["en/edit", "facts"])
def test_a_form_that_would_change_it_says_so(as_, kept, path):
    page = as_("marketer").get(f"/desk/{kept}/{path}")
    assert page.status in {404, 409}
    if page.status == 409:
        assert "kept in a folder" in page.text


@pytest.mark.parametrize("action", ["retire", "unpublish", "submit"])
def test_no_move_is_made_at_the_desk(as_, kept, action):
    answer = as_("manager").post(f"/desk/{kept}/moves/{action}", data={"reason": "because"})
    assert answer.status == 409
    assert "kept in a folder" in answer.text
    assert "quicker" not in answer.text


def test_readers_see_no_difference(as_, kept):
    page = as_("rep").get(f"/assets/{kept}")
    assert page.status == 200
    assert "handbook" not in page.text


def test_an_asset_of_the_desk_says_nothing_of_folders(as_, db):
    make.text(make.asset("plover"))
    db.session.commit()
    assert "handbook" not in as_("marketer").get("/desk/plover").text
