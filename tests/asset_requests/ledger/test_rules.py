"""The ledger counts what is open honestly, and estimates times as the textbook does."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.asset_requests.ledger.rules import Entry, quantiles, tally

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def entry(due, ended=None, *, kept=True, used=10):
    """Due and ended in hours from now."""
    return Entry(
        used,
        None if due is None else NOW + due * HOUR,
        None if ended is None else NOW + ended * HOUR,
        kept and ended is not None,
    )


@pytest.mark.parametrize(
    ("one", "counted"),
    [
        (entry(-1, -2), "on_time"),
        (entry(-1, -1), "on_time"),
        (entry(-2, -1), "late"),
        (entry(-2, -1, kept=False), "late"),  # given up after it was due
        (entry(1, -1, kept=False), "stopped"),
        (entry(1), "running"),
        (entry(0), "running"),
        (entry(None), "running"),  # paused
        (entry(None, -1, kept=False), "stopped"),
    ],
)
def test_each_is_counted_once(one, counted):
    found = tally([one], NOW)
    names = ("on_time", "late", "running", "stopped")
    assert {name for name in names if getattr(found, name)} == {counted}


def test_what_is_open_and_overdue_is_late_and_told_apart():
    found = tally([entry(-1), entry(-2, -3), entry(2)], NOW)
    assert (found.late, found.overdue, found.on_time, found.running) == (1, 1, 1, 1)
    assert found.share == 0.5


def test_the_example_of_the_textbook():
    # remission times of 6-MP: median 23 weeks, 90 % not reached
    done = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    still = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    times = [(t, True) for t in done] + [(t, False) for t in still]
    assert quantiles(times, (0.5, 0.9)) == [23, None]


@given(st.lists(st.integers(1, 1000), min_size=1))
def test_without_open_ones_it_is_the_plain_percentile(times):
    ordered = sorted(times)
    median, ninety = quantiles([(t, True) for t in times], (0.5, 0.9))
    # the first time by which at least so large a share is done
    assert median == next(t for t in ordered if sum(x <= t for x in times) * 2 >= len(times))
    assert ninety == next(t for t in ordered if sum(x <= t for x in times) * 10 >= 9 * len(times))


@given(st.lists(st.tuples(st.integers(1, 100), st.booleans()), max_size=40))
def test_an_open_one_never_makes_it_look_faster(times):
    with_open = quantiles(times, (0.5, 0.9))
    without = quantiles([one for one in times if one[1]], (0.5, 0.9))
    for slow, fast in zip(with_open, without, strict=True):
        assert slow is None or fast <= slow


def test_nothing_is_nothing():
    found = tally([], NOW)
    assert (found.share, found.median, found.ninety) == (None, None, None)
