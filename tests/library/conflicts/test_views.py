"""Two people save the same text: both are shown, one is made of them, nothing is lost."""

import json

import pytest
from sqlalchemy import select

from portal.library.publishing import queries
from portal.library.publishing.models import TextRevision
from portal.library.service import kept_content
from tests import make
from tests.library.conflicts.test_rules import BASE, content, told


@pytest.fixture
def asset(db):
    made = make.asset("kestrel", kind="guide", state="draft")
    make.text(made, "en", **{k: content(BASE)[k] for k in ("title", "body")})
    db.session.commit()
    return made


@pytest.fixture
def two(visitor, db):
    """Lan and Minh, each with a browser."""
    return [visitor().sign_in(make.user(name=n, role="marketer")) for n in ("Lan", "Minh")]


def form(of, base, **values):
    text = content(of)
    return {"title": text["title"], "body": text["body"], "summary": "", "tags": "", "base": str(base), **values}  # fmt: skip


def fields(page):
    """What the form of the page would send as it stands, without a button."""
    (found,) = [f for f in page.tree.iter("form") if (f.get("action") or "").endswith("/settled")]
    sent = {}
    for it in found.iter():
        kind = it.get("type")
        if it.tag == "textarea":
            sent[it.get("name")] = (it.text or "").removeprefix("\n")
        elif it.tag == "input" and (kind != "radio" or it.get("checked") is not None):
            sent[it.get("name")] = it.get("value", "")
    return sent


def picks(page):
    """The parts that have to be chosen between."""
    return sorted({i.get("name") for i in page.tree.iter("input") if i.get("required") is not None and i.get("type") == "radio"})  # fmt: skip


def newest(asset):
    return queries.newest(asset.id, "en")


def test_different_parts_are_offered_ready_made(asset, two):
    lan, minh = two
    assert lan.post("/desk/kestrel/en", data=form(BASE | {"Proof": "By Lan."}, 1)).status == 303
    page = minh.post("/desk/kestrel/en", data=form(BASE | {"Pricing": "By Minh."}, 1, note="price"))
    assert page.status == 409
    assert "Lan saved this text while you were writing" in page.words()
    assert "both can be kept" in page.words()
    assert "You changed: Pricing" in page.words()
    assert "Lan changed: Proof" in page.words()
    assert newest(asset).number == 2
    done = minh.post("/desk/kestrel/en/settled", data={**fields(page), "how": "choices"})
    assert (done.status, done.location) == (303, "/desk/kestrel")
    row = newest(asset)
    assert (row.number, row.note, row.author.name) == (3, "price", "Minh")
    assert told(kept_content(row)) == BASE | {"Proof": "By Lan.", "Pricing": "By Minh."}


def clash(asset, two):
    lan, minh = two
    lan.post("/desk/kestrel/en", data=form(BASE | {"Pricing": "By Lan."}, 1))
    return minh.post("/desk/kestrel/en", data=form(BASE | {"Pricing": "By Minh."}, 1))


def test_the_same_part_has_to_be_chosen(asset, two):
    page = clash(asset, two)
    assert page.status == 409
    (name,) = picks(page)
    sides = ["".join(it.itertext()) for it in page.tree.iter("mark")]
    assert sides == ["[only here: Minh] ", "[only here: Lan] "]
    without = two[1].post("/desk/kestrel/en/settled", data={**fields(page), "how": "choices"})
    assert without.status == 422
    assert "Choose one version" in without.words()
    sent = {**fields(without), name: "theirs", "how": "choices"}
    assert two[1].post("/desk/kestrel/en/settled", data=sent).status == 303
    assert told(kept_content(newest(asset)))["Pricing"] == "By Lan."


def test_the_whole_text_can_be_edited_instead(asset, two):
    page = clash(asset, two)
    sent = {**fields(page), "body": "## All\n\nNew.\r\n", "how": "whole"}
    assert two[1].post("/desk/kestrel/en/settled", data=sent).status == 303
    assert newest(asset).body == "## All\n\nNew.\n"


def test_choices_never_throw_away_what_was_typed_below(asset, two):
    page = clash(asset, two)
    (name,) = picks(page)
    sent = {**fields(page), name: "mine", "body": "## Typed\n\nby hand\n", "how": "choices"}
    again = two[1].post("/desk/kestrel/en/settled", data=sent)
    assert again.status == 422
    assert fields(again)["body"].strip() == "## Typed\n\nby hand"
    assert fields(again)[name] == "mine"
    assert newest(asset).number == 2


def test_a_second_conflict_is_settled_in_the_same_way(asset, two):
    lan, minh = two
    page = clash(asset, two)
    (name,) = picks(page)
    lan.post("/desk/kestrel/en", data=form(BASE | {"Pricing": "By Lan.", "Proof": "Later."}, 2))
    sent = {**fields(page), name: "mine", "how": "choices"}
    again = minh.post("/desk/kestrel/en/settled", data=sent)
    assert again.status == 409
    assert picks(again) == []
    assert (
        minh.post("/desk/kestrel/en/settled", data={**fields(again), "how": "choices"}).status
        == 303
    )
    assert told(kept_content(newest(asset))) == BASE | {"Pricing": "By Minh.", "Proof": "Later."}
    assert newest(asset).number == 4


@pytest.mark.parametrize(
    "change",
    [{"mine": ""}, {"mine": "{"}, {"mine": "[1]"}, {"mine": "[" * 50_000}, {"mine": json.dumps({"title": "x" * 301})},
     {"mine": json.dumps({"title": "x", "more": 1})}, {"base": "x"}, {"base": "-1"}, {"theirs": "9" * 30}, {"how": "?"}, {"how": ""},
     {"note": "x" * 301}],
)  # fmt: skip
def test_what_is_no_text_is_refused(asset, two, change):
    sent = {**fields(clash(asset, two)), "how": "whole", **change}
    assert two[1].post("/desk/kestrel/en/settled", data=sent).status == 422
    assert newest(asset).number == 2


@pytest.mark.parametrize(
    "change", [{"base": "77"}, {"base": "0"}, {"pick-x": "mine"}, {"pick-s1": "?"}]
)
def test_an_odd_beginning_asks_about_more_but_loses_nothing(asset, two, change):
    sent = {**fields(clash(asset, two)), "how": "choices", **change}
    assert two[1].post("/desk/kestrel/en/settled", data=sent).status == 422


def test_theirs_has_to_be_there(asset, two):
    sent = {**fields(clash(asset, two)), "how": "whole", "theirs": "77"}
    assert two[1].post("/desk/kestrel/en/settled", data=sent).status == 404


def test_who_may_not_write_may_not_settle(asset, two, as_):
    sent = {**fields(clash(asset, two)), "how": "whole"}
    assert as_("contributor").post("/desk/kestrel/en/settled", data=sent).status == 403


def test_a_text_sent_twice_is_saved_once(asset, two, db):
    page = clash(asset, two)
    sent = {**fields(page), "how": "whole"}
    assert two[1].post("/desk/kestrel/en/settled", data=sent).status == 303
    assert two[1].post("/desk/kestrel/en/settled", data=sent).status == 303
    assert len(db.session.scalars(select(TextRevision)).all()) == 3
