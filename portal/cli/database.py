"""`portal db …`: the schema, moved by numbered migrations."""

import logging
from pathlib import Path

import click
from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app

from portal.cli.helpers import echo_json, refuse, unit
from portal.db import db, reading

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


def alembic_config() -> AlembicConfig:
    """Return Alembic's settings for this project's migrations."""
    settings = AlembicConfig(str(MIGRATIONS / "alembic.ini"))
    settings.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return settings


def head() -> str:
    """Return the newest migration's number."""
    found = ScriptDirectory.from_config(alembic_config()).get_current_head()
    assert found is not None  # noqa: S101  # the folder ships with the program
    return found


def current() -> str | None:
    """Return the number the database is at, or None when it is empty."""
    with reading(), db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def upgrade(revision: str = "head") -> None:
    """Bring the schema up to a migration; the application's context must be there."""
    db.session.remove()
    current_app.logger.debug("migrating to %s", revision)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    command.upgrade(alembic_config(), revision)


def downgrade(revision: str) -> None:
    """Take the schema back to a migration; `base` empties the database."""
    db.session.remove()
    logging.getLogger("alembic").setLevel(logging.WARNING)
    command.downgrade(alembic_config(), revision)


@click.group("db")
def db_group() -> None:
    """The database's schema."""


@db_group.command("upgrade")
@click.argument("revision", default="head")
def upgrade_command(revision: str) -> None:
    """Bring the schema up to date (or to REVISION)."""
    with unit():
        _known(revision)
        upgrade(revision)
        click.echo(f"The database is at {current() or 'base'}.")


@db_group.command("downgrade")
@click.argument("revision")
@click.option("--yes", is_flag=True, help="Do not ask; what the newer tables hold is lost.")
def downgrade_command(revision: str, *, yes: bool) -> None:
    """Take the schema back to REVISION (`base`: empty)."""
    with unit():
        _known(revision)
        if not yes:
            click.confirm("What the newer tables hold will be lost. Go on?", abort=True)
        downgrade(revision)
        click.echo(f"The database is at {current() or 'base'}.")


@db_group.command("current")
@click.option("--json", "as_json", is_flag=True, help="For a program to read.")
def current_command(*, as_json: bool) -> None:
    """Say where the database is and where it should be; status 1 when they differ."""
    with unit():
        at, newest = current(), head()
    if as_json:
        echo_json({"current": at, "head": newest, "up_to_date": at == newest})
    else:
        click.echo(f"The database is at {at or 'base'}; the newest is {newest}.")
    if at != newest:
        raise refuse("Run `portal db upgrade`.")


def _known(revision: str) -> None:
    """Refuse a migration number that does not exist."""
    if revision in {"head", "base"}:
        return
    numbers = {
        script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions()
    }
    if revision not in numbers:
        raise refuse(f"There is no migration {revision}: {', '.join(sorted(numbers))}.")
