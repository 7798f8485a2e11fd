from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from portal.library.models import Asset
from portal.usage import queries
from portal.usage.models import UsageEvent
from portal.usage.rules import window_of
from tests import make

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
SAIGON = ZoneInfo("Asia/Ho_Chi_Minh")


@pytest.fixture
def used(db):
    def add(asset_id, at=NOW, action="viewed", user_id=1, times=1):
        for _ in range(times):
            db.session.add(UsageEvent(at=at, action=action, asset_id=asset_id, user_id=user_id))
        db.session.flush()

    return add


def week(now=NOW, zone=SAIGON):
    return window_of(7, now=now, zone=zone)


def test_views_people_and_copies_of_each_asset(used):
    used(1, times=2)
    used(1, user_id=2)
    used(1, action="copied", user_id=3)
    used(1, action="opened", user_id=4)  # the same visit as a view
    used(2, action="copied")
    used(None, action="searched")
    used(None)  # of an asset that could not be made out
    used(3, at=NOW - timedelta(days=8))
    assert queries.uses(week()) == {1: queries.Use(3, 3, 1), 2: queries.Use(0, 1, 1)}


def test_totals_count_a_person_once(used):
    used(1, user_id=1)
    used(2, user_id=1)
    used(2, user_id=2, action="copied")
    used(None, user_id=9, action="searched")
    assert queries.totals(week()) == queries.Totals(views=2, people=2, copies=1, assets=2)


def test_nothing_used_is_nothing(db):
    assert queries.uses(week()) == {}
    assert queries.totals(week()) == queries.Totals(0, 0, 0, 0)
    assert queries.per_day(week(), [5]) == {5: [0] * 7}
    assert queries.per_day(week(), []) == {}


def test_days_begin_at_midnight_in_the_companys_zone(used):
    midnight = datetime(2026, 11, 19, 17, tzinfo=UTC)  # the 20th begins in Saigon
    used(1, at=midnight - timedelta(milliseconds=1), times=2)
    used(1, at=midnight, times=3)
    used(1, at=week().start)
    used(1, at=week().start - timedelta(microseconds=1), times=9)
    assert queries.per_day(week(), [1]) == {1: [1, 0, 0, 0, 0, 2, 3]}


def test_a_day_of_25_hours_is_one_day(used):
    zone = ZoneInfo("Europe/London")
    window = week(datetime(2026, 10, 26, 12, tzinfo=UTC), zone)
    for at in (
        datetime(2026, 10, 24, 22, 59, 59, 999000, tzinfo=UTC),  # Saturday, 23:59:59 summer time
        datetime(2026, 10, 24, 23, tzinfo=UTC),  # Sunday, 0:00 summer time
        datetime(2026, 10, 25, 23, 59, 59, 999000, tzinfo=UTC),  # Sunday, 23:59:59 winter time
        datetime(2026, 10, 26, 0, tzinfo=UTC),  # Monday
    ):
        used(1, at=at)
    assert queries.per_day(window, [1]) == {1: [0, 0, 0, 0, 1, 2, 1]}


def test_only_views_of_the_assets_asked_for_are_drawn(used):
    used(1)
    used(1, action="copied")
    used(2)
    assert queries.per_day(week(), [1]) == {1: [0, 0, 0, 0, 0, 0, 1]}


def test_a_clock_that_was_ahead_spoils_nothing(used):
    used(1, at=NOW + timedelta(days=3))
    assert queries.per_day(week(), [1]) == {1: [0] * 7}


def test_the_last_use_is_of_all_times(db, used):
    first, second = make.asset().id, make.asset().id
    used(first, at=NOW - timedelta(days=400), action="printed")
    used(first, at=NOW - timedelta(days=500))
    used(first, at=NOW, action="opened")
    ids = Asset.__table__.c.id
    rows = db.session.execute(select(ids, queries.last_use(ids)).order_by(ids)).all()
    assert [tuple(row) for row in rows] == [(first, NOW - timedelta(days=400)), (second, None)]
