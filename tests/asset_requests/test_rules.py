"""The table of moves against one written by hand, for every role; what waits is added up once."""

from datetime import date
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.accounts.rules import Role
from portal.asset_requests import rules
from portal.asset_requests.rules import Action, Group, Stake, Standing, State

# who may do what, by hand: r requester, s supporter, t team, a answerer, g assignee, m manager
TABLE = """
change       asked acknowledged taken-on waiting reopened              r agm
acknowledge  asked                                                       agm
take-on      asked acknowledged reopened                                 agm
assign       asked acknowledged taken-on waiting reopened                agm
release      taken-on                                                     gm
wait         asked acknowledged taken-on reopened                        agm
answer       waiting                                                   rs
deliver      asked acknowledged taken-on waiting reopened                agm
decline      asked acknowledged taken-on waiting reopened                agm
accept       delivered                                                 rs
reopen       delivered accepted declined                               rs
withdraw     asked acknowledged taken-on waiting reopened              r
merge        asked acknowledged taken-on waiting reopened                agm
support      asked acknowledged taken-on waiting reopened delivered    rstagm
leave        asked acknowledged taken-on waiting delivered accepted declined reopened withdrawn merged  s
comment      asked acknowledged taken-on waiting delivered accepted declined reopened withdrawn merged  rstagm
thank        delivered accepted                                        rst
"""
LETTERS = dict(zip("rstagm", Group, strict=True))


def by_hand():
    allowed = set()
    for line in TABLE.strip().splitlines():
        name, *words = line.split()
        states = [w for w in words if w in set(State)]
        letters = "".join(w for w in words if w not in set(State))
        allowed |= {(name, s, LETTERS[letter]) for s in states for letter in letters}
    return allowed


def test_the_table_is_as_written_by_hand():
    found = {
        (action.value, state.value, group)
        for action, state, group in product(rules.MOVES, State, Group)
        if rules.may({group}, action, state)
    }
    assert found == by_hand()


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("state", State)
def test_every_role_may_what_who_they_are_may(role, state):
    """A person who is nobody to a request, by role; then as its requester."""
    writes = role is not Role.REP
    sells = rules.groups_of(Standing(role=role))
    expected = set(rules.OPEN_TO_ALL)
    if role.covers(Role.MARKETER):
        expected |= {Action(n) for n, s, g in by_hand() if s == state and g is Group.ANSWERER}
    if role.covers(Role.MANAGER):
        expected |= {Action(n) for n, s, g in by_hand() if s == state and g is Group.MANAGER}
    open_now = {a for a in rules.OPEN_TO_ALL if state in rules.MOVES[a].leads}
    expected = {a for a in expected if a not in rules.OPEN_TO_ALL} | open_now
    assert set(rules.moves_of(sells, state)) == expected
    colleague = rules.groups_of(Standing(role=role, same_department=True))
    assert (Group.ANSWERER in colleague) is writes


def test_a_requester_who_also_answers_may_both():
    mine = rules.groups_of(Standing(role=Role.MARKETER, is_requester=True))
    assert {Action.WITHDRAW, Action.TAKE_ON} <= set(rules.moves_of(mine, State.ASKED))


def test_a_rep_who_was_given_a_request_does_not_answer_it():
    assert Group.ASSIGNEE not in rules.groups_of(Standing(role=Role.REP, is_assignee=True))


def test_moves_lead_to_states_that_exist_and_words_are_asked_for():
    assert {a for a, m in rules.MOVES.items() if m.words} == {
        Action.WAIT,
        Action.ANSWER,
        Action.DECLINE,
        Action.REOPEN,
    }
    assert rules.answered(None) is State.ACKNOWLEDGED
    assert rules.answered(3) is State.TAKEN_ON


stakes = st.lists(
    st.builds(
        Stake,
        st.integers(1, 6),
        st.one_of(st.none(), st.decimals(0, 10**9, places=2)),
        st.sampled_from(["EUR", "VND"]),
        st.one_of(st.none(), st.dates(date(2026, 1, 1), date(2027, 1, 1))),
    )
)


@settings(deadline=None)  # the first example also loads what it needs
@given(stakes)
def test_each_deal_counts_once(found):
    once = {}
    for stake in found:
        once[stake.deal_id] = stake
    twice = rules.weight([*found, *once.values()], 3)
    assert twice == rules.weight(once.values(), 3)
    total = sum((s.amount for s in once.values() if s.amount is not None), Decimal(0))
    assert sum(twice.value.values(), Decimal(0)) == total
    days = [s.closes_on for s in once.values() if s.closes_on]
    assert twice.closes_on == min(days, default=None)
    assert twice.people == 3
