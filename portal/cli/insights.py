"""`portal insights …`: which assets help, counted anew, checked and written out."""

import sys
from pathlib import Path

import click

from portal.cli.helpers import AS_JSON, echo_json, refuse, unit
from portal.db import db
from portal.insights.lift import presenting, queries, service

FILE = click.argument("file", type=click.Path(dir_okay=False, allow_dash=True, path_type=Path))


@click.group()
def insights() -> None:
    """What use, ratings and outcomes tell."""


@insights.command()
@AS_JSON
def refresh(*, as_json: bool) -> None:
    """Count anew, from the facts, which assets help; the worker does so every night."""
    with unit():
        db.session.rollback()
        report = service.refresh(db.session.commit)
    if as_json:
        echo_json({name: getattr(report, name) for name in report.__slots__})
        return
    click.echo(
        f"{report.deals} closed deals, {report.uses} first uses ({report.counted} count), "
        f"{report.assets} assets judged"
    )


@insights.command()
@AS_JSON
def verify(*, as_json: bool) -> None:
    """Compare the kept counts with the facts; status 1 when they differ."""
    with unit():
        differences = service.verify()
    if as_json:
        echo_json({"differences": differences})
    for line in () if as_json else differences:
        click.echo(line, err=True)
    if differences:
        raise click.exceptions.Exit(1)
    if not as_json:
        click.echo("the kept counts are those of the facts")


@insights.command()
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True)
@AS_JSON
def lift(*, limit: int, as_json: bool) -> None:
    """Say which assets help to win, in the order of the page (all of them as JSON)."""
    with unit():
        rows = presenting.lines()
        kept = queries.model()
        judged_at = kept.judged_at if kept else None
    if as_json:
        echo_json({"as_of": judged_at} | presenting.as_data(rows))
        return
    for row in rows[:limit]:
        click.echo(f"{row.rank:4}  {row.verdict:8}{_range(row):28}{row.n:6} deals  {row.asset_id}")
    if not rows:
        click.echo("no asset was used on a closed deal yet")


def _range(row: presenting.Line) -> str:
    if row.lift is None or row.lo is None or row.hi is None:
        return ""
    return f"{100 * row.lift:+.1f} ({100 * row.lo:+.1f} to {100 * row.hi:+.1f})"


@insights.command()
@FILE
def export(file: Path) -> None:
    """Write what is said of every asset as CSV to FILE, or to standard output (-).

    Columns: asset_id, lift (best guess), lo, hi (its 95 % range), verdict (helps, hurts, same,
    thin, decided), rank (what the page sorts by), n (closed deals compared), usefulness (stars).
    """
    with unit():
        lines = presenting.table(presenting.lines()).lines(bom=False)
        if str(file) == "-":
            sys.stdout.writelines(line.replace("\r\n", "\n") for line in lines)
            return
        try:
            with file.open("w", encoding="utf-8", newline="") as out:
                out.writelines(lines)
        except OSError as error:
            raise refuse(f"{file}: {error.strerror}") from error
