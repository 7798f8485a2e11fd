from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from portal.usage import queries
from portal.usage.models import UsageEvent
from portal.usage.rules import window_of

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


def per_day(window, asset_id):
    found = queries.by_day(window, asset_id)
    days = (window.first + timedelta(days=n) for n in range(window.days))
    return [found[day].views if day in found else 0 for day in days]


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


def test_nothing_used_is_nothing(db):
    assert queries.uses(week()) == {}
    assert queries.by_day(week(), 5) == {}


def test_days_begin_at_midnight_in_the_companys_zone(used):
    midnight = datetime(2026, 11, 19, 17, tzinfo=UTC)  # the 20th begins in Saigon
    used(1, at=midnight - timedelta(milliseconds=1), times=2)
    used(1, at=midnight, times=3)
    used(1, at=week().start)
    used(1, at=week().start - timedelta(microseconds=1), times=9)
    assert per_day(week(), 1) == [1, 0, 0, 0, 0, 2, 3]


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
    assert per_day(window, 1) == [0, 0, 0, 0, 1, 2, 1]


def test_a_day_tells_views_people_and_copies_of_the_asset_asked_for(used):
    used(1)
    used(1, action="copied", user_id=2)
    used(2)
    assert queries.by_day(week(), 1) == {week().first + timedelta(days=6): queries.Use(1, 2, 1)}
