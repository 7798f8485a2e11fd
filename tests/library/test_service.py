"""Saving a text: rendered once, a revision for each change, links between files."""

import pytest

from portal import markup
from portal.errors import Invalid
from portal.library import service
from portal.library.models import AssetText
from tests import make


def test_a_text_is_rendered_when_it_is_saved(db):
    text = make.text(
        make.asset(), title="Kestrel", body="# Kestrel\n\nLead words.\n\n## Giá\n\n> Say.\n"
    )
    db.session.expire_all()
    kept = db.session.get(AssetText, text.id)
    assert [(s["level"], s["anchor"]) for s in kept.sections] == [(0, ""), (2, "pricing")]
    assert kept.sections[1]["sayables"] == [{"anchor": "say-pricing-1", "text": "Say."}]
    assert (kept.words, kept.revision) == (4, 1)


def test_only_a_change_makes_a_revision(db, monkeypatch):
    asset = make.asset()
    first = make.text(asset, body="One.", tags=["a"], extra={"x": {"b": 1, "a": 2}})
    digest, updated = first.digest, first.updated_at
    with monkeypatch.context() as patch:
        patch.setattr(markup, "render", lambda *_a, **_k: pytest.fail("rendered again"))
        same = make.text(asset, body="One.", tags=("a",), extra={"x": {"a": 2, "b": 1}})
    assert (same.id, same.revision, same.digest, same.updated_at) == (first.id, 1, digest, updated)
    for change in (
        {"body": "Two."},
        {"tags": ["b"]},
        {"extra": {}},
        {"fields": {"a": "1"}},
        {"summary": "S"},
    ):
        before = first.revision
        values = {"body": "One.", "tags": ["a"], "extra": {"x": 1}} | change
        assert make.text(asset, **values).revision == before + 1


def test_languages_are_texts_of_their_own(db):
    asset = make.asset()
    make.text(asset, language="en")
    make.text(asset, language="vi")
    assert [t.language for t in asset.texts] == ["en", "vi"]


def test_a_text_that_can_not_be_drawn_changes_nothing(db):
    asset = make.asset()
    text = make.text(asset, body="Good.")
    with pytest.raises(Invalid):
        make.text(asset, body="x" * 1_000_001)
    assert (text.body, text.revision) == ("Good.", 1)


@pytest.mark.parametrize(
    ("href", "leads"),
    [
        ("../../case-study/binh-minh/en.md", "/assets/case-study-binh-minh"),
        ("../stokkio/vi.md#pricing", "/assets/battlecard-stokkio#pricing"),
        ("odd.md", "/assets/told"),
        ("../../../../up.md", "/assets/up"),
        ("My%20file.mdx?x=1", "/assets/battlecard-kestrel-my-file"),
        ("picture.png", None),
        ("/absolute.md", None),
        ("#here", None),
    ],
)
def test_links_between_files_lead_to_pages(href, leads):
    link_of = service.link_between_files(
        "battlecard/kestrel/en.md", {"battlecard/kestrel/odd.md": "told"}
    )
    assert link_of(href) == leads


def test_a_saved_link_leads_to_the_page(db):
    text = make.text(make.asset(), body="[x](../y/en.md)", path="faq/x/en.md")
    assert 'href="/assets/faq-y"' in text.sections[0]["html"]
