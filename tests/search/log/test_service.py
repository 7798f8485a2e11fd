"""What is kept of searches is what the ledger says, whenever and however often it is rolled up."""

import random
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from sqlalchemy import func, select

from portal import clock
from portal.search import wording
from portal.search.log import queries, rows, rules, service
from portal.search.log.kept import Kept
from portal.search.log.models import SearchDay, SearchWording
from portal.usage.models import UsageEvent
from tests import make

ZONE = "Asia/Ho_Chi_Minh"
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
TYPED = ("Kestrel giá", "gia kestrel", "kestrel price", "drone", "дроны", "e-invoice", "?!")


@pytest.fixture(autouse=True)
def _now(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def search(db):
    """Somebody searched; by default they found something and opened nothing."""

    def put(text, user=1, *, at=NOW, results=3, action="searched", source="search"):
        db.session.add(
            UsageEvent(
                at=at, action=action, user_id=user, source=source,
                query=text if action == "searched" else None, results=results,
            )
        )  # fmt: skip
        db.session.flush()

    return put


def some(search, seed, count=80, most=60):
    chance = random.Random(seed)
    for _ in range(count):
        at = NOW - timedelta(days=chance.randint(0, most), minutes=chance.randint(0, 500))
        person = chance.choice((None, 1, 2, 3))
        search(chance.choice(TYPED), person, at=at, results=chance.randint(0, 2))
        if chance.random() < 0.5:
            search(None, person, at=at + timedelta(minutes=3), action="opened")


def told(db, days=90, kept=None):
    """Lines by what was typed most often, and the success rate by week."""
    now = (kept or Kept()).now(days, ZONE, every=timedelta())
    log = now.log.only(now.today - days + 1)
    found = rules.grouped(log)
    lines = found.tally.lines()
    typed = {it.meaning: rules.spellings(found, it.meaning, 9) for it in lines}
    texts = now.texts([it for found in typed.values() for it in found])
    return sorted(
        (
            sorted(texts[n] for n in typed[it.meaning]),
            it.times,
            it.people,
            it.nothing,
            it.poor,
            it.led,
            it.last,
        )
        for it in lines
    ), (len(now.log.visit_led), int(now.log.visit_led.sum()))


def roll(db, **options):
    return service.roll_up(ZONE, commit=db.session.commit, **options)


def test_what_means_the_same_is_one_line(db, search):
    make.term("competitor", "kestrel", en="Kestrel")
    for text in TYPED[:3]:
        search(text)
    search("drone", 2)
    ((first, times, people, *_), (second, *_)), _ = told(db)
    assert (first, times, people) == (["Kestrel giá", "gia kestrel", "kestrel price"], 3, 1)
    assert second == ["drone"]


@pytest.mark.parametrize("seed", range(4))
def test_kept_and_fresh_say_the_same(db, search, seed):
    some(search, seed, most=1)
    fresh = told(db)
    assert fresh[0]
    roll(db)
    assert told(db) == fresh
    assert roll(db) == 1
    assert told(db) == fresh


@pytest.mark.parametrize("seed", range(3))
def test_rolled_up_bit_by_bit_or_at_once(db, search, monkeypatch, seed):
    some(search, seed)
    for ago in (40, 17, 3, 0):
        monkeypatch.setattr(clock, "now", lambda ago=ago: NOW - timedelta(days=ago))
        roll(db)
    by_bits = told(db)
    roll(db, anew=True)
    assert told(db) == by_bits
    assert sum(times for _, times, *_ in by_bits[0]) == len(told_rows(db))


def told_rows(db):
    return np.concatenate(
        [
            rows.Day.unpacked(it.searches, it.visits).searches
            for it in db.session.scalars(select(SearchDay))
        ]
    )


def test_what_comes_late_is_counted_with_its_day(db, search):
    search("drone", at=NOW - timedelta(minutes=50))
    roll(db)
    search("drone", 2, at=NOW - timedelta(minutes=40))
    ((_, times, people, *_),), _ = told(db)
    assert (times, people) == (2, 2)
    roll(db)
    ((_, times, people, *_),), _ = told(db)
    assert (times, people) == (2, 2)


def test_a_process_follows_what_another_rolls_up(db, search):
    kept = Kept()
    search("drone", at=NOW - timedelta(days=5))
    roll(db)
    assert told(db, kept=kept) == told(db)
    search("дроны", 2, at=NOW)
    search("e-invoice", 2, at=NOW)
    roll(db)
    assert told(db, kept=kept) == told(db)
    search("kestrel", 2, at=NOW)
    assert told(db, kept=kept) == told(db)


def test_a_new_name_puts_searches_together(db, search):
    search("kestrel", at=NOW - timedelta(days=4))
    search("пустельга", 2, at=NOW - timedelta(days=4))
    roll(db)
    assert len(told(db)[0]) == 2
    term = make.term("competitor", "kestrel", en="Kestrel")
    term.aliases = ["пустельга"]
    term.version += 1
    db.session.flush()
    roll(db)
    ((_, times, *_),), _ = told(db)
    assert times == 2


def test_days_end_with_the_companys_midnight(db, search):
    midnight = datetime(2026, 11, 19, 17, tzinfo=UTC)  # in Vietnam
    search("drone", at=midnight - timedelta(minutes=1))
    search(None, at=midnight + timedelta(minutes=1), action="opened")
    roll(db)
    ((_, _, _, _, poor, led, _),), visits = told(db)
    assert (poor, led, visits) == (1, 0, (1, 0))


def test_another_time_zone_counts_anew(db, search):
    some(search, 1)
    roll(db)
    service.roll_up("Europe/London", commit=db.session.commit)
    assert queries.state().zone == "Europe/London"
    assert service.roll_up("Europe/London", commit=db.session.commit) == 1


def test_old_days_go_and_wordings_are_kept_once(db, search, monkeypatch):
    search("drone", at=NOW - timedelta(days=5))
    search("drone", 2, at=NOW)
    roll(db)
    assert db.session.scalar(select(func.count()).select_from(SearchWording)) == 1
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=service.KEPT))
    roll(db)
    assert db.session.scalar(select(func.min(SearchDay.day))) == service.day_of(NOW, ZONE)


def test_a_late_roll_up_is_told(db, search):
    search("drone", at=NOW - timedelta(days=20))
    search("drone", at=NOW)
    now = Kept().now(30, ZONE)
    assert now.counted_to is not None
    assert len(now.log.outcome) == 1
    roll(db)
    now = Kept().now(30, ZONE)
    assert now.counted_to is None
    assert len(now.log.outcome) == 2


def test_forgetting_takes_people_off(db, search):
    for day in (0, 10):
        search("drone", 1, at=NOW - timedelta(days=day))
    roll(db)
    service.forget_people(NOW - timedelta(days=5), ZONE)
    ((_, times, people, *_),), _ = told(db)
    assert (times, people) == (2, 1)
    rows = told_rows(db)
    assert sorted(rows[:, 1].tolist()) == [0, 1]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("giá kestrel", "kestrel PRICE", True), ("дроны", "дронов", True), ("the drones", "drone", True),
        ("drone", "robot", False), ("của", "của", True), ("?!", "!?", False), ("giá bao nhiêu", "gia bao nhieu", True),
            ("quote kestrel", "gia kestrel", True), ("old", "già", False),
    ],
)  # fmt: skip
def test_meaning(db, one, other, same):
    make.term("competitor", "kestrel", en="Kestrel")
    assert (wording.meaning(one) == wording.meaning(other)) is same
