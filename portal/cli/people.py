"""`portal user …`: people, their roles and passwords."""

import secrets
import sys

import click

from portal.accounts import queries, service, sessions
from portal.accounts.factors import service as factors
from portal.accounts.models import User
from portal.accounts.rules import PASSWORD_MOST, Department, Role
from portal.calls.planning import handing_over as calls
from portal.cli.helpers import AS_JSON, echo_json, unit
from portal.config import Language
from portal.deals import queries as deal_queries
from portal.deals import service as deals
from portal.library.handover import queries as handover_queries
from portal.library.handover import service as handover
from portal.library.publishing.acting import PORTAL

ROLES = click.Choice([role.value for role in Role])
DEPARTMENTS = click.Choice([department.value for department in Department])
LANGUAGES = click.Choice([language.value for language in Language])
STDIN = click.option(
    "--password-stdin", is_flag=True, help="Read it from the first line of standard input."
)


def read_password(*, from_stdin: bool) -> tuple[str, bool]:
    """Return a password and whether it was made up: from standard input, typed, or random."""
    if from_stdin:
        line = sys.stdin.readline(8 * PASSWORD_MOST)
        return line.removesuffix("\n").removesuffix("\r"), False
    if sys.stdin.isatty():
        typed: str = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
        return typed, False
    return secrets.token_urlsafe(12), True


@click.group()
def user() -> None:
    """People who can sign in."""


@user.command()
@click.argument("email")
@click.option("--name", required=True, help="Full name, in any script.")
@click.option("--role", required=True, type=ROLES)
@click.option("--team", help="A team's name; made when there is none of this name.")
@click.option("--department", type=DEPARTMENTS)
@click.option("--language", type=LANGUAGES, help="The language they read the portal in.")
@STDIN
@AS_JSON
def add(
    email: str,
    *,
    name: str,
    role: str,
    team: str | None,
    department: str | None,
    language: str | None,
    password_stdin: bool,
    as_json: bool,
) -> None:
    """Add a person. Without a terminal or --password-stdin, a password is made and printed once."""
    password, made = read_password(from_stdin=password_stdin)
    with unit():
        person = service.add_user(
            email,
            name=name,
            role=Role(role),
            team=team,
            department=Department(department) if department else None,
            language=Language(language) if language else None,
            password=password,
        )
        facts = _facts(person)
    if as_json:
        echo_json({**facts, "password": password if made else None})
        return
    click.echo(f"{facts['email']} added as {facts['role']}.")
    _show(password, made=made)


@user.command("list")
@AS_JSON
def list_command(*, as_json: bool) -> None:
    """List everybody, active or not."""
    with unit():
        people = [_facts(person) for person in queries.list_users()]
    if as_json:
        echo_json(people)
        return
    for facts in people:
        mark = "" if facts["active"] else "  (not active)"
        click.echo(f"{facts['role']:<12} {facts['email']:<32} {facts['name']}{mark}")


@user.command("set-role")
@click.argument("email")
@click.argument("role", type=ROLES)
def set_role(email: str, role: str) -> None:
    """Give a person another role."""
    with unit():
        person = service.find_user(email)
        service.set_role(person, Role(role))
        said = f"{person.email} is {role} now."
    click.echo(said)


@user.command("set-password")
@click.argument("email")
@STDIN
def set_password(email: str, *, password_stdin: bool) -> None:
    """Give a person another password and sign them out everywhere."""
    password, made = read_password(from_stdin=password_stdin)
    with unit():
        person = service.find_user(email)
        service.set_password(person, password)
        said = f"{person.email} has a new password and is signed out everywhere."
    click.echo(said)
    _show(password, made=made)


@user.command("reset-factors")
@click.argument("email")
def reset_factors(email: str) -> None:
    """Take passkeys, app and recovery codes from a person who is locked out, and sign them out."""
    with unit():
        person = service.find_user(email)
        count = factors.reset(person.id)
        sessions.end_all(person.id)
        said = f"{person.email} signs in with the password alone now ({count} taken away)."
    click.echo(said)


@user.command()
@click.argument("email")
@click.option("--hand-over-to", "successor", metavar="EMAIL", help="Who takes on what they own.")
def deactivate(email: str, successor: str | None) -> None:
    """Let a person sign in no more; what they did stays, what they own can be handed over."""
    with unit():
        person = service.find_user(email)
        service.deactivate(person)
        said = [f"{person.email} can not sign in any more."]
        if successor:
            said += _hand_over(person, service.find_user(successor))
        if left := deal_queries.count_open_of(person.id):
            said.append(
                f"They still own {left} open deals: portal user deactivate {person.email} "
                "--hand-over-to EMAIL"
            )
        load = handover_queries.load_of(person.id)
        if load is not None:
            said.append(
                f"They still own {load.owns} assets, stand in for {load.backs}, review "
                f"{load.reviews} kinds: portal user deactivate {person.email} --hand-over-to EMAIL"
            )
    click.echo("\n".join(said))


def _hand_over(person: User, heir: User) -> list[str]:
    """Give a person's assets, open deals and planned calls to another; say what came of it."""
    said = []
    if handover_queries.load_of(person.id) is not None:
        done = handover.hand_over(PORTAL, person, heir)
        said.append(
            f"{heir.email} owns {done.owned} more assets, stands in for {done.backed}, "
            f"reviews {done.reviewed} more kinds."
        )
    moved = deals.hand_over(person.id, heir.id, heir.team_id)
    planned = calls.hand_over(person.id, heir.id)
    if moved or planned:
        said.append(f"{heir.email} has {moved} more open deals and {planned} more planned calls.")
    return said


def _facts(person: User) -> dict[str, object]:
    return {
        "email": person.email,
        "name": person.name,
        "role": person.role,
        "team": person.team.name if person.team else None,
        "department": person.department,
        "language": person.language,
        "active": person.active,
    }


def _show(password: str, *, made: bool) -> None:
    """Print a password that was made up, the only time it is seen."""
    if made:
        click.echo(f"Password: {password}")
