from itertools import product

import pytest

from portal.accounts.rules import Role
from portal.library.publishing import rules
from portal.library.publishing.rules import Action, Group, Phase, Standing

# Who may do what, written out by hand: action → phase → the standings that may.
# r rep · c contributor with nothing to do with it · w contributor whose own it is, or of whose
# department · v contributor who reviews its kind · m marketer · g manager · a admin
DESK, REVIEWERS, WRITERS = "mga", "vmga", "wvmga"
TABLE = {
    "edit": {
        "draft": WRITERS, "review": WRITERS, "published": WRITERS, "changed": WRITERS,
        "change-in-review": WRITERS,
    },
    "submit": {"draft": WRITERS, "changed": WRITERS},
    "send-back": {"review": REVIEWERS, "change-in-review": REVIEWERS},
    "publish": {
        "draft": DESK, "changed": DESK, "review": REVIEWERS, "change-in-review": REVIEWERS,
    },
    "discard": {"changed": WRITERS, "change-in-review": WRITERS},
    "unpublish": {"published": DESK, "changed": DESK, "change-in-review": DESK},
    "retire": {
        "draft": DESK, "review": DESK, "published": DESK, "changed": DESK,
        "change-in-review": DESK,
    },
    "restore": {"retired": DESK},
    "schedule": {
        "draft": REVIEWERS, "review": REVIEWERS, "published": REVIEWERS, "changed": REVIEWERS,
        "change-in-review": REVIEWERS,
    },
    "comment": {
        "draft": WRITERS, "review": WRITERS, "published": WRITERS, "changed": WRITERS,
        "change-in-review": WRITERS,
    },
    "confirm": {"published": WRITERS, "changed": WRITERS, "change-in-review": WRITERS},
    "assign": {
        "draft": DESK, "review": DESK, "retired": DESK, "published": DESK, "changed": DESK,
        "change-in-review": DESK,
    },
}  # fmt: skip
PEOPLE = {
    "r": Standing(Role.REP, is_own=True, same_department=True, is_reviewer=True),
    "c": Standing(Role.CONTRIBUTOR),
    "w": Standing(Role.CONTRIBUTOR, is_own=True),
    "v": Standing(Role.CONTRIBUTOR, is_reviewer=True),
    "m": Standing(Role.MARKETER),
    "g": Standing(Role.MANAGER),
    "a": Standing(Role.ADMIN),
}
# what a move leads to; everything else stays where it is
LEADS = {
    ("edit", "published"): "changed",
    ("submit", "draft"): "review",
    ("submit", "changed"): "change-in-review",
    ("send-back", "review"): "draft",
    ("send-back", "change-in-review"): "changed",
    ("restore", "retired"): "draft",
}
ENDS = {"publish": "published", "discard": "published", "unpublish": "draft", "retire": "retired"}


@pytest.mark.parametrize("who", PEOPLE)
def test_every_role_state_and_action(who):
    groups = rules.groups_of(PEOPLE[who])
    wrong = [
        (action, phase)
        for action, phase in product(Action, Phase)
        if rules.may(groups, action, phase) != (who in TABLE[action].get(phase, ""))
    ]
    assert wrong == []


def test_a_move_leads_where_it_says():
    for action, phase in product(Action, Phase):
        leads = rules.MOVES[action].leads
        if phase in leads:
            there = ENDS.get(action.value, LEADS.get((action.value, phase.value), phase.value))
            assert leads[phase] == there, (action, phase)


def test_the_table_is_complete():
    assert set(TABLE) == {action.value for action in Action} == set(rules.MOVES)


def test_what_takes_something_away_asks_for_a_reason():
    assert {a for a in Action if rules.MOVES[a].reason} == {
        Action.SEND_BACK,
        Action.UNPUBLISH,
        Action.RETIRE,
    }


@pytest.mark.parametrize("phase", Phase)
def test_a_phase_is_kept_and_read_again(phase):
    state, change = rules.kept_as(phase)
    assert rules.phase_of(state.value, change) is phase


def test_a_reader_is_served_in_just_those_phases():
    served = {phase for phase in Phase if rules.kept_as(phase)[0] == "published"}
    assert served == {Phase.PUBLISHED, Phase.CHANGED, Phase.CHANGE_IN_REVIEW}


@pytest.mark.parametrize(
    ("named", "yes"),
    [
        ([], False),
        ([(None, None)], True),
        ([("faq", None)], True),
        ([("deck", None)], False),
        ([(None, "product")], True),
        ([("faq", "product")], True),
        ([("faq", "sales")], False),
        ([("deck", "sales"), (None, "product")], True),
    ],
)
def test_who_is_a_reviewer(named, yes):
    assert rules.is_reviewer(named, "faq", "product") is yes


def test_a_contributor_writes_for_the_own_department_only():
    assert rules.same_department("product", "product")
    assert not rules.same_department("product", "marketing")
    assert not rules.same_department(None, None)
    groups = rules.groups_of(Standing(Role.CONTRIBUTOR, same_department=True))
    assert groups == {Group.WRITER}
