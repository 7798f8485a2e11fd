import pytest

from portal.accounts import policy
from portal.accounts.acts import Act
from portal.accounts.people.rules import (
    Acting,
    Action,
    Line,
    State,
    Target,
    Wanted,
    grantable,
    may,
    shows,
)
from portal.accounts.rules import Role

ADMIN, MANAGER = Acting(1, Role.ADMIN), Acting(2, Role.MANAGER)
CHANGES = [action for action in Action if action is not Action.SEE]


def line(name="Nguyễn Thị Lan", email="lan.nguyen@tarvel.example", **values):
    told = {
        "id": 7, "role": "rep", "department": "sales", "team_id": 3, "team": "North", "active": True,
        "has_password": True, "invited": False, "seen_at": None,
    }  # fmt: skip
    return Line(name=name, email=email, **{**told, **values})


@pytest.mark.parametrize("role", Role)
def test_managers_look_and_admins_change(role):
    actor = Acting(1, role)
    target = Target(9, Role.REP)
    assert may(actor, Action.SEE, target) is role.covers(Role.MANAGER)
    for action in CHANGES:
        active = action is not Action.ACTIVATE
        done = may(actor, action, Target(9, Role.REP, active), to=Role.REP)
        assert done is (role is Role.ADMIN), action


@pytest.mark.parametrize("action", CHANGES)
def test_nobody_is_changed_from_below(action, monkeypatch):
    """Were managers allowed to change, they could not change admins nor make one."""
    managers = policy.TABLE[Act.PEOPLE_SEE]
    table = {**policy.TABLE, Act.PEOPLE_KEEP: managers, Act.ROLE_GRANT: managers}
    monkeypatch.setattr(policy, "TABLE", table)
    active = action is not Action.ACTIVATE
    assert may(MANAGER, action, Target(9, Role.MANAGER, active), to=Role.MANAGER)
    assert not may(MANAGER, action, Target(9, Role.ADMIN, active), to=Role.MANAGER)
    assert not may(MANAGER, action, Target(9, Role.REP, active), to=Role.ADMIN)


def test_roles_to_give_end_with_ones_own():
    assert grantable(ADMIN) == list(Role)
    assert grantable(Acting(3, Role.MARKETER)) == [Role.REP, Role.CONTRIBUTOR, Role.MARKETER]


@pytest.mark.parametrize(
    ("action", "expected"),
    [(Action.CHANGE_ROLE, True), (Action.CHANGE_PLACE, True), (Action.DEACTIVATE, False),
     (Action.ACTIVATE, True), (Action.END_SESSIONS, True), (Action.SEND_LINK, False)],
)  # fmt: skip
def test_what_an_admin_may_do_to_herself(action, expected):
    assert may(ADMIN, action, Target(1, Role.ADMIN), to=Role.ADMIN) is expected


@pytest.mark.parametrize("action", CHANGES)
def test_who_was_deactivated_is_activated_and_hardly_more(action):
    refused = {Action.CHANGE_ROLE, Action.SEND_LINK}
    assert may(ADMIN, action, Target(9, Role.REP, active=False)) is (action not in refused)


@pytest.mark.parametrize(
    "words",
    ["", "lan", "NGUYEN lan", "Nguyễn", "thi", "tarvel", "lan.n", "lan.nguyen@tarvel.example"],
)
def test_words_find_beginnings(words):
    assert shows(Wanted(words=words), line())


@pytest.mark.parametrize("words", ["an", "lan x", "huy", "exemple"])
def test_other_words_do_not(words):
    assert not shows(Wanted(words=words), line())


def test_russian_names_are_found_as_they_are_typed():
    assert shows(Wanted(words="петр"), line("Пётр Алексеев", "p@example.com"))
    assert not shows(Wanted(words="петри"), line("Пётр Алексеев", "p@example.com"))


@pytest.mark.parametrize(
    ("wanted", "fits"),
    [({"role": "rep"}, True), ({"role": "admin"}, False), ({"department": "sales"}, True),
     ({"department": "product"}, False), ({"team": 3}, True), ({"team": 4}, False),
     ({"state": "active"}, True), ({"state": "inactive"}, False)],
)  # fmt: skip
def test_filters(wanted, fits):
    assert shows(Wanted(**wanted), line()) is fits


@pytest.mark.parametrize(
    ("values", "state"),
    [({}, State.ACTIVE), ({"active": False, "invited": True}, State.INACTIVE),
     ({"invited": True, "has_password": False}, State.INVITED), ({"invited": True}, State.ACTIVE),
     ({"has_password": False}, State.ACTIVE)],
)  # fmt: skip
def test_states(values, state):
    assert line(**values).state is state
