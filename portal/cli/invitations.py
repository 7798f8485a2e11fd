"""`portal user invite`, `reset-link`, `activate`: links for passwords without a mail server."""

import click
from flask import Flask, current_app

from portal.accounts import service
from portal.accounts.models import User
from portal.accounts.people.service import purpose_of
from portal.accounts.rules import Department, Role
from portal.accounts.tickets import presenting
from portal.accounts.tickets import service as tickets
from portal.accounts.tickets.rules import Purpose
from portal.cli.helpers import AS_JSON, echo_json, unit
from portal.cli.people import DEPARTMENTS, LANGUAGES, ROLES, user
from portal.config import Config, Language


@user.command()
@click.argument("email")
@click.option("--name", required=True, help="Full name, in any script.")
@click.option("--role", required=True, type=ROLES)
@click.option("--team", help="A team's name; made when there is none of this name.")
@click.option("--department", type=DEPARTMENTS)
@click.option("--language", type=LANGUAGES, help="The language they read the portal in.")
@AS_JSON
def invite(
    email: str,
    *,
    name: str,
    role: str,
    team: str | None,
    department: str | None,
    language: str | None,
    as_json: bool,
) -> None:
    """Add a person and print the link with which they choose a password, once, within a week."""
    with unit() as app:
        person = service.add_user(
            email,
            name=name,
            role=Role(role),
            team=team,
            department=Department(department) if department else None,
            language=Language(language) if language else None,
        )
        address, link = person.email, _link(app, person)
    if as_json:
        echo_json({"email": address, "link": link})
        return
    click.echo(f"{address} is invited as {role}; within seven days, once:\n{link}")


@user.command("reset-link")
@click.argument("email")
@AS_JSON
def reset_link(email: str, *, as_json: bool) -> None:
    """Print a link with which a person chooses another password; links before it work no more."""
    with unit() as app:
        person = service.find_user(email)
        address, link = person.email, _link(app, person)
    if as_json:
        echo_json({"email": address, "link": link})
        return
    click.echo(f"For {address}, once:\n{link}")


@user.command()
@click.argument("email")
def activate(email: str) -> None:
    """Let a person who was deactivated sign in again."""
    with unit():
        person = service.find_user(email)
        service.activate(person)
        said = f"{person.email} can sign in again."
    click.echo(said)


def _link(app: Flask, person: User) -> str:
    config: Config = current_app.config["PORTAL"]
    purpose: Purpose = purpose_of(person)
    token = tickets.make(person, purpose, config.secret_key)
    with app.test_request_context():
        return presenting.address(config, purpose, token)
