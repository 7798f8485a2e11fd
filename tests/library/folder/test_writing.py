"""An export changes and deletes what exports have written, and nothing else without being told."""

import pytest

from portal.errors import Conflict, Invalid
from portal.library import exporting
from portal.library.folder.writing import LIST, PART, Tree
from portal.library.models import Asset
from tests import make


@pytest.fixture
def two(db):
    for slug in ("a", "b"):
        make.text(make.asset(slug, kind="guide"), title=slug)
    return db


def names(folder):
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


@pytest.mark.usefixtures("two")
def test_another_folder_is_not_written_into(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(Conflict, match="was not written by an export"):
        exporting.export_to(tmp_path)
    assert names(tmp_path) == {"mine.txt"}
    exporting.export_to(tmp_path, force=True)
    assert names(tmp_path) == {"mine.txt", "guide/a.en.md", "guide/b.en.md", LIST}
    assert exporting.export_to(tmp_path).changed == 0


@pytest.mark.usefixtures("two")
def test_a_folder_under_version_control_is_as_good_as_empty(tmp_path):
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git/config").write_text("x")
    exporting.export_to(tmp_path)
    assert (tmp_path / ".git/config").read_text() == "x"


def test_what_is_gone_from_the_portal_is_deleted(two, tmp_path):
    exporting.export_to(tmp_path)
    (tmp_path / "notes.txt").write_text("mine")
    two.session.delete(two.session.query(Asset).filter_by(slug="b").one())
    two.session.flush()
    report = exporting.export_to(tmp_path)
    assert (report.changed, report.removed) == (0, 1)
    assert names(tmp_path) == {"guide/a.en.md", "notes.txt", LIST}


def test_what_somebody_has_changed_is_not_overwritten(two, tmp_path):
    exporting.export_to(tmp_path)
    file = tmp_path / "guide/a.en.md"
    file.write_text("edited")
    make.text(two.session.query(Asset).filter_by(slug="b").one(), title="b", body="new")
    with pytest.raises(Conflict, match=r"guide/a\.en\.md.*Load them first"):
        exporting.export_to(tmp_path)
    assert "new" not in (tmp_path / "guide/b.en.md").read_text()  # nothing was written
    exporting.export_to(tmp_path, force=True)
    assert file.read_text() != "edited"
    assert "new" in (tmp_path / "guide/b.en.md").read_text()


def test_what_was_changed_and_loaded_is_no_conflict(two, tmp_path):
    exporting.export_to(tmp_path)
    file = tmp_path / "guide/a.en.md"
    file.write_text(file.read_text().replace("We are quick.", "We are fast."))
    make.text(two.session.query(Asset).filter_by(slug="a").one(), title="a",
              body="## Why we win\n\nWe are fast.\n")  # fmt: skip
    assert exporting.export_to(tmp_path).changed == 0


def test_what_was_changed_is_not_deleted(two, tmp_path):
    exporting.export_to(tmp_path)
    (tmp_path / "guide/b.en.md").write_text("edited")
    two.session.delete(two.session.query(Asset).filter_by(slug="b").one())
    two.session.flush()
    with pytest.raises(Conflict, match="guide/b"):
        exporting.export_to(tmp_path)
    assert (tmp_path / "guide/b.en.md").read_text() == "edited"


@pytest.mark.usefixtures("two")
def test_links_are_not_followed(tmp_path):
    out, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    elsewhere.mkdir()
    exporting.export_to(out)
    (out / "guide/a.en.md").unlink()
    (out / "guide/a.en.md").symlink_to(elsewhere / "target")
    (elsewhere / "target").write_text("precious")
    with pytest.raises(Conflict):
        exporting.export_to(out)
    exporting.export_to(out, force=True)
    assert (elsewhere / "target").read_text() == "precious"
    assert not (out / "guide/a.en.md").is_symlink()
    for file in (out / "guide").iterdir():
        file.unlink()
    (out / "guide").rmdir()
    (out / "guide").symlink_to(elsewhere)
    with pytest.raises((Conflict, Invalid)):
        exporting.export_to(out, force=True)
    assert names(elsewhere) == {"target"}


def test_an_export_that_was_killed_is_gone_on_with(tmp_path):
    tree = Tree(tmp_path)
    tree.write("a.md", b"a")
    tree.write("b/c.md", b"c")
    assert (tmp_path / PART).exists()
    again = Tree(tmp_path)  # it never finished
    assert not again.needs_look
    again.write("a.md", b"a")
    again.finish()
    assert names(tmp_path) == {"a.md", LIST}
    assert not (tmp_path / "b").exists()
