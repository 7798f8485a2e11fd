"""`portal requests …`: requests in and out as CSV, and what became of them."""

import sys
from pathlib import Path

import click

from portal import clock
from portal.asset_requests.carrying import queries, rules, service
from portal.asset_requests.figures import queries as figures
from portal.asset_requests.figures import rules as counted
from portal.cli.helpers import AS_JSON, GivenPath, echo_json, refuse, unit
from portal.config import Config
from portal.db import db


@click.group()
def requests() -> None:
    """What Sales asks for."""


@requests.command("import")
@click.argument("file", type=GivenPath(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would be done, change nothing.")
@AS_JSON
def import_(file: Path, *, dry_run: bool, as_json: bool) -> None:
    """Read requests from a CSV FILE; the same file again changes nothing.

    Needed columns: title and requester (an e-mail). Others: those `portal requests export` writes.
    """
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise refuse(f"{file.name}: not UTF-8 (byte {error.start})") from error
    with unit() as app:
        settings: Config = app.config["PORTAL"]
        try:
            report = service.carry(
                text, words=app.extensions["arsenal.words"], zone=settings.timezone
            )
        except ValueError as error:
            raise refuse(f"{file.name}: {error}") from error
        if dry_run:
            db.session.rollback()
    _say(report, as_json=as_json)
    if report.rejected:
        raise click.exceptions.Exit(1)


def _say(report: service.Report, *, as_json: bool) -> None:
    told = {
        "rows": report.rows,
        "created": report.created,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "rejected": report.rejected,
    }
    if as_json:
        echo_json(told)
        return
    for one in report.rejected:
        click.echo(f"row {one['row']}: {one['reason']}", err=True)
    counts = ("created", "updated", "unchanged")
    click.echo(f"{report.rows} rows: " + ", ".join(f"{told[name]} {name}" for name in counts))


@requests.command("export")
@click.argument("file", type=click.Path(dir_okay=False, allow_dash=True, path_type=Path))
def export(file: Path) -> None:
    """Write all requests as CSV to FILE, or to standard output (-)."""
    with unit():
        lines = rules.write(queries.rows())
        if str(file) == "-":
            for line in lines:
                sys.stdout.write(line.replace("\r\n", "\n"))
            return
        try:
            with file.open("w", encoding="utf-8-sig", newline="") as out:
                out.writelines(lines)
        except OSError as error:
            raise refuse(f"{file}: {error.strerror}") from error


@requests.command("figures")
@click.option("--days", type=click.IntRange(1, 3650), default=90, show_default=True)
@AS_JSON
def figures_(days: int, *, as_json: bool) -> None:
    """Say what became of requests asked of late: how many, how soon, how useful."""
    with unit():
        now = clock.now()
        found = counted.count(figures.asked(now, days), now)
    if as_json:
        echo_json({"days": days, "groups": [line.told() for line in found]})
        return
    for line in found:
        told = line.told()
        name = " / ".join(part for part in (told["department"], told["kind"]) if part) or "all"
        facts = ", ".join(
            f"{key} {value}" for key, value in told.items() if key not in {"department", "kind"}
        )
        click.echo(f"{name}: {facts}")
