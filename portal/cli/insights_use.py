"""`portal insights use` and `roll-up`: what is used, and keeping its counts."""

import sys
from collections.abc import Sequence

import click
from flask_babel import force_locale

from portal.cli.helpers import AS_JSON, echo_json, refuse, unit
from portal.cli.insights import insights
from portal.config import Config, Language
from portal.db import db
from portal.insights import rules as sorting
from portal.insights.use import assets, presenting, queries, rules, service
from portal.insights.use.rules import By, Counts, Dim
from portal.web.tables import Column, Row, Table


@insights.command("use")
@click.option(
    "--days", type=click.Choice([str(it) for it in rules.WINDOWS]), default="30", show_default=True
)
@click.option(
    "--by", type=click.Choice([it.value for it in By]), default=By.ASSET.value, show_default=True
)
@click.option("--csv", "as_csv", is_flag=True, help="As a file for spreadsheets.")
@AS_JSON
def use(days: str, by: str, *, as_csv: bool, as_json: bool) -> None:
    """Say how often what was used, by assets, kinds, teams, people, languages, stages or days.

    Teams of which fewer than three people used something are told together.
    """
    with unit() as app, force_locale(Language.EN.value):
        settings: Config = app.config["PORTAL"]
        table = _table(By(by), queries.basis(int(days), settings.timezone))
    if as_json:
        click.echo(table.json())
    elif as_csv:
        sys.stdout.write(table.csv(bom=False).replace("\r\n", "\n"))
    else:
        for row in table.rows:
            told = ", ".join(f"{key} {row[key]}" for key in _keys(table) if row[key])
            click.echo(f"{row['name']}: {told or 'nothing'}")


def _keys(table: Table) -> list[str]:
    return [it.key for it in table.columns if it.key != "name"]


def _table(by: By, on: queries.Basis) -> Table:
    names: Sequence[str] = presenting.WHOLE
    if by is By.ASSET:
        names = presenting.LISTED
        found = assets.lines(on, sorting.Column.VIEWS, up=False)
        rows = [_row(it.slug, it.counts, names) for it in found]
    elif by is By.DAY:
        names = presenting.PERSONAL
        days = queries.per_day(on, Dim.ALL)[0]
        rows = [
            _row(queries.day_of(day).isoformat(), days.get(day, rules.NOTHING), names)
            for day in range(on.first, on.today + 1)
        ]
    elif by in rules.WORDS:
        words = queries.by_word(on, rules.WORDS[by])
        rows = [_row(word or "none", it, names) for word, it in words.items() if it.uses]
    elif by is By.PERSON:
        names = presenting.PERSONAL
        people = queries.members()
        used = queries.by_person(on)
        rows = [_row(people[key].email, it, names) for key, it in used.items() if key in people]
    else:
        groups = rules.groups(queries.by_person(on), queries.members().values(), "none")
        shown = rules.without_small(groups)
        both = [*shown.groups, *([shown.others] if shown.others else [])]
        rows = [_row(it.name or "others together", it.counts, names) for it in both]
    columns = [Column("name", by.value), *map(presenting.column, names)]
    return Table(f"use-by-{by.value}", f"use by {by.value}, {on.days} days", columns, rows)


def _row(name: str, counts: Counts, names: Sequence[str]) -> Row:
    return {"name": name, **presenting.cells(counts, names)}


@insights.command("roll-up")
@click.option("--rebuild", is_flag=True, help="Count everything again.")
@click.option(
    "--verify", is_flag=True, help="Compare what is kept with the ledger, change nothing."
)
@AS_JSON
def roll_up(*, rebuild: bool, verify: bool, as_json: bool) -> None:
    """Count the events since the last time by days; the worker does so every half an hour."""
    if rebuild and verify:
        message = "--rebuild and --verify: one of them"
        raise click.UsageError(message)
    with unit() as app:
        settings: Config = app.config["PORTAL"]
        if verify:
            wrong = service.verify(settings.timezone)
            db.session.rollback()
        else:
            work = service.rebuild if rebuild else service.roll_up
            done = work(settings.timezone, commit=db.session.commit)
    if not verify:
        if as_json:
            echo_json({"events": done})
        else:
            click.echo(f"{done} events")
        return
    if as_json:
        echo_json({"differences": wrong})
    elif not wrong:
        click.echo("what is kept is what the ledger has")
    if wrong:
        raise refuse("\n".join(wrong))
