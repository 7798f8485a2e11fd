"""`portal db …`: the schema, moved by numbered migrations."""

import click

from portal.cli.helpers import AS_JSON, echo_json, refuse, unit
from portal.cli.schema import alembic_config, current, downgrade, head, numbers, remedy, upgrade
from portal.deals.pipelines import service as pipelines

__all__ = ["alembic_config", "current", "db_group", "downgrade", "head", "upgrade"]


@click.group("db")
def db_group() -> None:
    """The database's schema."""


@db_group.command("upgrade")
@click.argument("revision", default="head")
@AS_JSON
def upgrade_command(revision: str, *, as_json: bool) -> None:
    """Bring the schema up to date (or to REVISION)."""
    with unit(any_schema=True):
        _known(revision)
        upgrade(revision)
        at = current()
        if at == head():
            pipelines.ready()
    if as_json:
        echo_json(_facts(at))
    else:
        click.echo(f"The database is at {at or 'base'}.")


@db_group.command("downgrade")
@click.argument("revision")
@click.option("--yes", is_flag=True, help="Do not ask; what the newer tables hold is lost.")
def downgrade_command(revision: str, *, yes: bool) -> None:
    """Take the schema back to REVISION (`base`: empty)."""
    with unit(any_schema=True):
        _known(revision)
        if not yes:
            click.confirm("What the newer tables hold will be lost. Go on?", abort=True)
        downgrade(revision)
        click.echo(f"The database is at {current() or 'base'}.")


@db_group.command("current")
@AS_JSON
def current_command(*, as_json: bool) -> None:
    """Say where the database is and where it should be; status 1 when they differ."""
    with unit(any_schema=True):
        at, newest = current(), head()
    if as_json:
        echo_json(_facts(at))
    else:
        click.echo(f"The database is at {at or 'base'}; the newest is {newest}.")
    if at != newest:
        do = remedy(at)
        raise refuse(f"{do[0].upper()}{do[1:]}.")


def _facts(at: str | None) -> dict[str, object]:
    return {"current": at, "head": head(), "up_to_date": at == head()}


def _known(revision: str) -> None:
    """Refuse a migration number that does not exist."""
    if revision in {"head", "base"}:
        return
    if revision not in numbers():
        raise refuse(f"There is no migration {revision}: {', '.join(numbers())}.")
