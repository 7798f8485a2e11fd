"""`portal history …`: what another tool knows of assets, deals and uses, moved in."""

from collections.abc import Callable
from pathlib import Path

import click

from portal.cli.helpers import AS_JSON, GivenPath, bar, echo_json, refuse, unit
from portal.db import db
from portal.deals.importing.rules import RefusedError, text_of
from portal.insights.history.rules import FILES, SOURCE_MOST, FileReport
from portal.insights.history.service import Report, Run
from portal.insights.lift import service as lift

SHOWN = 20
REFUSALS = {
    "no-file": "{name} has none of the files " + ", ".join(FILES),
    "no-text": "{name} is a workbook: save it as CSV",
    "no-header": "{name} has no header row",
    "no-columns": "{name} must have the columns {all} in its first row; not there: {gone}",
    "empty": "{name} is empty",
    "unreadable": "{name} can not be read: {why}",
}


@click.group()
def history() -> None:
    """The past of assets and deals, moved in from another tool."""


@history.command("import")
@click.argument(
    "folder", metavar="DIR", type=GivenPath(exists=True, file_okay=False, path_type=Path)
)
@click.option("--source", default="history", help="What its ids are known by, next time as well.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, change nothing.")
@AS_JSON
def import_(folder: Path, *, source: str, dry_run: bool, as_json: bool) -> None:
    """Read assets.csv, deals.csv, deal_stages.csv, uses.csv and ratings.csv of the folder DIR.

    Each may be missing. Times are ISO 8601 with their zone. The same files again change nothing; a
    run that was interrupted is done again. Whoever nobody has the e-mail of is added, not active.
    Then it is counted anew which assets help to win.
    """
    name = text_of(source)
    if not name or len(name) > SOURCE_MOST:
        raise click.BadParameter(f"1 to {SOURCE_MOST} characters", param_hint="--source")
    with unit():
        try:
            run = Run(folder, name)
        except RefusedError as error:
            reason = REFUSALS.get(error.code, "{name} is no table of text")
            raise refuse(reason.format_map(error.told)) from error
        commit: Callable[[], None] = db.session.flush if dry_run else db.session.commit
        with bar(run.rows(), "history", hidden=as_json) as shown:
            report = run.carry(commit, shown.update)
        if dry_run:
            db.session.rollback()
        else:
            lift.refresh(commit)
    if as_json:
        echo_json(report.told())
    else:
        _say(report)
    if report.refused:
        raise click.exceptions.Exit(1)


def _say(report: Report) -> None:
    for it in report.files:
        _odd(it)
        if it.unknown_columns:
            click.echo(f"{it.file}: left alone: {', '.join(it.unknown_columns[:SHOWN])}", err=True)
        again = f", {it.repeated} repeated" if it.repeated else ""
        click.echo(
            f"{it.file}: {it.rows} rows: {it.created} created, {it.updated} updated, "
            f"{it.unchanged} unchanged{again}, {it.refused} refused"
        )
    if people := report.people_added:
        more = f" and {len(people) - SHOWN} more" if len(people) > SHOWN else ""
        click.echo(f"added, not active: {', '.join(people[:SHOWN])}{more}")


def _odd(it: FileReport) -> None:
    """Say on standard error which rows were not taken, and what is odd about others."""
    for one in it.rejected[:SHOWN]:
        click.echo(f"{it.file} row {one['row']}: {one['reason']}", err=True)
    if it.refused > SHOWN:
        click.echo(f"{it.file}: and {it.refused - SHOWN} more; --json names them", err=True)
    for one in it.notes[:SHOWN]:
        click.echo(f"{it.file} row {one['row']}: note: {one['note']}", err=True)
    if it.noted > SHOWN:
        click.echo(f"{it.file}: and {it.noted - SHOWN} more notes; --json names them", err=True)
