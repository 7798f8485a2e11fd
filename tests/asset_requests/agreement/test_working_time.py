# ruff: noqa: DTZ001, DTZ901  # what clocks on a wall show has no zone
"""Working time agrees with stepping through every minute, over holidays, pauses and clock changes."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.asset_requests.agreement import working_time as wt
from portal.asset_requests.agreement.working_time import Calendar, NeverError, after, elapsed

OFFICE = [[(480, 720), (780, 1020)]] * 5 + [[], []]
NIGHT = [[(0, 180), (90, 150), (1320, 1440)]] * 7
ZONES = ["Asia/Ho_Chi_Minh", "Europe/Moscow", "Europe/Berlin", "America/Sao_Paulo", "Africa/Cairo"]
ZONES += ["Australia/Lord_Howe", "America/St_Johns", "Pacific/Apia", "UTC"]
# around the days on which clocks are changed: Berlin, Cairo (at midnight), Apia (a whole day)
NEAR = [
    datetime(2026, 3, 28),
    datetime(2026, 10, 24),
    datetime(2026, 4, 23),
    datetime(2011, 12, 29),
]
NEAR += [datetime(2026, 4, 4), datetime(2018, 11, 3), datetime(2010, 11, 6), datetime(2026, 10, 29)]


def at(text):
    return datetime.fromisoformat(text).astimezone(UTC)


minutes = st.builds(
    lambda day, minute: day.replace(tzinfo=UTC) + timedelta(minutes=minute),
    st.sampled_from(NEAR),
    st.integers(0, 4 * 1440),
)
moments = st.builds(
    lambda minute, second: minute + timedelta(seconds=second), minutes, st.integers(0, 59)
)
spans = st.lists(
    st.tuples(st.integers(0, 1440), st.integers(0, 1440)).map(lambda ends: tuple(sorted(ends))),
    max_size=3,
)
weeks = st.one_of(st.sampled_from([OFFICE, NIGHT]), st.lists(spans, min_size=7, max_size=7))
days = st.sets(
    st.builds(
        lambda day, n: (day + timedelta(days=n)).date(), st.sampled_from(NEAR), st.integers(0, 5)
    ),
    max_size=4,
)
calendars = st.builds(
    lambda week, zone, off, closed, opened: Calendar(
        week, zone, is_off=off.__contains__, closed=closed, opened=opened
    ),
    weeks, st.sampled_from(ZONES), days, days, days,
)  # fmt: skip
pauses = st.lists(st.tuples(moments, moments).map(lambda ends: tuple(sorted(ends))), max_size=4)
works = st.integers(0, 60 * 60 * 30).map(lambda seconds: timedelta(seconds=seconds))


def stepped(calendar, start, end):
    """Every minute looked at on the wall's clocks, which people do not work through twice backwards."""
    worked, furthest = 0, datetime.min
    moment = start - timedelta(days=2)
    while moment < end:
        furthest = max(furthest, moment.astimezone(calendar.zone).replace(tzinfo=None))
        minute = furthest.hour * 60 + furthest.minute
        if moment >= start:
            worked += any(a <= minute < b for a, b in calendar.spans(furthest.date()))
        moment += timedelta(minutes=1)
    return timedelta(minutes=worked)


@settings(max_examples=60, deadline=None)
@given(calendars, minutes, st.integers(0, 2000))
def test_it_is_what_stepping_through_every_minute_finds(calendar, start, length):
    end = start + timedelta(minutes=length)
    assert calendar.elapsed(start, end) == stepped(calendar, start, end)


@settings(deadline=None)
@given(calendars, st.tuples(moments, moments, moments).map(sorted), pauses)
def test_parts_add_up_and_time_never_runs_backwards(calendar, three, paused):
    first, middle, last = three
    parts = elapsed(calendar, first, middle, paused) + elapsed(calendar, middle, last, paused)
    assert elapsed(calendar, first, last, paused) == parts
    assert timedelta(0) <= elapsed(calendar, first, middle, paused) <= parts <= last - first


def due(calendar, start, work, paused=()):
    try:
        return after(calendar, start, work, paused)
    except NeverError:
        return None


@settings(deadline=None)
@given(calendars, moments, works, pauses)
def test_what_is_due_is_exactly_when_the_work_is_done(calendar, start, work, paused):
    found = due(calendar, start, work, paused)
    if found is None:
        assert not any(calendar._week)
        return
    assert found >= start
    assert elapsed(calendar, start, found, paused) == work
    if work:
        assert elapsed(calendar, start, found - timedelta(microseconds=1), paused) < work


@settings(deadline=None)
@given(calendars, moments, works, works, pauses)
def test_more_work_is_due_later_and_a_pause_never_makes_it_earlier(calendar, start, a, b, paused):
    small, large = sorted((a, b))
    early, late = due(calendar, start, small, paused), due(calendar, start, large, paused)
    if early is None or late is None:
        return
    assert early <= late
    assert due(calendar, start, large) <= late
    assert due(calendar, start, large, paused[:-1]) <= late


@settings(deadline=None)
@given(calendars, moments, works)
def test_while_a_pause_is_open_nothing_is_due(calendar, start, work):
    assert after(calendar, start, work + timedelta(seconds=1), [(start, None)]) is None
    assert elapsed(calendar, start, start + timedelta(days=9), [(start, None)]) == timedelta(0)


OFFICE_HERE = Calendar(OFFICE, "Asia/Ho_Chi_Minh", is_off={date(2026, 9, 2)}.__contains__)


@pytest.mark.parametrize(
    ("start", "hours", "expected"),
    [
        ("2026-11-25T08:00+07:00", 4, "2026-11-25T12:00+07:00"),  # the end, not the next beginning
        ("2026-11-25T11:00+07:00", 2, "2026-11-25T14:00+07:00"),  # over lunch
        ("2026-11-27T16:30+07:00", 1, "2026-11-30T08:30+07:00"),  # over a week-end
        ("2026-11-28T03:00+07:00", 8, "2026-11-30T17:00+07:00"),  # asked on a Saturday night
        ("2026-09-01T16:00+07:00", 2, "2026-09-03T09:00+07:00"),  # over a holiday
        ("2026-11-25T09:00+07:00", 0, "2026-11-25T09:00+07:00"),
    ],
)
def test_due_by_hand(start, hours, expected):
    assert OFFICE_HERE.after(at(start), timedelta(hours=hours)) == at(expected)


def test_an_hour_that_is_skipped_is_not_worked_and_one_shown_twice_is():
    berlin = Calendar([[(60, 240)]] * 7, "Europe/Berlin")
    hours = {day: sum((b - a for a, b in berlin.hours(day)), timedelta()) for day in (
        date(2026, 3, 28), date(2026, 3, 29), date(2026, 10, 25))}  # fmt: skip
    assert [h.total_seconds() / 3600 for h in hours.values()] == [3, 2, 4]


def test_closed_wins_over_opened_and_opened_over_a_holiday():
    holiday, saturday, both = date(2026, 9, 2), date(2026, 9, 5), date(2026, 9, 3)
    calendar = Calendar(
        OFFICE,
        "UTC",
        is_off={holiday}.__contains__,
        closed={both},
        opened={holiday, saturday, both},
    )
    assert [len(calendar.hours(day)) for day in (holiday, saturday, both)] == [2, 2, 0]


def test_a_calendar_without_work_says_so():
    with pytest.raises(NeverError):
        Calendar([[]] * 7, "UTC").after(at("2026-11-25T00:00+00:00"), timedelta(hours=1))


def test_a_moment_that_is_skipped_is_the_one_at_which_clocks_are_changed():
    berlin = ZoneInfo("Europe/Berlin")
    assert wt.first_shown(datetime(2026, 3, 29, 2, 30), berlin) == at("2026-03-29T01:00+00:00")


@given(spans.map(wt.joined).filter(lambda found: all(a[1] < b[0] for a, b in pairwise(found))))
def test_hours_are_read_as_they_are_written(found):
    assert wt.hours_of(wt.hours_text(found)) == found


@pytest.mark.parametrize(
    "text", ["8", "8-7", "8:60-9", "8-25", "8-9-10", "x-y", "8-12, 11-13", "٨-٩", "-"]
)
def test_hours_that_can_not_be_read_are_refused(text):
    with pytest.raises(ValueError):
        wt.hours_of(text)


@given(st.text(max_size=30))
def test_whatever_is_typed_is_read_or_refused(text):
    with suppress(ValueError):
        assert all(0 <= a < b <= 1440 for a, b in wt.hours_of(text))


def test_hours_are_read_as_people_write_them():
    assert wt.hours_of("13.00 – 17.30; 8-12") == [(480, 720), (780, 1050)]
    assert wt.hours_of(" ") == []
