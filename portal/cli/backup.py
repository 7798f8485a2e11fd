"""`portal backup` and `portal restore`: everything in one file, and back into an empty place."""

from pathlib import Path
from typing import Any

import click

from portal.audit import service as audit
from portal.cli import schema
from portal.cli.helpers import AS_JSON, GivenPath, echo_json, refuse, unit
from portal.config import Config
from portal.db import db, optimise
from portal.operation.backup import service
from portal.operation.backup.rules import Manifest, UnusableError
from portal.search import service as search

FILE = GivenPath(dir_okay=False, path_type=Path)
LISTED = 5
KEY_MOST = 200


def _facts(manifest: Manifest) -> dict[str, Any]:
    header = manifest.header
    return {
        "made_at": header.made_at,
        "version": header.version,
        "schema": header.schema,
        "database": header.database,
        "rows": sum(manifest.counts.values()),
        "counts": manifest.counts,
        "files": len(manifest.files),
        "file_bytes": sum(part.size for part in manifest.files),
        "missing": manifest.missing,
    }


def _say(manifest: Manifest, what: str) -> None:
    facts = _facts(manifest)
    click.echo(
        f"{what}: {facts['rows']} rows of {len(facts['counts'])} tables, {facts['files']} files; "
        f"made {facts['made_at']} by {facts['version']} at migration {facts['schema']}."
    )


def _tell_missing(manifest: Manifest) -> None:
    """End with status 1 when the store had not every file: cron sends a mail then."""
    if manifest.missing:
        named = ", ".join(digest[:12] for digest in manifest.missing[:LISTED])
        raise refuse(
            f"{len(manifest.missing)} attachments are not in the file store, or damaged there, and "
            f"not in the backup: {named}."
        )


@click.command()
@click.argument("file", type=FILE)
@click.option("--force", is_flag=True, help="Replace FILE when it is there.")
@AS_JSON
def backup(file: Path, *, force: bool, as_json: bool) -> None:
    """Write everything to FILE while the portal is in use: one moment, database and attachments.

    The file holds what people wrote and their e-mail addresses: keep it as you keep the database.
    Settings are in it, secrets are not.
    """
    if not file.absolute().parent.is_dir():
        raise refuse(f"{file.absolute().parent} is no folder.")
    with unit() as app:
        settings: Config = app.config["PORTAL"]
        db.session.rollback()
        store = app.extensions["arsenal.files"]
        made = service.make(db.engine, settings, store, file.absolute(), force=force)
        _note("backup.made", file, made)
    if as_json:
        echo_json(_facts(made) | {"file": str(file), "bytes": file.stat().st_size})
    else:
        _say(made, f"{file}, {file.stat().st_size / 1e6:.1f} MB")
    _tell_missing(made)


@click.command()
@click.argument("file", type=GivenPath(exists=True, dir_okay=False, path_type=Path))
@click.option("--verify", is_flag=True, help="Only read FILE and say whether it can be restored.")
@click.option("--sessions", is_flag=True, help="Leave people signed in who were.")
@AS_JSON
def restore(file: Path, *, verify: bool, sessions: bool, as_json: bool) -> None:
    """Put FILE into an empty place: the database and the data directory of the settings.

    It may be another kind of database than the one it came from. All of FILE is checked first.
    """
    try:
        if verify:
            manifest = service.check(file)
        else:
            with unit(any_schema=True) as app:
                manifest = _restore(app, file, sessions=sessions)
    except UnusableError as error:
        raise refuse(f"{file} can not be used: {error}.") from error
    if as_json:
        echo_json(_facts(manifest))
    else:
        _say(manifest, "In order" if verify else "Restored")
        if not verify and not sessions:
            click.echo("Everybody has to sign in again.")
    _tell_missing(manifest)


def _restore(app: Any, file: Path, *, sessions: bool) -> Manifest:  # noqa: ANN401  # the application
    settings: Config = app.config["PORTAL"]
    service.require_empty(db.engine)
    manifest = service.check(file)
    service.restore(
        db.engine, settings, app.extensions["arsenal.files"], file, manifest,
        migrate=_migrate, sessions=sessions,
    )  # fmt: skip
    optimise()
    _note("backup.restored", file, manifest)
    db.session.commit()
    search.rebuild(app.extensions["arsenal.finder"].engine)
    return manifest


def _note(action: str, file: Path, manifest: Manifest) -> None:
    """Let the audit log tell it: a backup takes everything out of the house."""
    facts = {"made_at": manifest.header.made_at, "rows": sum(manifest.counts.values())}
    audit.record(action, kind="backup", key=file.name[:KEY_MOST], after=facts)


def _migrate(revision: str) -> None:
    if revision == "base":
        schema.downgrade(revision)
    else:
        schema.upgrade(revision)
