"""What is read once a request and merged here is what the database would have counted."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from portal import clock
from portal.insights.rules import Column
from portal.insights.use import assets, fresh, one, queries, rules, service
from portal.insights.use.rules import Dim, Listing
from portal.library.models import AssetText
from portal.usage.models import UsageEvent
from tests import make

ZONE = "Europe/London"
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
ACTIONS = ("viewed", "viewed", "copied", "downloaded", "printed", "opened", "searched")


@pytest.fixture(autouse=True)
def _now(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


def shelf(db, chance):
    found = []
    for number in range(12):
        state = chance.choice(("published", "published", "draft"))
        at = NOW - timedelta(days=chance.choice((3, 40, 400)))
        it = make.asset(kind=chance.choice(("faq", "deck")), state=state, published_at=at)
        if number:
            db.session.add(AssetText(asset_id=it.id, language="en", title="x", updated_at=NOW))
        found.append(it)
    db.session.flush()
    return found


def some(db, chance, count, assets, people):
    for _ in range(count):
        action = chance.choice(ACTIONS)
        searched = action == "searched"
        listed = [it.id for it in chance.sample(assets, 2)]
        db.session.add(
            UsageEvent(
                at=NOW - timedelta(days=chance.choice((0, 5, 6, 7, 8, 13, 14, 20, 29, 30, 59, 60))),
                action=action,
                asset_id=None if searched else chance.choice([*listed, 9999]),
                user_id=chance.choice((None, *(it.id for it in people))),
                language=chance.choice((None, "en", "vi")),
                stage=chance.choice((None, "Won")),
                ref=f"{chance.getrandbits(64):016x}" if action == "opened" else None,
                shown=listed if searched else None,
            )
        )
        db.session.flush()


def told(on, before, found):
    """Everything pages ask."""
    every = {
        "total": queries.total(on),
        "person": queries.by_person(on),
        "adoption": queries.adoption(on, ZONE),
        "views": queries.views_over_time(on, [it.id for it in found]),
        "count": assets.count(on),
    }
    for dim in (Dim.KIND, Dim.LANGUAGE, Dim.STAGE):
        # what is kept of assets has the searches that listed them, what is fresh has not: not told
        words = {key: replace(it, shown=0) for key, it in queries.by_word(on, dim).items()}
        every[dim] = {key: it for key, it in words.items() if it != rules.NOTHING}
    every["days"] = queries.per_day(on, Dim.ALL)
    for order in (it for it in Column if it is not Column.TITLE):
        for up in (True, False):
            every[order, up] = assets.lines(on, order, up=up)
            for size in (1, 3, 5):
                pages = [
                    assets.lines(on, order, up=up, size=size, offset=n) for n in range(0, 15, size)
                ]
                assert [it for page in pages for it in page] == every[order, up]
    for which in Listing:
        every[which] = assets.listing(which, on, before, ZONE, size=99, offset=0)
        ones = [assets.listing(which, on, before, ZONE, size=1, offset=n)[0] for n in range(12)]
        assert [it for page in ones for it in page] == every[which][0]
    for it in found:
        every["asset", it.id] = queries.total(on, it.id), one.users_of(on, it.id)
    return every


@pytest.mark.parametrize("days", [7, 30])
@pytest.mark.parametrize("seed", range(2))
def test_pages_are_the_same_whoever_counts_what_is_fresh(db, monkeypatch, seed, days):
    chance = random.Random(f"{seed} {days}")
    found = shelf(db, chance)
    people = [make.user(department="sales", created_at=NOW - timedelta(days=99)) for _ in range(4)]
    if seed:
        some(db, chance, 60, found, people)
        service.roll_up(ZONE, commit=db.session.commit)
    some(db, chance, 60, found, people)

    def asked():
        on = queries.basis(days, ZONE)
        return told(on, queries.basis(2 * days, ZONE, on), found)

    here = asked()
    monkeypatch.setattr(fresh, "MOST", 3)
    assert queries.basis(days, ZONE).waits_long
    by_database = asked()
    service.roll_up(ZONE, commit=db.session.commit)
    rolled = asked()
    for key, it in here.items():
        assert it == by_database[key], key
        assert it == rolled[key], key
