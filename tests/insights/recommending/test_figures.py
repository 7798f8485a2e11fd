"""Shares and their difference: known intervals, the limits, too early to say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.insights.recommending.figures import ENOUGH, Share, difference

shares = st.integers(0, 500).flatmap(lambda n: st.integers(0, n).map(lambda hits: Share(hits, n)))


def test_an_interval_of_the_literature():
    """Newcombe 1998, table II (a): 56/70 against 48/80, 0.0524 to 0.3339 by method 10."""
    found = difference(Share(56, 70), Share(48, 80))
    assert (found.value, found.low, found.high) == pytest.approx((0.2, 0.0524, 0.3339), abs=1e-4)
    assert found.is_shown


@given(shares, shares)
def test_ranges_hold_what_was_seen_and_stay_within_bounds(one, other):
    for it in (one, other):
        low, high = it.range()
        assert 0 <= low <= it.value + 1e-12
        assert it.value - 1e-12 <= high <= 1
    found = difference(one, other)
    if min(one.n, other.n) < ENOUGH:
        assert found is None
    else:
        assert -1 - 1e-9 <= found.low <= found.value <= found.high <= 1 + 1e-9
        back = difference(other, one)
        assert (back.low, back.high) == pytest.approx((-found.high, -found.low))
