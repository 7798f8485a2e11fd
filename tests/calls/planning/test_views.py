"""Calls are planned, moved and called off; who sees whose."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal import clock
from portal.calls.models import Call
from tests import make


def at(**ahead):
    return (clock.now() + timedelta(**ahead)).strftime("%Y-%m-%dT%H:%M")


@pytest.fixture
def rep(db):
    return make.user(name="Lan Nguyen", team_id=make.team().id)


@pytest.fixture
def deal(rep):
    return make.deal(rep, stage="Discovery")


@pytest.fixture
def signed(db, client, rep, deal):
    db.session.commit()
    return client.sign_in(rep)


def test_planned_moved_called_off_and_planned_again(db, signed, deal):
    sent = {
        "deal": deal.id,
        "at": at(days=2),
        "kind": "demo",
        "role_words": "Plant manager",
        "once": "x",
    }
    where = [signed.post("/calls/plan", data=sent).location for _ in range(2)]
    call = db.session.scalars(select(Call)).one()
    assert where == [f"/calls/{call.id}"] * 2
    assert (call.state, call.kind, call.with_role, call.stage) == (
        "planned", "demo", "Plant manager", "Discovery",
    )  # fmt: skip
    page = signed.get(f"/calls/{call.id}/change")
    assert "Plant manager" in page.text
    moved = {"at": at(days=3), "kind": "demo", "with_role": "buyer", "version": call.version}
    for _ in range(2):
        assert signed.post(f"/calls/{call.id}/change", data={"deal": deal.id} | moved).status == 303
    db.session.refresh(call)
    assert (call.with_role, call.at > clock.now() + timedelta(days=2)) == ("buyer", True)
    stale = moved | {"at": at(days=9), "note": "Mine"}
    page = signed.post(f"/calls/{call.id}/change", data={"deal": deal.id} | stale)
    assert page.status == 409
    assert "Mine" in page.text
    assert "changed meanwhile" in page.words()
    for _ in range(2):
        assert signed.post(f"/calls/{call.id}/call-off").status == 303
    db.session.refresh(call)
    assert call.state == "called-off"
    again = moved | {"version": call.version}
    assert signed.post(f"/calls/{call.id}/change", data={"deal": deal.id} | again).status == 303
    db.session.refresh(call)
    assert call.state == "planned"


@pytest.mark.parametrize(
    "wrong",
    [
        {"at": ""},
        {"at": "x"},
        {"at": "2026-02-30T10:00"},
        {"at": "PAST"},
        {"deal": ""},
        {"deal": "999999"},
        {"deal": "9" * 30},
        {"kind": "x"},
        {"role_words": "x" * 81},
    ],
)
def test_bad_input_is_told_and_kept(db, signed, deal, wrong):
    sent = {"deal": deal.id, "at": at(days=1), "note": "Kept", **wrong}
    sent["at"] = at(days=-1) if sent["at"] == "PAST" else sent["at"]
    page = signed.post("/calls/plan", data=sent)
    assert page.status == 422
    assert "Kept" in page.text
    assert 'class="error"' in page.text
    assert db.session.scalars(select(Call)).all() == []


def test_a_call_that_was_held_is_not_called_off_or_moved(db, signed, rep, deal):
    call = make.call(deal, rep)
    db.session.commit()
    assert signed.post(f"/calls/{call.id}/call-off").status == 409
    assert signed.get(f"/calls/{call.id}/change").location == f"/calls/{call.id}/log"
    page = signed.post(f"/calls/{call.id}/change", data={"deal": deal.id, "at": at(days=1)})
    assert page.status == 409


def test_the_list_has_what_is_to_log_first(db, signed, rep, deal):
    due = make.call(make.deal(rep, name="Due deal"), rep, state="planned")
    ahead = clock.now() + timedelta(days=1)
    make.call(make.deal(rep, name="Next deal"), rep, state="planned", at=ahead)
    make.call(make.deal(rep, name="Held deal"), rep, result="stalled")
    make.call(make.deal(rep, name="Off deal"), rep, state="called-off")
    make.call(make.deal(make.user(team_id=rep.team_id), name="Mate deal"), make.user())
    db.session.commit()
    words = signed.get("/calls/").words()
    places = [words.index(f"{name} deal") for name in ("Due", "Next", "Held")]
    assert places == sorted(places)
    assert "Off deal" not in words
    assert "Mate deal" not in words
    assert f"/calls/{due.id}/log" in signed.get("/calls/").links()
    for odd in ("all", "1", "x", "99999999999"):
        assert "Mate deal" not in signed.get(f"/calls/?team={odd}&page=x").words()


def test_a_manager_sees_teams(db, visitor, rep, deal):
    make.call(deal, rep)
    other = make.user(team_id=make.team("South").id)
    make.call(make.deal(other, name="South deal"), other)
    boss = make.user(role="manager")
    db.session.commit()
    browser = visitor().sign_in(boss)
    assert "Delta Foods" not in browser.get("/calls/").words()
    team = browser.get(f"/calls/?team={rep.team_id}").words()
    assert ("Delta Foods" in team, "South deal" in team) == (True, False)
    assert "South deal" in browser.get("/calls/?team=all").words()


def test_others_do_not_move_it(db, visitor, rep, deal):
    call = make.call(deal, rep, state="planned", at=clock.now() + timedelta(days=1))
    mate, stranger = make.user(team_id=rep.team_id), make.user()
    db.session.commit()
    for who, status in ((mate, 403), (stranger, 404)):
        browser = visitor().sign_in(who)
        assert browser.get(f"/calls/{call.id}/change").status == status
        assert browser.post(f"/calls/{call.id}/call-off").status == status
    assert visitor().sign_in(mate).get(f"/calls/{call.id}").status == 200
