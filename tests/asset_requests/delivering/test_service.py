"""Delivered: kept, told to who waits and to who searched in vain; begun with what was asked."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from portal import clock
from portal.asset_requests import duties, queries
from portal.asset_requests.agreement import queries as agreements
from portal.asset_requests.delivering import service
from portal.asset_requests.delivering.rules import Replayed, Why
from portal.asset_requests.moving import service as moving
from portal.asset_requests.rules import Action
from portal.config import Language
from portal.errors import Conflict, Forbidden, Invalid
from portal.jobs.models import QueuedJob as Row
from portal.library.notices.models import Notice
from portal.library.publishing import queries as assets
from portal.library.rules import Kind
from portal.usage.models import UsageEvent
from tests import make
from tests.asset_requests.conftest import as_person, words

FOUND = Replayed("kestrel", 1, 3, Why.FOUND)


def used(db, action, user, **values):
    values = {"at": clock.now()} | values
    db.session.add(UsageEvent(action=action, user_id=user.id, **values))
    db.session.flush()


def told(db, user):
    return list(
        db.session.scalars(
            select(Notice.topic).where(Notice.user_id == user.id).order_by(Notice.id)
        )
    )


def job(number):
    return SimpleNamespace(payload={"request": number})


def test_delivering_tells_who_waits_and_leaves_a_job_for_the_rest(db, ask, lan, tom):
    it = ask(query="kestrel cold")
    service.deliver(as_person(tom), it, make.asset("card"), FOUND)
    assert (it.state, it.delivered.slug, it.assignee_id) == ("delivered", "card", tom.id)
    assert queries.events([it.id])[-1].detail == {
        "asset": "card",
        "query": "kestrel",
        "rank": 1,
        "why": "found",
    }
    assert told(db, lan) == ["request_delivered"]
    assert db.session.scalars(select(Row.payload).where(Row.name == service.TELL_SEARCHERS)).all()
    with pytest.raises(Conflict):
        service.deliver(as_person(tom), it, make.asset("other"), FOUND)


def test_only_what_is_published_is_delivered_by_those_who_answer(ask, lan, tom):
    it = ask()
    with pytest.raises(Invalid):
        service.deliver(as_person(tom), it, make.asset(state="draft"), FOUND)
    with pytest.raises(Forbidden):
        service.deliver(as_person(lan), it, make.asset(), FOUND)
    assert it.state == "asked"


def test_everybody_who_searched_the_same_in_vain_is_told_once(db, ask, lan, tom):
    it = ask(query="Kestrel cold")
    people = {
        name: make.user(f"{name}@example.com")
        for name in ("vain", "reordered", "unopened", "opened", "long_ago", "other", "gone")
    }
    vain = {"results": 0}
    used(db, "searched", people["vain"], query="kestrel cold", **vain)
    used(db, "searched", people["vain"], query="KESTREL COLD", **vain)
    used(db, "searched", people["reordered"], query="cold kestrel", **vain)
    used(db, "searched", people["unopened"], query="kestrel cold", results=9, ref="a")
    used(db, "searched", people["opened"], query="kestrel cold", results=9, ref="b")
    used(db, "opened", people["opened"], ref="b", asset_id=1)
    long_ago = clock.now() - timedelta(days=91)
    used(db, "searched", people["long_ago"], query="kestrel cold", at=long_ago, **vain)
    used(db, "searched", people["other"], query="kestrel", **vain)
    used(db, "searched", people["gone"], query="kestrel cold", **vain)
    used(db, "searched", lan, query="kestrel cold", **vain)
    people["gone"].active = False
    service.deliver(as_person(tom), it, make.asset(), FOUND)
    assert service.tell_searchers(job(it.id), words) == "3"
    assert service.tell_searchers(job(it.id), words) == "0"
    heard = {name for name, user in people.items() if told(db, user)}
    assert heard == {"vain", "reordered", "unopened"}
    assert told(db, lan) == ["request_delivered"]


def test_nobody_is_told_of_what_was_reopened_meanwhile(db, ask, lan, tom):
    it = ask(query="kestrel")
    used(db, "searched", make.user(), query="kestrel", results=0)
    service.deliver(as_person(tom), it, make.asset(), FOUND)
    moving.move(as_person(lan), it, Action.REOPEN, note="No.")
    assert service.tell_searchers(job(it.id), words) == "0"
    assert service.tell_searchers(job(999), words) == "0"


def test_an_asset_begins_with_what_was_asked(db, ask, tom):
    make.term(), make.term("industry", "food")
    it = ask(situation="They say --> we freeze.", competitor="kestrel", industry="food")
    made = [
        service.begin(as_person(tom), it, kind=Kind.FAQ, language=Language.VI, title=it.title)
        for _ in range(2)
    ]
    assert made[0].id == made[1].id == it.draft_id
    assert {t.slug for t in made[0].facets} == {"kestrel", "food"}
    assert (it.state, it.assignee_id) == ("taken-on", tom.id)
    body = assets.newest(made[0].id, "vi").body
    assert body.startswith("<!-- They say - -› we freeze. -->")
    assert "##" in body


def test_who_tries_what_came_in_time_has_kept_their_word(db, ask, lan, tom):
    it, asset = ask(), make.asset()
    used(db, "viewed", lan, asset_id=asset.id, at=clock.now() - timedelta(days=1))  # before
    service.deliver(as_person(tom), it, asset, FOUND)
    assert duties.watch("UTC")[0] == 0
    assert agreements.terms_of(it.id).try_due_at is not None
    used(db, "viewed", lan, asset_id=asset.id)
    assert duties.watch("UTC")[0] == 1
    assert agreements.terms_of(it.id).try_due_at is None
    assert duties.watch("UTC")[0] == 0


def test_what_is_due_soon_and_over_is_told_once_each(db, ask, tom, monkeypatch):
    it = ask(kind="faq")
    due = agreements.terms_of(it.id).ack_due_at
    for moment, topics in (
        (due - timedelta(minutes=5), ["request_asked", "request_due"]),
        (due - timedelta(minutes=4), ["request_asked", "request_due"]),
        (due + timedelta(minutes=5), ["request_asked", "request_due", "request_overdue"]),
    ):
        monkeypatch.setattr(clock, "now", lambda moment=moment: moment)
        duties.watch("UTC")
        assert told(db, tom) == topics


def test_a_try_that_was_made_stays_made(db, ask, lan, tom, monkeypatch):
    it, asset, start = ask(), make.asset(), clock.now()
    service.deliver(as_person(tom), it, asset, FOUND)
    used(db, "viewed", lan, asset_id=asset.id, at=start + timedelta(hours=1))
    duties.watch("UTC")
    monkeypatch.setattr(clock, "now", lambda: start + timedelta(days=60))
    moving.move(as_person(lan), it, Action.ACCEPT)
    (tried,) = (c for c in agreements.clocks_of(it.id) if c.promise == "try")
    assert tried.kept
    assert tried.ended_at == start + timedelta(hours=1)
