"""The policy is the one place that compares roles; whatever is done has an act in it."""

import ast
import re

import click
import pytest

from portal.accounts import gate, policy
from portal.accounts.acts import Act
from portal.cli import main
from portal.cli.acts import COMMANDS
from tests.house.tree import below, read

NAMES_ROLES = {
    "portal/accounts/policy.py": "the one place",
    "portal/accounts/service.py": "an admin is always left",
    "portal/accounts/queries.py": "an admin is always left; one of the demo's people a role",
    "portal/library/publishing/acting.py": "the portal itself acts as an admin",
    "portal/library/publishing/notifying.py": "whom to tell first, not who may",
    "portal/library/freshness/queries.py": "whom to tell first, not who may",
    "portal/asset_requests/queries.py": "whom to tell or offer first, not who may",
    "portal/insights/pack/queries.py": "managers get packs unasked; whoever wants may have them",
    "portal/insights/pack/views.py": "as above: tells managers that they get them anyway",
    "portal/insights/history/known.py": "makes people",
    "portal/cli/demo.py": "makes people",
    "portal/cli/demo_year_rows.py": "makes people",
    "portal/cli/doctor.py": "counts admins",
    "portal/accounts/factors/presenting.py": "which roles need a second factor is a setting",
    "portal/accounts/second/service.py": "as above",
    "portal/sign_in_settings.py": "as above",
    "portal/accounts/oidc/rules.py": "the highest of the roles a provider's groups give",
    "portal/accounts/oidc/service.py": "whether the role of the groups is another one",
    "portal/accounts/people/presenting.py": "what a form begins with",
    "portal/accounts/people/views.py": "what a form begins with",
    "portal/accounts/people/service.py": "whether a role is another one",
    "portal/accounts/people/rules.py": "what a list is narrowed to",
}
"""Files that may name a role, and why; a new one needs a reason."""


def compared(source):
    """What in a module names or compares roles."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute):
            if node.attr in {"covers", "rank"} and ast.unparse(node.value).lower().endswith("role"):
                yield ast.unparse(node)
            if ast.unparse(node.value) == "Role" and node.attr.isupper():
                yield ast.unparse(node)
        if isinstance(node, ast.Compare):
            sides = [ast.unparse(it) for it in (node.left, *node.comparators)]
            known = any(side.startswith(("policy.", "WRIT")) for side in sides)
            if not known and any(re.search(r"(^|\.)role(\.value)?$", side) for side in sides):
                yield ast.unparse(node)


def test_only_the_policy_compares_roles():
    found = {
        str(path): list(compared(read(path)))
        for path in below("portal", suffix=".py")
        if "role" in read(path).lower()
        and str(path) not in {*NAMES_ROLES, "portal/accounts/rules.py"}
    }
    found.pop("portal/calls/rules.py", None)  # whom a call was with
    assert {path: what for path, what in found.items() if what} == {}


def test_every_exception_is_needed():
    needless = [path for path in NAMES_ROLES if not list(compared(read(path)))]
    assert needless == []


@pytest.mark.parametrize(
    "line",
    [
        "me.role.covers(needed)",
        "x = Role.ADMIN",
        "me.role == 'admin'",
        "User.role != wanted",
        "role in (1, 2)",
        "person.role.value in names",
    ],
)
def test_a_comparison_is_noticed(line):
    assert list(compared(line))
    assert not list(compared("policy.granted(me.role, Act.SEARCH)"))


def test_templates_ask_the_policy():
    odd = re.compile(r"role(?:\.value)? *(?:[=!]=|not in|in)\b|role(?:\.value)? *[=!]=")
    found = {
        str(path): odd.findall(read(path))
        for path in below("portal", suffix=".html")
        if odd.search(read(path))
    }
    assert found == {}
    assert odd.search("me.role in ('a',)")
    assert odd.search("me.role == 'admin'")


def test_templates_name_acts_that_there_are():
    told = {
        act
        for path in below("portal", suffix=".html")
        for act in re.findall(r"allows\(me\.role, '([^']+)'\)", read(path))
    }
    assert len(told) > 5
    assert told <= {it.value for it in Act}


def test_every_act_has_a_line_in_the_table():
    assert set(policy.TABLE) == set(Act)


def test_every_act_is_done_somewhere(built):
    """An act nothing asks for would be a line nobody can trust."""
    asked = {act for view in built.view_functions.values() if (act := gate.act_of(view))}
    said = "".join(
        read(path)
        for path in below("portal", suffix=".py")
        if path.name not in {"acts.py", "policy.py"}
    )
    asked |= {act for act in Act if re.search(rf"\bAct\.{act.name}\b", said)}
    asked |= set(COMMANDS.values())
    assert set(Act) - asked == set()


def leaves(group=main, path=()):
    """The words of every command that does something."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from leaves(command, (*path, name))
        if not isinstance(command, click.Group) or command.invoke_without_command:
            yield " ".join((*path, name))


def test_every_command_has_an_act():
    assert sorted(set(leaves()) - set(COMMANDS)) == [], "commands without an act"
    assert sorted(set(COMMANDS) - set(leaves())) == [], "acts of commands that are not there"


def test_the_operator_may_do_all_that_commands_do():
    assert all(policy.may(policy.OPERATOR, act) for act in COMMANDS.values())
