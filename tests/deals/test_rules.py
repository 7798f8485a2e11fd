"""Amounts as people write them."""

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.accounts.rules import Role
from portal.deals.rules import amount_of, may_see


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
