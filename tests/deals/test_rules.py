"""Amounts as people write them."""

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.accounts.rules import Role
from portal.deals.rules import Scope, Sort, Wish, amount_of, may_see, wilson, wish_of


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("120000", "120000"),
        ("120,000", "120000"),
        ("120.000", "120000"),
        ("120 000,50", "120000.50"),
        ("120,000.5", "120000.50"),
        ("1.200.000", "1200000"),
        ("1.200.000,75", "1200000.75"),
        ("99,9", "99.90"),
        ("0", "0"),
        ("0.125", "0.12"),
        ("120\u00a0000\u202f000", "120000000"),
    ],
)
def test_read_in_all_three_languages(text, amount):
    assert amount_of(text) == Decimal(amount)


@pytest.mark.parametrize(
    "text",
    ["", "-5", "1e9", "NaN", "12 apples", ".5", "9" * 14, "٣", "1,2.3,4", "1,2,3", "12,34.5,6"],
)
def test_what_is_none_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        amount_of(text)


@given(st.text(max_size=40))
def test_any_text_gives_an_amount_or_is_refused(text):
    with suppress(ValueError):
        assert amount_of(text) >= 0


def test_deals_are_seen_by_their_team_and_managers():
    told = {"viewer_id": 1, "owner_id": 2}
    assert may_see(role=Role.REP, viewer_team=5, team=5, **told)
    assert not may_see(role=Role.MARKETER, viewer_team=None, team=None, **told)
    assert not may_see(role=Role.REP, viewer_team=5, team=6, **told)
    assert may_see(role=Role.MANAGER, viewer_team=None, team=6, **told)
    assert may_see(role=Role.REP, viewer_team=None, team=None, viewer_id=1, owner_id=1)


@given(st.integers(0, 500), st.integers(0, 500))
def test_the_true_share_lies_around_the_one_seen(won, lost):
    low, high = wilson(won, won + lost)
    share = won / (won + lost) if won + lost else 0.5
    assert 0 <= low <= share + 1e-9
    assert share - 1e-9 <= high <= 1
    mirrored = wilson(lost, won + lost)  # what is sure of winning is as sure of losing
    assert mirrored == pytest.approx((1 - high, 1 - low), abs=1e-9)
    more = wilson(won * 4, (won + lost) * 4)  # more deals, more certainty
    assert more[1] - more[0] <= high - low + 1e-9


def test_shares_as_tables_have_them():
    assert wilson(6, 10) == pytest.approx((0.3127, 0.8318), abs=1e-4)
    assert wilson(0, 0) == (0.0, 1.0)
    assert wilson(0, 10) == pytest.approx((0, 0.2775), abs=1e-4)


def test_what_an_address_wishes_for_is_read_or_left_out():
    told = {"scope": "team", "outcome": "ended", "stage": "7", "owner": "8", "sort": "amount"}
    wish = wish_of(told, words="x", usual=Scope.MINE)
    assert wish == Wish(Scope.TEAM, "ended", 7, 8, "x", Sort.AMOUNT)
    odd = {"scope": "x", "outcome": "\x00", "stage": "9" * 5000, "owner": "-1", "sort": ""}
    assert wish_of(odd, words="", usual=Scope.ALL) == Wish(scope=Scope.ALL)
    assert wish_of({"ended": "1"}, words="", usual=Scope.MINE).outcome == "ended"
