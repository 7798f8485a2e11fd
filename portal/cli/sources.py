"""`portal content source …`: folders that are the source of assets, brought in step and let go."""

import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click
from flask import Flask

from portal.cli import reading
from portal.cli.content import content, keep_up, place_of, tell
from portal.cli.helpers import AS_JSON, GivenPath, echo_json, refuse, unit
from portal.cli.search import follow
from portal.db import db
from portal.library.loading import Options
from portal.library.sources import queries, service
from portal.library.sources.service import Synced


@content.group()
def source() -> None:
    """Folders, under version control perhaps, that say what their assets are."""


@source.command()
@click.argument("name")
@click.argument("folder", type=GivenPath(exists=True, file_okay=False, path_type=Path))
@reading.told
def add(name: str, folder: Path, options: Options) -> None:
    """Name FOLDER as a source; `sync` reads it."""
    with unit():
        made = service.add(name, folder, options)
        click.echo(
            f"{made.name}: {made.folder}. `portal content source sync {made.name}` reads it."
        )


@source.command("list")
@AS_JSON
def list_sources(*, as_json: bool) -> None:
    """List the sources, their folders and when each was brought in step."""
    with unit():
        counts = queries.counts()
        rows = [
            {
                "name": it.name,
                "folder": it.folder,
                "assets": counts.get(it.id, 0),
                "revision": it.revision,
                "synced_at": _said(it.synced_at),
                "gone": list(it.gone),
            }
            for it in queries.sources()
        ]
    if as_json:
        echo_json(rows)
        return
    for row in rows:
        version = f" at {str(row['revision'])[:12]}" if row["revision"] else ""
        when = row["synced_at"] or "never"
        click.echo(f"{row['name']}: {row['assets']} assets, {row['folder']}{version}, {when}")


def _said(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None


@source.command()
@click.argument("name", required=False)
@click.option("--dry-run", is_flag=True, help="Say what would happen; change nothing.")
@AS_JSON
def sync(name: str | None, *, dry_run: bool, as_json: bool) -> None:
    """Bring the portal in step with source NAME, or with all of them.

    What the files speak of is changed only there from then on. An asset whose file is gone stays
    as it is and is named.
    """
    with unit() as app:
        found = [service.get(name)] if name else list(queries.sources())
        done = [_sync(app, it.id, dry_run=dry_run, quiet=as_json) for it in found]
        if as_json:
            echo_json([asdict(it) for it in done])
        else:
            for it in done:
                _tell(it, dry_run=dry_run)
        if not dry_run:
            for it in done:
                keep_up(it.report)
            db.session.commit()
            follow(app)
    if any(it.report.rejected for it in done):
        raise click.exceptions.Exit(1)


def _sync(app: Flask, source_id: int, *, dry_run: bool, quiet: bool) -> Synced:
    """Bring one in step with a progress bar on standard error, when there is a terminal."""
    found = queries.by_id(source_id)
    if found is None:
        raise refuse("That source was removed meanwhile.")
    with click.progressbar(length=1, label=found.name, file=sys.stderr, hidden=quiet) as bar:

        def progress(done: int, total: int, _name: str) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        synced = service.sync(
            found,
            progress=progress,
            commit=None if dry_run else db.session.commit,
            place=place_of(app, keep=not dry_run),
        )
    if dry_run:
        db.session.rollback()
    return synced


def _tell(synced: Synced, *, dry_run: bool) -> None:
    tell(synced.report, dry_run=dry_run, as_json=False)
    for slug in synced.gone:
        click.echo(
            f"{slug}: no file of {synced.source} speaks of it any more; it stays as it is. "
            f"`portal content source release {slug}` gives it back to the desk.",
            err=True,
        )


@source.command()
@click.argument("slugs", nargs=-1, required=True)
def release(slugs: tuple[str, ...]) -> None:
    """Give assets back to the desk: written in the portal again, whatever the files say."""
    with unit():
        released = service.release(slugs)
        unknown = sorted(set(slugs) - set(released))
        if unknown:
            raise refuse(f"Not kept in any folder: {', '.join(unknown)}.")
        click.echo(f"{len(released)} given back to the desk.")


@source.command()
@click.argument("name")
def remove(name: str) -> None:
    """Forget source NAME and give all its assets back to the desk; no asset and no file goes."""
    with unit():
        count = service.remove(service.get(name))
        click.echo(f"{name} is no source any more; {count} assets given back to the desk.")
