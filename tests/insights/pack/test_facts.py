"""What a pack says of a week, and that it says the same for ever once it was sent."""

import json
from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event, func, select

from portal.db import db as _db
from portal.errors import Conflict, NotFound
from portal.insights.pack import gathering, queries, rules, service
from portal.insights.pack.rules import Kind
from portal.library.notices.models import Notice
from tests import make
from tests.insights.pack.conftest import NOW, WEDNESDAY, lift, use

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
WEEK = rules.span_of(Kind.WEEK, date(2026, 11, 23))


def facts(span=WEEK):
    return gathering.facts(span, NOW, ZONE)


def test_a_quiet_week_says_so(monday):
    found = facts()
    assert found["used"]["uses"] == found["out"]["count"] == found["won"]["won"] == 0
    assert found["decisions"] == []


def test_every_part_says_what_happened(week):
    battle, sheet = week
    found = facts()
    assert found["out"] == {"count": 1, "items": [{"asset": sheet.id}]}
    used = found["used"]
    assert (used["uses"], used["people"], used["assets"], used["uses_before"]) == (7, 3, 2, 1)
    assert used["top"] == [
        {"asset": battle.id, "people": 3, "uses": 5, "before": 1},
        {"asset": sheet.id, "people": 1, "uses": 2, "before": 0},
    ]
    assert (found["won"]["won"], found["won"]["lost"]) == (4, 1)
    (guess,) = found["won"]["assets"]
    assert (guess["asset"], guess["deals"], guess["n"]) == (battle.id, 2, 140)
    assert (guess["best"], guess["low"], guess["high"]) == (0.062, 0.012, 0.112)
    assert found["vain"]["items"] == [
        {"query": "SAP connector", "times": 2, "people": 2},
        {"query": "giá kho lạnh", "times": 1, "people": 1},
    ]
    assert [it["promise"] for it in found["overdue"]["answer"]["items"]] == ["deliver"]
    assert [it["promise"] for it in found["overdue"]["ask"]["items"]] == ["context"]
    assert [it["title"] for it in found["declined"]] == ["Not this one"]
    assert [it["asset"] for it in found["flags"]["items"]] == [sheet.id]
    assert found["thanks"]["count"] == 1
    assert found["assets"][str(sheet.id)]["titles"] == {"en": "Tarvel Gate", "vi": "Cổng Tarvel"}


def test_no_sum_of_few_deals_is_told_and_no_two_currencies_are_added(week):
    assert facts()["won"]["sums"] == [
        {"currency": "EUR", "deals": 3, "amount": "6000.00"},
        {"currency": "VND", "deals": 1, "amount": None},
    ]


def test_nobodys_name_is_kept(week, quoc):
    service.add(WEEK, "Call", token="a", owner_id=quoc.id, due_on=NOW.date(), user_id=quoc.id)
    service.send(WEEK, ZONE, user_id=quoc.id)
    kept = json.dumps(queries.pack(WEEK).facts, ensure_ascii=False)
    for name in ("Lan", "Tom", "Quốc", "@example.com", "Thank you"):
        assert name not in kept


def test_the_edges_of_a_week_are_the_companys_midnights(monday, lan):
    it = make.asset()
    start, end = WEEK.moments(ZONE)
    for at in (start - timedelta(seconds=1), start, end - timedelta(seconds=1), end):
        use(it, lan, at=at)
    found = facts()["used"]
    assert found["uses"] == found["top"][0]["uses"] == 2
    assert found["uses_before"] == found["top"][0]["before"] == 1
    assert facts(rules.before(WEEK))["used"]["uses"] == 1


def test_what_rises_is_told_unless_it_is_on_top_anyway(monday, lan, tom):
    tops = [make.asset() for _ in range(5)]
    for it in tops:
        for who in (lan, tom):
            use(it, who)
    riser = make.asset()
    use(riser, lan)
    use(riser, lan)
    steady = make.asset()
    use(steady, lan)
    use(steady, lan, at=WEDNESDAY - timedelta(days=7))
    found = facts()["used"]
    assert [it["asset"] for it in found["top"]] == [it.id for it in tops]
    assert [it["asset"] for it in found["rising"]] == [riser.id]


def test_what_hurts_and_is_still_offered_is_to_be_decided(monday):
    bad, gone = make.asset(), make.asset(state="retired")
    lift(bad, best=-0.07, low=-0.12, high=-0.02, verdict="hurts", place=2)
    lift(gone, best=-0.09, low=-0.12, high=-0.02, verdict="hurts", place=3)
    assert facts()["decisions"] == [{"what": "hurts", "asset": bad.id}]


def test_a_pack_that_was_sent_never_changes(week, quoc, lan):
    battle, sheet = week
    told = service.send(WEEK, ZONE, user_id=quoc.id)
    before = json.dumps(queries.pack(WEEK).facts, sort_keys=True)
    assert told == 1
    use(sheet, quoc)
    make.text(sheet, title="Quite another name")
    battle.state = "retired"
    make.deal(lan, outcome="won", amount=Decimal(9), closed_at=WEDNESDAY)
    _db.session.flush()
    assert service.send(WEEK, ZONE, user_id=quoc.id) == 0
    assert json.dumps(queries.pack(WEEK).facts, sort_keys=True) == before
    assert json.dumps(facts(), sort_keys=True) != before


def test_managers_and_who_wants_it_are_told_once(week, quoc, tom, lan):
    service.wish(tom.id, wants=True)
    service.wish(tom.id, wants=True)
    left = make.user(role="manager", active=False)
    service.send(WEEK, ZONE, user_id=quoc.id)
    service.send(WEEK, ZONE, user_id=None)
    told = _db.session.execute(
        select(Notice.user_id, func.count()).group_by(Notice.user_id).order_by(Notice.user_id)
    ).all()
    assert [tuple(row) for row in told] == [(quoc.id, 1), (tom.id, 1)]
    assert left.id not in {row[0] for row in told}
    assert set(_db.session.scalars(select(Notice.mark))) == {"pack:week:2026-11-23"}
    service.wish(tom.id, wants=False)
    assert queries.receivers() == [quoc.id]


def test_what_is_switched_on_goes_out_by_itself_once(week, quoc):
    today = NOW.date()
    assert service.run(today, ZONE) == 0
    service.switch(Kind.WEEK, on=True, user_id=quoc.id)
    assert service.run(today, ZONE) == 1
    assert service.run(today + timedelta(days=1), ZONE) == 0
    assert queries.pack(WEEK).sent_by_id is None
    service.switch(Kind.WEEK, on=False, user_id=quoc.id)
    assert service.run(today + timedelta(days=7), ZONE) == 0


def test_minutes_of_two_who_write_at_once_are_not_lost(monday, quoc, tom):
    service.write(WEEK, "First", version=0, user_id=quoc.id)
    with pytest.raises(Conflict):
        service.write(WEEK, "Second", version=0, user_id=tom.id)
    assert queries.pack(WEEK).minutes == "First"
    service.write(WEEK, "First", version=0, user_id=tom.id)  # the same again is no quarrel
    assert queries.pack(WEEK).version == 1
    service.write(WEEK, "Both", version=1, user_id=tom.id)
    assert (queries.pack(WEEK).minutes, queries.pack(WEEK).version) == ("Both", 2)


def act(span, words, owner, *, days=1):
    return service.add(
        span, words, token=words, owner_id=owner.id, due_on=NOW.date() + timedelta(days=days),
        user_id=owner.id,
    )  # fmt: skip


def test_actions_are_carried_over_until_they_are_done(monday, quoc, lan):
    last = rules.before(WEEK)
    old, other = act(last, "Call them", quoc), act(last, "Write it", lan, days=3)
    assert act(last, "Call them", quoc).id == old.id  # the form was sent twice
    assert [it.words for it in queries.actions_of(None)] == ["Call them", "Write it"]
    service.settle(other.id, done=True, user_id=lan.id, everybodys=False)
    assert [it.words for it in queries.actions_of(None)] == ["Call them"]
    assert len(queries.actions_of(old.pack_id)) == 2  # its own pack tells what became of it
    service.settle(other.id, done=False, user_id=lan.id, everybodys=False)
    with pytest.raises(NotFound):
        service.settle(old.id, done=True, user_id=lan.id, everybodys=False)


def test_looking_takes_as_many_queries_however_much_there_is(week, lan):
    def asked():
        count = []
        _db.session.expire_all()
        listen = lambda *_: count.append(1)  # noqa: E731
        event.listen(_db.engine, "before_cursor_execute", listen)
        try:
            facts()
        finally:
            event.remove(_db.engine, "before_cursor_execute", listen)
        return len(count)

    few = asked()
    for number in range(12):
        it = make.asset(published_at=WEDNESDAY)
        make.text(it, title=f"Asset {number}")
        use(it, lan)
        use(None, lan, action="searched", query=f"nothing {number}", results=0)
    assert asked() == few <= 25


def test_who_leaves_hands_over_what_is_to_be_done(monday, quoc, lan):
    mine, done = act(WEEK, "Call them", lan), act(WEEK, "Write it", lan)
    service.settle(done.id, done=True, user_id=lan.id, everybodys=False)
    service.wish(lan.id, wants=True)
    service.hand_over(lan.id, quoc.id)
    _db.session.expire_all()
    assert (mine.owner_id, done.owner_id) == (quoc.id, lan.id)
    assert queries.reader(lan.id) is None
