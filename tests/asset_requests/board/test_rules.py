from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.accounts.rules import Role
from portal.asset_requests.board import forms, rules
from portal.asset_requests.board.rules import Brief, Sort, Tab, Waiting
from portal.asset_requests.rules import Action, Group, Stake, State
from portal.errors import Invalid

NOW = datetime(2026, 11, 25, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("role", "department", "team", "tabs"),
    [
        ("rep", "sales", 1, "mine team"),
        ("rep", "sales", None, "mine"),
        ("rep", "marketing", None, "mine"),
        ("contributor", "product", None, "queue mine"),
        ("contributor", "sales", 1, "mine team"),
        ("contributor", None, None, "mine"),
        ("marketer", "marketing", None, "queue all mine"),
        ("manager", "sales", 1, "all mine team"),
        ("admin", None, None, "all mine"),
    ],
)
def test_whose_requests_one_can_look_at(role, department, team, tabs):
    assert rules.tabs_of(Role(role), department, team) == [Tab(it) for it in tabs.split()]


def test_what_was_reopened_is_asked_for_anew():
    assert rules.column_of(State.REOPENED) is State.ASKED
    assert {rules.column_of(s) for s in rules.DONE} == {None}


def test_a_card_goes_only_where_the_table_of_moves_allows():
    ways = {w.action: w.to for w in rules.ways_of({Group.ANSWERER}, State.ASKED, None)}
    assert ways == {
        Action.ACKNOWLEDGE: State.ACKNOWLEDGED, Action.TAKE_ON: State.TAKEN_ON,
        Action.WAIT: State.WAITING, Action.DELIVER: State.DELIVERED, Action.DECLINE: State.DECLINED,
    }  # fmt: skip
    assert rules.ways_of({Group.TEAM}, State.ASKED, None) == []
    assert rules.ways_of({Group.REQUESTER}, State.WAITING, 1)[0].to is State.TAKEN_ON
    assert rules.ways_of({Group.REQUESTER}, State.WAITING, None)[0].to is State.ACKNOWLEDGED
    assert rules.ways_of({Group.ANSWERER}, State.TAKEN_ON, 2)[0].action is Action.WAIT
    assert rules.ways_of({Group.ASSIGNEE}, State.TAKEN_ON, 2)[0].action is Action.RELEASE


def brief(number, state=State.ASKED, who=None, due=None):
    return Brief(number, state, who, due and NOW + timedelta(hours=due), NOW)


def stake(deal, amount, currency="EUR"):
    return Stake(deal, None if amount is None else Decimal(amount), currency, None)


def test_who_has_how_much_counts_each_deal_once():
    briefs = [
        brief(1, State.TAKEN_ON, 7, -1), brief(2, State.WAITING, 7, 1), brief(3),
        brief(4, State.DELIVERED, 7),
    ]  # fmt: skip
    waiting = [
        Waiting(1, 20, stake(5, 100)), Waiting(2, 21, stake(5, 100)), Waiting(2, 20, stake(6, 50, "VND")),
        Waiting(3, 20, stake(5, 100)), Waiting(4, 20, stake(9, 999)), Waiting(3, 22, None),
    ]  # fmt: skip
    mai, nobody = rules.loads(briefs, waiting, NOW)
    assert (mai.person_id, mai.open, mai.overdue) == (7, 2, 1)
    assert mai.value == {"EUR": 100, "VND": 50}
    assert (nobody.person_id, nobody.open, nobody.value) == (None, 1, {"EUR": 100})


def test_order():
    briefs = [brief(1, due=5), brief(2, due=1), brief(3), brief(4, due=-3)]
    worth = rules.values([
        Waiting(3, 1, stake(1, 10)), Waiting(3, 2, stake(1, 10)), Waiting(1, 1, stake(2, 15)),
        Waiting(2, 1, stake(3, 10**9, "VND")), Waiting(2, 2, stake(4, None)),
    ])  # fmt: skip
    assert worth == {3: {"EUR": 10}, 1: {"EUR": 15}, 2: {"VND": 10**9}}

    def order(sort):
        found = rules.in_order(briefs, sort, worth=worth, people={4: 2}, currency="EUR")
        return [it.id for it in found]

    assert order(Sort.DUE) == [4, 2, 1, 3]
    assert order(Sort.WEIGHT) == [1, 3, 4, 2]
    assert order(Sort.NEWEST) == [4, 3, 2, 1]


def test_the_currency_most_deals_have_each_deal_once():
    said = [stake(1, 5, "VND"), stake(2, 5), stake(2, 5), stake(2, 5), stake(3, 5, "VND")]
    assert rules.main_currency(said) == "VND"
    assert rules.main_currency([stake(1, None)]) == ""


HOSTILE = st.one_of(
    st.text(), st.sampled_from(["-1", "0", "\x00", "9" * 40, "open", "٣", "' OR 1"])
)


@given(st.dictionaries(st.sampled_from(
    "tab state kind department assignee competitor language due q sort".split()), HOSTILE))  # fmt: skip
def test_whatever_an_address_says_something_can_be_shown(said):
    wanted = forms.wanted_of(said, [Tab.MINE, Tab.TEAM], 7)
    assert wanted.tab in {Tab.MINE, Tab.TEAM}
    assert wanted.states
    assert "\x00" not in wanted.text
    assert wanted.assignee_id is None or 0 <= wanted.assignee_id < 2**31


@given(HOSTILE)
def test_what_is_no_move_is_refused(said):
    with pytest.raises(Invalid):
        forms.wish_of({"move": said})


@pytest.mark.parametrize(
    "said",
    ["0:asked:waiting", "1:asked", "1:asked:gone", "1:x:waiting", "99999999999:asked:waiting"],
)
def test_a_move_names_a_request_and_two_states(said):
    with pytest.raises(Invalid):
        forms.wish_of({"move": said})
    wish = forms.wish_of({"move": "12:asked:taken-on"})
    assert (wish.number, wish.seen, wish.to) == (12, State.ASKED, State.TAKEN_ON)
