"""`portal content …`: trees of Markdown into the library, and all of it out again."""

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

import click
from flask import Flask

from portal import clock
from portal.cli import reading
from portal.cli.helpers import AS_JSON, GivenPath, echo_json, unit
from portal.cli.search import follow
from portal.db import db, optimise
from portal.db import reading as reads
from portal.library import exporting, loading
from portal.library.folder.fetching import Place
from portal.library.freshness import reminding
from portal.library.quality import rechecking
from portal.library.quality import service as quality
from portal.library.reporting import Rejected, Report

BULK = 200
"""Texts changed from which the database should look at its tables again."""


@click.group()
def content() -> None:
    """Content as files: load any tree of Markdown, export all of it without loss."""


@content.command()
@click.argument("paths", nargs=-1, required=True, type=GivenPath(path_type=Path))
@reading.told
@click.option("--dry-run", is_flag=True, help="Say what would happen; change nothing.")
@AS_JSON
def load(
    paths: tuple[Path, ...], options: loading.Options, *, dry_run: bool, as_json: bool
) -> None:
    """Load Markdown files or folders; a second run finds everything unchanged.

    What an export has written beside the texts is taken back, too: drafts, attachments,
    decisions, collections. Files, and details of them, that can not be used are named with line
    and reason, the rest is loaded, and the exit status is 1.
    """
    with unit() as app:
        report = _with_bar(app, list(paths), options, dry_run=dry_run, quiet=as_json)
        if dry_run:
            db.session.rollback()
        else:
            keep_up(report)
            db.session.commit()
        tell(report, dry_run=dry_run, as_json=as_json)  # whatever becomes of the index
        if not dry_run:
            follow(app)
    if report.rejected or report.left_out:
        raise click.exceptions.Exit(1)


def keep_up(report: Report) -> None:
    """Have done what a load leaves to do: the database's plans, the checks."""
    changed = report.created + report.updated
    if changed >= BULK:
        optimise()
    if changed:
        rechecking.everything()


def _with_bar(
    app: Flask, paths: list[Path], options: loading.Options, *, dry_run: bool, quiet: bool
) -> Report:
    """Load with a progress bar on standard error, when there is a terminal to show it."""
    with click.progressbar(length=1, label="Loading", file=sys.stderr, hidden=quiet) as bar:

        def progress(done: int, total: int, _name: str) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        commit = None if dry_run else db.session.commit
        place = place_of(app, keep=not dry_run)
        return loading.load_paths(paths, options, progress=progress, commit=commit, place=place)


def place_of(app: Flask, *, keep: bool) -> Place:
    """Return where files of attachments go."""
    most = app.config["PORTAL"].max_upload_mb * 1_000_000
    return Place(app.extensions["arsenal.files"], most, keep=keep)


class Troubled(Protocol):
    """A report that names files."""

    rejected: list[Rejected]
    left_out: list[Rejected]
    noted: list[Rejected]


def tell_trouble(report: Troubled) -> None:
    """Name what can not be used, and, each once, what is only kept, on standard error."""
    noted: dict[str, list[Rejected]] = {}
    for it in report.noted:
        noted.setdefault(it.reason, []).append(it)
    for reason, files in noted.items():
        more = f" (and {len(files) - 1} more files)" if len(files) > 1 else ""
        click.echo(f"{_place(files[0])}{more}: {reason}", err=True)
    for it in (*report.left_out, *report.rejected):
        click.echo(f"{_place(it)}: {it.reason}", err=True)


def _place(it: Rejected) -> str:
    return f"{it.file}, line {it.line}" if it.line else it.file


def tell(report: Report, *, dry_run: bool, as_json: bool) -> None:
    """Say what came of a load, or would."""
    if as_json:
        echo_json(asdict(report))
        return
    tell_trouble(report)
    would = "would be " if dry_run else ""
    click.echo(
        f"{report.files} files: {report.created} {would}created, {report.updated} {would}updated, "
        f"{report.unchanged} unchanged, {len(report.rejected)} rejected."
        + (f" {len(report.left_out)} details left out." if report.left_out else "")
    )


@content.command()
@AS_JSON
def check(*, as_json: bool) -> None:
    """Run the quality checks over everything, as is done every night; findings are no failure."""
    with unit():
        report = quality.run_all(commit=db.session.commit)
    if as_json:
        echo_json(asdict(report))
        return
    for name, number in report.by_check.items():
        click.echo(f"{number:>6}  {name}")
    click.echo(
        f"{report.assets} assets: {report.findings} findings, {report.new} new, {report.gone} gone."
    )


@content.command()
@click.argument("folder", type=GivenPath(file_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Overwrite whatever is in the way.")
@AS_JSON
def export(folder: Path, *, force: bool, as_json: bool) -> None:
    """Write everything to FOLDER, as files `content load` takes back without loss.

    A folder that an export has written is brought up to date: what is gone from the portal is
    deleted there. Nothing else is touched: when files were changed since, or others are in the
    way, they are named, nothing is written, and the exit status is 1.
    """
    with reads(), unit() as app:  # nobody has to wait for it
        report = exporting.export_to(folder, store=app.extensions["arsenal.files"], force=force)
    if as_json:
        echo_json(asdict(report))
    else:
        for name in report.missing:
            click.echo(f"{name}: the file store has lost it", err=True)
        click.echo(
            f"{report.files} files in {folder}: {report.changed} written, {report.removed} deleted."
        )
    if report.missing:
        raise click.exceptions.Exit(1)


@content.command()
@AS_JSON
def remind(*, as_json: bool) -> None:
    """Tell owners what is due for a check, or will be within a week; nothing is told twice."""
    with unit() as app:
        zone = ZoneInfo(app.config["PORTAL"].timezone)
        report = reminding.run(clock.now().astimezone(zone).date())
    if as_json:
        echo_json(asdict(report))
    else:
        click.echo(f"{report.assets} assets are due or soon will be; {report.notices} new notices.")
