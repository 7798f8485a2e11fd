from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.jobs import rules
from portal.jobs.rules import Daily, Duty, Every, backoff, is_spent, next_time

ZONES = ["UTC", "Asia/Ho_Chi_Minh", "Europe/Moscow", "America/New_York", "Pacific/Apia", "Australia/Lord_Howe", "Africa/Cairo"]  # fmt: skip
HALF_PAST_TWO = Daily(time(2, 30))
EARLY, LATE = datetime(2010, 1, 1, tzinfo=UTC), datetime(2035, 1, 1, tzinfo=UTC)
moments = st.timedeltas(timedelta(0), LATE - EARLY).map(lambda passed: EARLY + passed)
zones = st.sampled_from(ZONES).map(ZoneInfo)
times = st.times().map(lambda t: t.replace(second=0, microsecond=0))


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_waits_double_up_to_an_hour():
    whole = [backoff(n, 1).total_seconds() for n in (1, 2, 3, 10, 11, 500)]
    assert whole == [5, 10, 20, 2560, 3600, 3600]
    assert backoff(3, 0) == timedelta(seconds=10)


@given(st.integers(-5, 10_000), st.floats(0, 1))
def test_waits_stay_within_half_and_whole(attempt, chance):
    assert backoff(attempt, 1) / 2 <= backoff(attempt, chance) <= rules.LONGEST_WAIT


def test_forgiven_attempts_do_not_count():
    assert is_spent(8, 0, 8)
    assert not is_spent(8, 1, 8)
    assert not is_spent(0, 0, 1)


@pytest.mark.parametrize(
    ("zone", "after", "due"),
    [
        ("UTC", "2026-11-25T02:29:59", "2026-11-25T02:30:00"),
        ("UTC", "2026-11-25T02:30:00", "2026-11-26T02:30:00"),
        ("Asia/Ho_Chi_Minh", "2026-11-25T00:00:00", "2026-11-25T19:30:00"),
        # the clock springs from 2:00 to 3:00: later by the gap, on that day all the same
        ("America/New_York", "2026-03-08T05:00:00", "2026-03-08T07:30:00"),
        ("America/New_York", "2026-03-08T07:30:00", "2026-03-09T06:30:00"),
        # the clock falls back from 2:00 to 1:00; 1:30 comes twice, 2:30 once
        ("America/New_York", "2026-11-01T05:00:00", "2026-11-01T07:30:00"),
        # the island that left out the 30th of December
        ("Pacific/Apia", "2011-12-30T00:00:00", "2011-12-30T12:30:00"),
        ("Pacific/Apia", "2011-12-30T12:30:00", "2011-12-31T12:30:00"),
    ],
)
def test_nightly(zone, after, due):
    assert HALF_PAST_TWO.after(utc(after), ZoneInfo(zone)) == utc(due)


def test_a_time_that_comes_twice_counts_once():
    zone, duty = ZoneInfo("America/New_York"), Daily(time(1, 30))
    first = duty.after(utc("2026-11-01T04:00:00"), zone)
    assert first == utc("2026-11-01T05:30:00")
    assert duty.after(first, zone) == utc("2026-11-02T06:30:00")


@given(moments, zones, times)
def test_daily_is_once_a_day(moment, zone, at):
    """Each time is later than the one before, on another day, and within two days of it."""
    first = Daily(at).after(moment, zone)
    second = Daily(at).after(first, zone)
    assert moment < first <= moment + timedelta(hours=49)
    assert first < second
    # the gap of a night may push a time past midnight, never over the next one
    assert timedelta(hours=20) < second - first < timedelta(hours=49)


@given(moments, st.integers(1, 5000))
def test_every_means_the_same_moments_to_all(moment, minutes):
    when, zone = Every(timedelta(minutes=minutes)), ZoneInfo("UTC")
    due = when.after(moment, zone)
    assert moment < due <= moment + when.period
    assert when.after(due - timedelta(microseconds=1), zone) == due
    assert when.after(due, zone) == due + when.period


NIGHTLY = Duty("checks", HALF_PAST_TWO)
NOW, UTC_ZONE = utc("2026-11-25T12:00:00"), ZoneInfo("UTC")


def test_a_new_duty_waits_for_its_first_time():
    due = next_time(NIGHTLY, kept=None, kept_rule="", now=NOW, zone=UTC_ZONE)
    assert due == utc("2026-11-26T02:30:00")


def test_what_was_missed_stays_due():
    missed = utc("2026-11-20T02:30:00")
    for rule in (NIGHTLY.rule(UTC_ZONE), "another"):
        assert next_time(NIGHTLY, kept=missed, kept_rule=rule, now=NOW, zone=UTC_ZONE) == missed


def test_another_zone_or_time_counts_from_now():
    kept = utc("2026-11-26T02:30:00")
    hanoi = ZoneInfo("Asia/Ho_Chi_Minh")
    same = next_time(NIGHTLY, kept=kept, kept_rule=NIGHTLY.rule(UTC_ZONE), now=NOW, zone=UTC_ZONE)
    other = next_time(NIGHTLY, kept=kept, kept_rule=NIGHTLY.rule(UTC_ZONE), now=NOW, zone=hanoi)
    assert (same, other) == (kept, utc("2026-11-25T19:30:00"))


def test_errors_are_kept_as_one_storable_text():
    assert rules.one_line(ValueError("a\x00b\ud800c")) == "ValueError: abc"
    assert rules.one_line(KeyError()) == "KeyError"
    assert len(rules.one_line(ValueError("x" * 9999))) == rules.ERROR_MOST


def test_who_was_not_seen_for_a_minute_is_gone():
    assert rules.is_alive(NOW - timedelta(seconds=60), NOW)
    assert not rules.is_alive(NOW - timedelta(seconds=61), NOW)
    assert rules.SEEN_EVERY * 2 < rules.LOST_AFTER
