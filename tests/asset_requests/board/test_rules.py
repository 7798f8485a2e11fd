from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.accounts.rules import Role
from portal.asset_requests.board import forms, rules
from portal.asset_requests.board.rules import Brief, Tab
from portal.asset_requests.rules import Action, Group, State
from portal.errors import Invalid


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


def test_who_has_how_much():
    briefs = [
        Brief(1, State.TAKEN_ON, 7, True), Brief(2, State.WAITING, 7, False),
        Brief(3, State.ASKED, None, True), Brief(4, State.DELIVERED, 7, True),
        Brief(5, State.TAKEN_ON, 9, False),
    ]  # fmt: skip
    mai, tom, nobody = rules.loads(briefs, {7: {"EUR": Decimal(5)}})
    assert mai == rules.Load(7, 2, 1, {"EUR": Decimal(5)})
    assert tom == rules.Load(9, 1, 0, {})
    assert nobody == rules.Load(None, 1, 1, {})


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
