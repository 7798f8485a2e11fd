"""What can be aimed at, over which time, how long content takes."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.accounts.rules import Role
from portal.asset_requests.figures.rules import Asked
from portal.insights.scorecard import measuring, rules
from portal.insights.scorecard.rules import Measure, Period

NOW = datetime(2026, 11, 30, tzinfo=UTC)
DAY = 86_400


@given(st.dates(date(1, 1, 1), date(9999, 11, 30)), st.sampled_from(Period))
def test_a_day_is_in_its_time(day, period):
    time = rules.time_of(period, day)
    assert time.first <= day < time.after
    assert len(time.months()) == rules.MONTHS[period]
    assert 0 < time.passed(day) <= 1
    assert time.passed(time.after - timedelta(days=1)) == 1


def test_a_quarter_is_of_three_months_at_the_companys_midnight():
    time = rules.time_of(Period.QUARTER, date(2026, 5, 31))
    assert (time.first, time.after) == (date(2026, 4, 1), date(2026, 7, 1))
    assert time.months() == ["2026-04", "2026-05", "2026-06"]
    start, _ = time.moments(ZoneInfo("Asia/Ho_Chi_Minh"))
    assert start == datetime(2026, 3, 31, 17, tzinfo=UTC)


@pytest.mark.parametrize(
    ("measure", "target", "good"),
    [
        (Measure.REVENUE, "0.01", True), (Measure.REVENUE, "0", False),
        (Measure.WIN_RATE, "100", True), (Measure.WIN_RATE, "100.01", False),
        (Measure.DEALS_WON, "7", True), (Measure.DEALS_WON, "7.5", False),
        (Measure.DEALS_WON, "1000001", False), (Measure.ADOPTION, "80.5", True),
    ],
)  # fmt: skip
def test_what_can_be_aimed_at(measure, target, good):
    assert rules.is_target(measure, Decimal(target)) is good


def test_sums_of_few_deals_are_for_those_who_see_all():
    assert rules.sums_hidden(Role.REP, 2)
    assert rules.sums_hidden(Role.MARKETER, 2)
    assert not rules.sums_hidden(Role.REP, 3)
    assert not rules.sums_hidden(Role.MANAGER, 1)


def asked(days_ago, *, delivered=None, used=None, settled=False):
    at = NOW - timedelta(days=days_ago)
    return Asked(
        department="marketing", kind=None, asked_at=at, reached={}, is_settled=settled,
        settled_at=at + timedelta(days=1), was_there=None,
        delivered_at=None if delivered is None else at + timedelta(days=delivered),
        used_at=None if used is None else at + timedelta(days=used),
    )  # fmt: skip


def test_the_cycle_counts_what_still_runs():
    found = [asked(20, delivered=2, used=5), asked(20, delivered=4, used=5), asked(3), asked(9)]
    cycle = measuring.cycle(found, NOW)
    assert (cycle.asked, cycle.delivered, cycle.used) == (4, 2, 2)
    # half are delivered after 4 days: one of three left then, the one asked 3 days ago is left out
    assert cycle.to_deliver == (4 * DAY, None)
    assert cycle.to_use == (1 * DAY, 3 * DAY)
    assert cycle.whole == (5 * DAY, None)


def test_nothing_asked_takes_no_time():
    cycle = measuring.cycle([], NOW)
    assert cycle.whole == (None, None)


def test_what_was_declined_is_waited_for_no_longer():
    found = [asked(20, settled=True), asked(20, delivered=2)]
    assert measuring.cycle(found, NOW).to_deliver == (2 * DAY, 2 * DAY)


def test_the_last_months_end_with_this_one():
    assert measuring.months_before(date(2026, 1, 31), 3) == ["2025-11", "2025-12", "2026-01"]
