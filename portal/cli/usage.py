"""`portal usage …`: past uses in from a file."""

from pathlib import Path

import click

from portal.cli.helpers import AS_JSON, GivenPath, echo_json, refuse, unit
from portal.config import Config
from portal.db import db
from portal.deals.past_uses import service
from portal.deals.past_uses.rules import Report


@click.group()
def usage() -> None:
    """What was done with assets."""


@usage.command("import")
@click.argument("file", type=GivenPath(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would be done, change nothing.")
@AS_JSON
def import_(file: Path, *, dry_run: bool, as_json: bool) -> None:
    """Read past uses from a CSV FILE; the same file again changes nothing.

    Needed columns: use_id, at, rep (an e-mail), asset_id (a slug or number) and action (viewed,
    copied, downloaded or printed). Others: deal_id (as its system calls it, or our number),
    language, version.
    """
    report = Report()
    with unit() as app, file.open(encoding="utf-8-sig", newline="") as lines:
        settings: Config = app.config["PORTAL"]
        known = service.Known()
        db.session.rollback()
        try:
            for chunk in service.chunks(lines, report, zone=settings.timezone):
                service.keep(chunk, known, report, dry=dry_run)
                if dry_run:
                    db.session.rollback()
                else:
                    db.session.commit()
        except UnicodeDecodeError as error:
            raise refuse(f"{file.name}: not UTF-8 after {report.rows} rows") from error
        except ValueError as error:
            raise refuse(f"{file.name}: {error}") from error
    _say(report, as_json=as_json)
    if report.refused:
        raise click.exceptions.Exit(1)


def _say(report: Report, *, as_json: bool) -> None:
    if as_json:
        echo_json(
            {
                "rows": report.rows,
                "created": report.created,
                "unchanged": report.unchanged,
                "refused": report.refused,
                "rejected": report.rejected,
            }
        )
        return
    for one in report.rejected:
        click.echo(f"row {one['row']}: {one['reason']}", err=True)
    if (more := report.refused - len(report.rejected)) > 0:
        click.echo(f"and {more} more", err=True)
    click.echo(
        f"{report.rows} rows: {report.created} created, {report.unchanged} unchanged, "
        f"{report.refused} refused"
    )
