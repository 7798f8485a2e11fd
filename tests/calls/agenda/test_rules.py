"""When repeated meetings take place, and which deal a meeting names."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.calls.agenda.rules import (
    Known,
    Repeat,
    deal_of,
    falls_on,
    names_of,
    repeat_of,
    times_of,
)
from portal.markup import fold

MONDAY = date(2026, 11, 2)
NOW = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        ({"FREQ": ["DAILY"], "INTERVAL": [3]}, [2, 5, 8, 11]),
        ({"FREQ": ["WEEKLY"]}, [2, 9]),
        ({"FREQ": ["WEEKLY"], "BYDAY": ["TU", "FR"]}, [2, 3, 6, 10, 13]),
        ({"FREQ": ["WEEKLY"], "INTERVAL": [2], "BYDAY": ["MO", "WE"]}, [2, 4]),
        ({"FREQ": ["MONTHLY"], "BYDAY": ["2TU"]}, [2, 10]),
        ({"FREQ": ["MONTHLY"], "BYDAY": ["WE"], "BYSETPOS": [2]}, [2, 11]),
        ({"FREQ": ["MONTHLY"], "BYMONTHDAY": [5, 12]}, [2, 5, 12]),
        ({"FREQ": ["MONTHLY"]}, [2]),
        ({"FREQ": ["YEARLY"]}, [2]),
        ({"FREQ": ["SECONDLY"]}, [2]),
    ],
)
def test_days(rule, days):
    read = repeat_of(rule, None)
    found = [d for d in range(1, 14) if falls_on(read, MONDAY, MONDAY.replace(day=d)) and d >= 2]
    assert found == days


def test_the_last_friday_of_a_month():
    rule = repeat_of({"FREQ": ["MONTHLY"], "BYDAY": ["-1FR"]}, None)
    days = [MONDAY + timedelta(days=n) for n in range(1, 62)]
    found = [day.isoformat() for day in days if falls_on(rule, MONDAY, day)]
    assert found == ["2026-11-27", "2026-12-25"]


def test_a_time_of_day_stays_when_clocks_change():
    berlin = ZoneInfo("Europe/Berlin")
    start = datetime(2026, 3, 18, 9, 0, tzinfo=berlin)
    found = times_of(start, Repeat("WEEKLY"), start)
    assert [at.astimezone(UTC).hour for at in found] == [8, 8, 7, 7, 7]


def test_counts_and_ends():
    start = NOW - timedelta(days=3)
    assert len(times_of(start, Repeat("DAILY", count=5), NOW)) == 2
    assert len(times_of(start, Repeat("DAILY", until=NOW + timedelta(days=1)), NOW)) == 2
    assert len(times_of(start, Repeat("DAILY"), NOW)) == 31
    assert times_of(datetime(1900, 1, 1, tzinfo=UTC), Repeat("DAILY", count=99_999_999), NOW) == []


@given(
    st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY", "x"]), st.integers(1, 400), st.dates()
)
def test_any_rule_ends(every, interval, first):
    start = datetime(first.year, first.month, first.day, tzinfo=UTC)
    for at in times_of(start, Repeat(every, interval=interval), NOW):
        assert NOW <= at <= NOW + timedelta(days=31)


DEALS = [
    Known(1, names_of("Cold store", "Delta Foods"), is_mine=True),
    Known(2, names_of("Second store", "Delta Foods"), is_mine=True),
    Known(3, names_of("Склад", "Ёлка"), is_mine=False),
    Known(4, names_of("Склад", "Ромашка"), is_mine=True),
    Known(5, names_of("AB", ""), is_mine=True),
    Known(6, names_of("Đại Phát"), is_mine=False),
]


@pytest.mark.parametrize(
    ("words", "deal"),
    [
        ("Delta Foods: cold store demo", None),
        ("Cold Store, demo", 1),
        ("Second store at Delta Foods", 2),
        ("Delta Foods", None),
        ("Колл по складу", None),
        ("Склад", 4),
        ("елка", 3),
        ("AB test", None),
        ("DAI PHAT: họp", 6),
        ("Scold store", None),
        ("", None),
    ],
)
def test_which_deal(words, deal):
    if words == "Delta Foods: cold store demo":
        deal = None  # the customer's name is longer, and two deals have it
    assert deal_of(fold(words), DEALS) == deal
