"""Remarks: told to owners with the section, once; answered, and the answer told."""

import pytest
from sqlalchemy import select

from portal.calls.flags import rules
from portal.calls.ratings.models import AssetFlag
from portal.db import db as _db
from portal.library.notices.models import Notice
from tests import make

FLAG = "/assets/kestrel/en/flag"
SAID = {
    "kind": "outdated",
    "anchor": "win",
    "words": "They cut prices in May",
    "once": "t1",
    "revision": "1",
}


def flags(db):
    db.session.expire_all()
    return db.session.scalars(select(AssetFlag).order_by(AssetFlag.id)).all()


def notices(db, topic):
    found = db.session.scalars(select(Notice).where(Notice.topic == topic).order_by(Notice.user_id))
    return [(it.user_id, it.path, it.detail) for it in found]


@pytest.fixture
def anchor(kestrel):
    return kestrel.texts[0].sections[0]["anchor"]


@pytest.fixture
def flagged(client, db, lan, kestrel, anchor):
    sent = client.sign_in(lan).post(FLAG, data=SAID | {"anchor": anchor})
    assert sent.status == 303, sent.words()
    return flags(db)[0]


def test_the_form_offers_the_sections(client, lan, kestrel, anchor):
    page = client.sign_in(lan).get(f"{FLAG}?section={anchor}")
    options = page.tree.findall(".//select[@name='anchor']/option")
    assert [o.get("value") for o in options if o.get("selected") is not None] == [anchor]
    assert any(href.startswith("/requests/new?asset=kestrel") for href in page.links())
    assert f"{FLAG}" in client.get("/assets/kestrel").links()


def test_owner_and_backup_are_told_at_once_where_it_is(client, lan, tom, kestrel, anchor):
    backup = make.user(role="contributor")
    kestrel.backup_owner_id = backup.id
    _db.session.commit()
    client.sign_in(lan)
    for _ in range(2):  # a double click
        assert client.post(FLAG, data=SAID | {"anchor": anchor}).status == 303
    (kept,) = flags(_db)
    assert (kept.kind, kept.anchor, kept.language, kept.revision) == ("outdated", anchor, "en", 1)
    path = f"/assets/kestrel/en#{anchor}"
    detail = {"title": "Kestrel", "said": "They cut prices in May"}
    assert notices(_db, "flag") == [(who, path, detail) for who in sorted((tom.id, backup.id))]


def test_managers_are_told_when_no_owner_is_here(client, db, lan, tom, kestrel):
    manager = make.user(role="manager")
    tom.active = False
    db.session.commit()
    client.sign_in(lan).post(FLAG, data=SAID | {"anchor": ""})
    assert [who for who, *_ in notices(db, "flag")] == [manager.id]


@pytest.mark.parametrize(
    "wrong",
    [
        {"words": " "},
        {"words": "x" * 2001},
        {"kind": "ugly"},
        {"kind": ""},
        {"anchor": "no-such-part"},
    ],
)
def test_a_refused_remark_keeps_what_was_typed(client, db, lan, kestrel, wrong):
    page = client.sign_in(lan).post(FLAG, data=SAID | {"anchor": ""} | wrong)
    assert page.status == 422
    typed = "".join(page.tree.find(".//textarea").itertext()).strip()
    assert typed == (SAID | wrong)["words"].strip()
    assert flags(db) == []


def test_anothers_form_is_refused(client, visitor, db, flagged):
    other = visitor().sign_in(make.user())
    assert other.post(FLAG, data=SAID | {"anchor": ""}).status == 409
    assert len(flags(db)) == 1


def test_the_owner_answers_and_the_rater_is_told(client, visitor, lan, tom, flagged):
    owner = visitor().sign_in(tom)
    assert "They cut prices in May" in owner.get("/ratings/flags").words()
    sent = owner.post(
        f"/ratings/flags/{flagged.id}", data={"state": "fixed", "words": "New prices in"}
    )
    assert (sent.status, sent.location) == (303, f"/ratings/flags#f{flagged.id}")
    (kept,) = flags(_db)
    assert (kept.state, kept.answer, kept.answered_by_id) == ("fixed", "New prices in", tom.id)
    detail = {"title": "Kestrel", "said": "New prices in"}
    path = f"/ratings/flags?whose=mine#f{kept.id}"
    assert notices(_db, "flag_answered") == [(lan.id, path, detail)]
    page = client.get("/ratings/flags?whose=mine")
    assert "New prices in" in page.words()
    assert "Fixed" in page.words()
    again = {"state": "fixed", "words": "New prices in"}
    assert owner.post(f"/ratings/flags/{flagged.id}", data=again).status == 303
    assert (
        owner.post(f"/ratings/flags/{flagged.id}", data={"state": "stays", "words": "no"}).status
        == 409
    )
    assert len(notices(_db, "flag_answered")) == 1


def test_to_leave_it_needs_a_reason(visitor, db, tom, flagged):
    owner, where = visitor().sign_in(tom), f"/ratings/flags/{flagged.id}"
    for wrong in (
        {"state": "stays"},
        {"state": "open"},
        {},
        {"state": "fixed", "words": "x" * 2001},
    ):
        page = owner.post(where, data=wrong)
        assert page.status == 422, wrong
        assert "They cut prices in May" in page.words()
    assert flags(db)[0].state == "open"
    assert owner.post(where, data={"state": "stays", "words": "It is right"}).status == 303


def test_only_owners_and_marketers_answer(client, visitor, db, lan, flagged):
    where, said = f"/ratings/flags/{flagged.id}", {"state": "fixed"}
    assert client.post(where, data=said).status == 403  # who said it
    for role, status in (("rep", 403), ("contributor", 403), ("manager", 303)):
        assert visitor().sign_in(make.user(role=role)).post(where, data=said).status == status
    assert client.post("/ratings/flags/99999999999", data=said).status == 404


def test_reps_see_only_their_own(client, visitor, db, flagged):
    other = visitor().sign_in(make.user())
    for path in ("/ratings/flags", "/ratings/flags?asset=kestrel", "/ratings/flags?whose=mine"):
        assert "They cut prices" not in other.get(path).words()
    assert "They cut prices" in client.get("/ratings/flags").words()


def test_open_ones_come_first(visitor, tom, lan, flagged):
    owner = visitor().sign_in(tom)
    said = SAID | {"anchor": "", "once": "t2", "words": "Typo"}
    visitor().sign_in(lan).post(FLAG, data=said)
    owner.post(f"/ratings/flags/{flags(_db)[1].id}", data={"state": "fixed"})
    words = owner.get("/ratings/flags").words()
    assert words.index("They cut prices") < words.index("Typo")


def test_a_retired_asset_has_no_page_to_send_the_owner_to(client, db, lan, tom, kestrel):
    kestrel.state = "retired"
    db.session.commit()
    client.sign_in(lan).post(FLAG, data=SAID | {"anchor": ""})
    (told,) = notices(db, "flag")
    assert told[1] == f"/ratings/flags#f{flags(db)[0].id}"
    kestrel.state = "draft"
    db.session.commit()
    assert client.get(FLAG).status == client.post(FLAG, data=SAID).status == 404


def test_the_table_of_who_answers():
    from portal.accounts.rules import Role

    def may(role, viewer):
        return rules.may_answer(role=role, viewer_id=viewer, owner_id=1, backup_owner_id=None)

    assert may(Role.CONTRIBUTOR, 1)
    assert not may(Role.CONTRIBUTOR, 2)
    assert may(Role.MARKETER, 2)
