"""The pages of the vocabulary: looked at by contributors, kept by marketers, links unbroken."""

import pytest

from portal.library.terms import queries
from tests import make

FORM = {
    "name_en": "Kestrel WMS",
    "name_vi": "",
    "name_ru": "Кестрел",
    "slug": "kestrel",
    "aliases": "KWMS\n\nKestral",
}


@pytest.fixture
def term(db):
    made = make.term("competitor", "kestrel", en="Kestrel")
    make.text(make.asset("card", facets=[made]))
    make.asset("draft", facets=[made], state="draft")
    db.session.commit()
    return made


def test_the_list_tells_names_and_use(as_, term):
    page = as_("contributor").get("/vocabulary/?facet=competitor")
    assert "Kestrel" in page.words()
    assert "2 assets" in page.words()
    assert not page.tree.findall(".//main//form"), "contributors look"


def test_a_term_is_written_anew(as_, term):
    client = as_("marketer")
    page = client.post(
        "/vocabulary/competitor/kestrel", data={**FORM, "slug": "kestrel-wms", "version": 1}
    )
    assert (page.status, page.location) == (303, "/vocabulary/competitor/kestrel-wms")
    assert queries.found("competitor", "kestrel").aliases == ["KWMS", "Kestral"]
    moved = client.get("/vocabulary/competitor/kestrel")
    assert (moved.status, moved.location) == (308, "/vocabulary/competitor/kestrel-wms")
    assert "kestrel" in client.get(moved.location).words()


def test_two_at_once_the_second_keeps_what_was_typed(as_, term):
    client = as_("marketer")
    client.post("/vocabulary/competitor/kestrel", data={**FORM, "version": 1})
    page = client.post(
        "/vocabulary/competitor/kestrel", data={**FORM, "name_en": "Mine", "version": 1}
    )
    assert page.status == 409
    assert page.tree.find(".//input[@name='name_en']").get("value") == "Mine"
    version = page.tree.find(".//input[@name='version']").get("value")
    again = {**FORM, "name_en": "Mine", "version": version}
    assert client.post("/vocabulary/competitor/kestrel", data=again).status == 303


def test_a_word_that_is_taken_is_explained(as_, term, db):
    make.term("competitor", "nord", en="Nordhaul")
    db.session.commit()
    page = as_("marketer").post(
        "/vocabulary/competitor/kestrel", data={**FORM, "aliases": "nordhaul", "version": 1}
    )
    assert page.status == 422
    assert "already belongs to Nordhaul" in page.words()
    assert "/vocabulary/competitor/nord" in page.links()


@pytest.mark.parametrize(
    "wrong",
    [
        {"name_en": "", "name_ru": ""},
        {"slug": "No Slug"},
        {"name_en": "x" * 81},
        {"aliases": "x" * 81},
        {"aliases": "\n".join(f"w{n}" for n in range(501))},
        {"version": "many"},
    ],
)
def test_what_can_not_be_is_said_and_nothing_lost(as_, term, wrong):
    page = as_("marketer").post(
        "/vocabulary/competitor/kestrel", data={**FORM, "version": 1, **wrong}
    )
    assert page.status == 422
    assert term.names == {"en": "Kestrel"}


def test_added_merged_undone_and_retired(as_, term):
    client = as_("marketer")
    page = client.post(
        "/vocabulary/competitor",
        data={**FORM, "name_en": "Nord", "name_ru": "", "slug": "", "aliases": ""},
    )
    assert page.location == "/vocabulary/competitor/nord"
    page = client.post("/vocabulary/competitor/kestrel/merged", data={"target": "nord"})
    assert page.location == "/vocabulary/competitor/nord#history"
    page = client.get("/vocabulary/competitor/nord")
    undo = next(f for f in page.tree.iter("form") if f.get("action").endswith("/undone"))
    page = client.post(undo.get("action"))
    assert page.location == "/vocabulary/competitor/kestrel"
    assert client.post(undo.get("action")).status == 409
    client.post("/vocabulary/competitor/nord/retired", data={"retired": "1"})
    assert "Out of use" in client.get("/vocabulary/?facet=competitor").words()
    client.post("/vocabulary/competitor/nord/retired")
    assert "Out of use" not in client.get("/vocabulary/?facet=competitor").words()


@pytest.mark.parametrize("target", ["", "kestrel", "nobody", "x" * 500, "a\x00"])
def test_merging_into_nothing_is_refused(as_, term, target):
    page = as_("marketer").post("/vocabulary/competitor/kestrel/merged", data={"target": target})
    assert page.status == 422


def test_an_asset_says_which_of_its_terms_are_out_of_use(as_, term):
    client = as_("marketer")
    client.post("/vocabulary/competitor/kestrel/retired", data={"retired": "1"})
    page = client.get("/assets/card")
    assert "Kestrel (out of use)" in page.words()
    assert "/competitors/kestrel" in page.links()


@pytest.mark.parametrize(
    "address", ["colour/x", "competitor/nobody", "competitor/" + "x" * 200, "competitor/a%00"]
)
def test_what_is_not_there_is_404(as_, address):
    assert as_("marketer").get(f"/vocabulary/{address}").status == 404
