"""The editor's pages: begun once, kept while typed, previewed, saved, nothing lost."""

import json
import re

import pytest
from sqlalchemy import func, select

from portal.db import db as _db
from portal.library.models import Asset
from portal.library.publishing import queries
from portal.library.publishing.models import Autosave, TextRevision
from portal.library.writing import starting
from tests import make
from tests.library.editing import inputs

EN = "/desk/{}/en"


def where(asset, tail="", language="en"):
    return f"/desk/{asset.slug}/{language}{tail}"


def sent(client, asset, **changes):
    """The editor's form as it is drawn, with changes."""
    return {**inputs(client.get(where(asset))), **changes}


def count(model):
    return _db.session.scalar(select(func.count()).select_from(model))


def autosave(asset, person):
    _db.session.expire_all()
    return queries.autosave(person.id, asset.id, "en")


# --- beginning


@pytest.mark.parametrize("kind", ["battlecard", "video", "case-study", "faq"])
@pytest.mark.parametrize("language", ["en", "vi", "ru"])
def test_an_asset_begins_with_its_kinds_template(client, begun, newest, kind, language):
    asset = begun(kind, language, title="Kestrel")
    assert newest(asset, language).body == starting.template(kind_of(kind), lang(language))
    page = client.get(f"/desk/{asset.slug}/{language}")
    assert inputs(page)["body"] == newest(asset, language).body


def kind_of(value):
    from portal.library.rules import Kind

    return Kind(value)


def lang(value):
    from portal.config import Language

    return Language(value)


def test_the_form_sent_twice_begins_one_asset(begun):
    first, second = begun(once="t1"), begun(once="t1")
    assert first.id == second.id
    assert count(Asset) == 1
    other = begun(once="t1", title="Battlecard: Kestrel again")
    assert other.id != first.id
    assert begun(once="t2").slug == "battlecard-kestrel-2"


def test_somebody_elses_token_begins_another(client, begun, db):
    first = begun(once="t1")
    client.sign_in(make.user(role="marketer"))
    assert begun(once="t1").id != first.id


def test_each_form_has_a_token_of_its_own(client, writer):
    tokens = set()
    for _ in range(2):
        page = client.get("/desk/new?kind=faq")
        fields = {n.get("name"): n.get("value") for n in page.tree.iter("input")}
        tokens.add(fields["once"])
    assert len(tokens) == 2
    assert "checked" in next(n.attrib for n in page.tree.iter("input") if n.get("value") == "faq")


def test_a_title_is_needed_and_an_odd_kind_refused(client, writer):
    for data in (
        {"kind": "faq", "language": "en", "title": " "},
        {"kind": "x", "language": "en", "title": "T"},
    ):
        assert client.post("/desk/new", data=data).status == 422
    assert count(Asset) == 0


# --- saving


def test_a_text_is_saved_once_however_often_it_is_sent(client, begun, newest):
    asset = begun()
    data = sent(client, asset, body="## Quick facts\n\nNine weeks.\n", tags="a, b", note="why")
    for _ in range(2):
        assert client.post(where(asset), data=data).status == 303
    revision = newest(asset)
    assert (revision.number, revision.body, revision.tags, revision.note) == (
        2,
        data["body"].strip(),
        ["a", "b"],
        "why",
    )
    assert count(TextRevision) == 2


def test_opening_and_saving_is_no_revision(client, begun, newest):
    asset = begun("case-study")
    assert client.post(where(asset), data=sent(client, asset)).status == 303
    assert newest(asset).number == 1


def test_a_case_studys_fields_are_saved_and_shown(client, begun, newest):
    asset = begun("case-study")
    data = sent(client, asset, **{
        "own-customer": "Hallmere", "own-results-0-figure": "31 %", "own-results-0-label": "less waste",
        "own-results-2-figure": "8 weeks", "own-quote-text": "Good.", "own-quote-by": "Ann",
    })  # fmt: skip
    assert client.post(where(asset), data=data).status == 303
    assert newest(asset).fields == {
        "customer": "Hallmere",
        "results": [{"figure": "31 %", "label": "less waste"}, {"figure": "8 weeks"}],
        "quote": {"text": "Good.", "by": "Ann"},
    }
    again = sent(client, asset)
    assert again["own-results-1-figure"] == "8 weeks"
    assert again["own-results-2-figure"] == ""
    assert again["own-quote-text"] == "Good."


def test_what_does_not_fit_is_said_and_all_of_it_stays(client, begun, newest):
    asset = begun("case-study")
    data = sent(
        client, asset, body="kept words", **{"own-customer": "x" * 201, "own-quote-by": "Ann"}
    )
    page = client.post(where(asset), data=data)
    assert page.status == 422
    assert inputs(page)["body"] == "kept words"
    assert inputs(page)["own-customer"] == "x" * 201
    wrong = [n.get("id") for n in page.tree.iter() if n.get("aria-invalid")]
    assert wrong == ["own-customer", "own-quote-text"]
    assert newest(asset).number == 1


def test_a_text_that_can_not_be_drawn_is_not_saved_and_not_lost(client, begun, newest):
    asset = begun()
    body = "word " * 210_000
    for tail in ("", "/preview"):
        url = where(asset) if not tail else f"/desk/preview/{asset.slug}/en"
        page = client.post(url, data=sent(client, asset, body=body))
        assert page.status == 422
        assert "1 MB" in page.words()
        assert inputs(page)["body"] == body
    assert newest(asset).number == 1


def test_the_second_of_two_gets_both_texts(client, visitor, begun, newest):
    asset = begun()
    data = sent(client, asset, body="mine")
    other = visitor().sign_in(make.user(role="marketer", name="Tom"))
    other.post(where(asset), data=sent(other, asset, body="theirs"))
    page = client.post(where(asset), data=data)
    assert page.status == 409
    assert {"mine", "theirs"} <= set(page.words().split())


# --- what is typed and not saved


def typed(client, asset, **changes):
    return client.post(where(asset, "/draft"), data=sent(client, asset, **changes))


def test_what_is_typed_is_there_again(client, begun, writer, newest):
    asset = begun()
    page = typed(client, asset, title="", body="half a sent")
    assert page.status == 200
    assert re.fullmatch(r"\d\d:\d\d:\d\d", page.response.json["at"])
    assert newest(asset).number == 1
    page = client.get(where(asset))
    assert inputs(page)["body"] == "half a sent"
    assert inputs(page)["title"] == ""
    assert "You have unsaved changes from" in page.words()
    assert "Meanwhile" not in page.words()


def test_fields_half_filled_are_there_again(client, begun):
    asset = begun("case-study")
    typed(client, asset, **{"own-results-1-figure": "9", "own-customer": "x" * 500})
    shown = inputs(client.get(where(asset)))
    assert "9" in {value for name, value in shown.items() if name.endswith("-figure")}
    assert shown["own-customer"] == "x" * 500


def test_saving_ends_the_draft(client, begun, writer):
    asset = begun()
    typed(client, asset, body="new")
    assert autosave(asset, writer) is not None
    client.post(where(asset), data=sent(client, asset))
    assert autosave(asset, writer) is None
    assert "unsaved changes" not in client.get(where(asset)).words()


def test_a_draft_that_says_the_same_is_not_spoken_of(client, begun):
    asset = begun()
    typed(client, asset)
    assert "unsaved changes" not in client.get(where(asset)).words()


def test_a_draft_can_be_discarded(client, begun, newest, writer):
    asset = begun()
    typed(client, asset, body="nonsense")
    page = client.post(where(asset, "/draft/discarded"))
    assert page.status == 303
    assert inputs(client.get(where(asset)))["body"] == newest(asset).body
    assert autosave(asset, writer) is None


def test_a_draft_behind_a_newer_revision_says_so_and_meets_it(client, visitor, begun):
    asset = begun()
    typed(client, asset, body="mine")
    other = visitor().sign_in(make.user(role="marketer"))
    other.post(where(asset), data=sent(other, asset, body="theirs"))
    page = client.get(where(asset))
    assert "saved revision 2" in page.words()
    shown = inputs(page)
    assert (shown["body"], shown["base"]) == ("mine", "1")
    assert client.post(where(asset), data=shown).status == 409


def test_everybody_has_a_draft_of_their_own(client, visitor, begun, newest):
    asset = begun()
    typed(client, asset, body="mine")
    other = visitor().sign_in(make.user(role="marketer"))
    assert sent(other, asset)["body"] == newest(asset).body
    other.post(where(asset), data=sent(other, asset, body="theirs"))
    assert sent(client, asset)["body"] == "mine"


def test_hostile_drafts_are_kept_or_refused(client, begun, writer):
    asset = begun("case-study")
    good = sent(client, asset)
    for base in ("", "x", "-1", str(2**63)):
        assert client.post(where(asset, "/draft"), data={**good, "base": base}).status == 422
    odd = {
        **good,
        "title": "\x00" * 9 + "\ud800".encode("utf-8", "replace").decode(),
        "body": "\x00x",
        "own-results-99999999999-figure": "1",
    }
    assert client.post(where(asset, "/draft"), data=odd).status == 200
    assert autosave(asset, writer).content["body"] == "x"
    assert client.get(where(asset)).status == 200
    assert client.post(where(asset, "/draft", "xx"), data=good).status == 404
    assert client.post("/desk/" + "x" * 300 + "/en/draft", data=good).status == 404


def test_a_draft_is_for_who_may_write(client, begun, visitor):
    asset = begun()
    stranger = visitor().sign_in(make.user(role="contributor", department="accounting"))
    for tail in ("/draft", "/draft/discarded", ""):
        assert stranger.post(where(asset, tail), data={"title": "T", "base": "1"}).status == 403
    assert (
        stranger.post(f"/desk/preview/{asset.slug}/en", data={"title": "T", "base": "1"}).status
        == 403
    )
    assert count(Autosave) == 0


# --- preview


def test_a_preview_is_drawn_as_the_page_and_saves_nothing(client, begun, newest):
    asset = begun("case-study")
    body = "## Results\n\n> Nine weeks. <script>alert(1)</script>\n\n<!-- a hint -->"
    data = sent(client, asset, body=body, title="", **{"own-results-0-figure": "31 %"})
    page = client.post(f"/desk/preview/{asset.slug}/en", data=data)
    assert page.status == 200
    shown = next(n for n in page.tree.iter("section") if n.get("id") == "shown_text")
    text = " ".join("".join(shown.itertext()).split())
    assert "31 %" in text
    assert "Nine weeks." in text
    assert "a hint" not in text
    assert not list(shown.iter("script"))
    assert [n.get("id") for n in shown.iter("blockquote")] == ["say-s-results-1"]
    assert inputs(page)["body"] == body
    assert newest(asset).number == 1
    assert count(Autosave) == 0
    piece = client.post(f"/desk/preview/{asset.slug}/en?fragment=1", data=data)
    assert piece.text.strip().startswith("<article")
    assert "data-asset" not in piece.text


def test_no_heading_takes_an_id_of_the_editor(client, begun):
    asset = begun("guide")
    names = (
        "Summary",
        "Title",
        "Body",
        "Tags",
        "Note",
        "Base",
        "Write form",
        "Kept",
        "Trouble",
        "Shown",
    )
    body = "\n\n".join(f"## {name}" for name in names)
    page = client.post(f"/desk/preview/{asset.slug}/en", data=sent(client, asset, body=body))
    ids = [n.get("id") for n in page.tree.iter() if n.get("id")]
    assert sorted(i for i in ids if ids.count(i) > 1) == []


def test_a_new_language_begins_with_its_template(client, begun):
    asset = begun()
    page = client.get(where(asset, language="ru"))
    assert inputs(page)["body"] == starting.template(kind_of("battlecard"), lang("ru"))
    assert inputs(page)["base"] == "0"


def test_a_text_sent_after_the_session_ended_is_shown(client, visitor, begun):
    asset = begun()
    data = sent(client, asset, body="\n## An hour's <writing>", summary="")
    stranger = visitor()
    for url in (where(asset), f"/desk/preview/{asset.slug}/en"):
        page = stranger.post(url, data=data)
        assert page.status == 401
        shown = ["".join(n.itertext()) for n in page.tree.iter("textarea")]
        assert any(text.strip() == "## An hour's <writing>" for text in shown)
        assert "" not in shown
    assert stranger.post(where(asset, "/draft"), data=data).status == 303


def test_the_editor_knows_where_the_sections_of_the_served_text_begin(client, begun):
    asset = begun()
    make.text(asset, language="vi", body="Mở đầu.\n\n## Giá\n\nA\n\n## Lý do\n\nB\n\n## Giá\n\nC\n")
    page = client.get(where(asset, language="vi"))
    form = next(n for n in page.tree.iter("form") if n.get("id") == "write_form")
    told = sorted(json.loads(form.get("data-places")).values())
    assert told == [["Giá", 0], ["Giá", 1], ["Lý do", 0]]
