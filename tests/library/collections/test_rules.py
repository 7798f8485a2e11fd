"""Who sees and changes a collection, and that orders stay permutations."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.accounts.rules import Role
from portal.library.collections import rules
from portal.library.collections.rules import Reach, Standing, Viewer

OWNER, SAME, OTHER = 1, 7, 8


@pytest.mark.parametrize(
    ("reach", "role", "who", "team"),
    list(product(Reach, Role, (OWNER, 2), (SAME, OTHER, None))),
)
def test_the_table_of_who_sees_and_changes(reach, role, who, team):
    it = Standing(OWNER, reach.value, SAME if reach is Reach.TEAM else None)
    viewer = Viewer(who, role, team)
    own, manager, marketer = who == OWNER, role.covers(Role.MANAGER), role.covers(Role.MARKETER)
    seen = own or reach is Reach.ALL or (reach is Reach.TEAM and (team == SAME or manager))
    changed = own or (reach is Reach.ALL and marketer) or (reach is Reach.TEAM and manager)
    assert rules.sees(viewer, it) is seen
    assert rules.edits(viewer, it) is changed
    assert seen or not changed


def test_a_team_of_none_is_nobodys():
    assert not rules.sees(Viewer(2, Role.REP, None), Standing(1, "team", None))


def test_what_a_team_does_not_see_is_not_pinned_for_it():
    assert rules.can_pin_for(Standing(1, "all", None), 7)
    assert rules.can_pin_for(Standing(1, "team", 7), 7)
    assert not rules.can_pin_for(Standing(1, "team", 7), 8)
    assert not rules.can_pin_for(Standing(1, "private", None), 7)


orders = st.lists(st.integers(1, 10**9), unique=True, max_size=12)


@given(orders, st.lists(st.tuples(st.integers(0, 12), st.booleans()), max_size=30))
def test_steps_keep_a_permutation(order, steps):
    now = list(order)
    for at, up in steps:
        item = order[at] if at < len(order) else -1
        before = list(now)
        now = rules.stepped(now, item, up=up)
        assert rules.is_order_of(now, order)
        assert sum(a != b for a, b in zip(before, now, strict=True)) in {0, 2}


@given(orders, orders)
def test_only_a_permutation_is_an_order(one, other):
    assert rules.is_order_of(one, other) is (set(one) == set(other))


@given(orders)
def test_an_order_is_read_as_it_is_sent(order):
    assert rules.read_order(",".join(map(str, order))) == order


@pytest.mark.parametrize("text", ["a", "1,", ",", "1,²", "-1", "1" * 30, ",".join("1" * 201)])
def test_anything_else_is_no_order(text):
    assert rules.read_order(text) is None
