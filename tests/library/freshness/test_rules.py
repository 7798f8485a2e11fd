"""Calendar months, states and weeks: examples people would check, and properties."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.library.freshness.rules import (
    DEFAULTS,
    LEAST,
    MOST,
    Condition,
    Unit,
    add_months,
    checked_by,
    freshness,
    since,
    week_of,
)
from portal.library.rules import Kind

DAYS = st.dates(date(1990, 1, 1), date(2200, 12, 31))
MONTHS = st.integers(LEAST, MOST)


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 11, 3), 1, date(2026, 12, 3)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 8, 31), 3, date(2026, 11, 30)),
        (date(9999, 12, 1), 1, date.max),
    ],
)
def test_months_are_calendar_months(day, months, then):
    assert add_months(day, months) == then


@given(DAYS, MONTHS)
def test_the_day_stays_or_is_the_last_of_its_month(day, months):
    then = add_months(day, months)
    assert (then.year * 12 + then.month) - (day.year * 12 + day.month) == months
    assert then.day == day.day or (
        then.day < day.day and (then + timedelta(days=1)).month != then.month
    )


@given(DAYS, DAYS, MONTHS)
def test_months_keep_the_order_of_days(one, other, months):
    one, other = sorted((one, other))
    assert add_months(one, months) <= add_months(other, months)


@given(DAYS, MONTHS, st.integers(-70, 70))
def test_what_a_database_compares_is_what_the_calendar_says(due, months, off):
    edge = checked_by(due, months)
    for day in (edge, edge + timedelta(days=1), edge + timedelta(days=off)):
        assert (day <= edge) == (add_months(day, months) <= due)


@given(DAYS, MONTHS, st.integers(-1000, 1000))
def test_the_state_is_what_the_days_say(checked, months, off):
    due = add_months(checked, months)
    today = due + timedelta(days=off)
    found = freshness(checked, months, today)
    assert (found.due_on, found.days) == (due, abs(off))
    expected = (
        Condition.OVERDUE
        if off > 0
        else Condition.TODAY
        if off == 0
        else Condition.SOON
        if off >= -7
        else Condition.FRESH
    )
    assert found.condition is expected
    assert found.is_due == (off >= 0)


def test_what_nobody_checked_is_due():
    found = freshness(None, 3, date(2026, 11, 25))
    assert (found.condition, found.due_on, found.is_due) == (Condition.NEVER, None, True)


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (date(2026, 11, 25), (0, Unit.DAYS)),
        (date(2026, 11, 1), (24, Unit.DAYS)),
        (date(2026, 10, 26), (30, Unit.DAYS)),
        (date(2026, 10, 25), (1, Unit.MONTHS)),
        (date(2026, 9, 24), (2, Unit.MONTHS)),
        (date(2024, 11, 26), (23, Unit.MONTHS)),
        (date(2024, 11, 25), (2, Unit.YEARS)),
        (date(2027, 1, 1), (0, Unit.DAYS)),
    ],
)
def test_how_long_ago_is_told_as_people_say_it(day, told):
    assert since(day, date(2026, 11, 25)) == told


@given(DAYS)
def test_a_week_begins_on_monday(day):
    monday = week_of(day)
    assert monday.weekday() == 0
    assert 0 <= (day - monday).days < 7


def test_every_kind_has_an_interval_and_those_agreed_on_are_kept():
    assert set(DEFAULTS) == set(Kind)
    agreed = {
        Kind.PRICING_POLICY: 3,
        Kind.BATTLECARD: 1,
        Kind.PRODUCT_SHEET: 6,
        Kind.CASE_STUDY: 12,
    }
    assert agreed.items() <= DEFAULTS.items()
