"""Making a backup while the portal is in use, and restoring one into an empty place."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from portal import clock
from portal.config import SECRETS, Config
from portal.db import sqlite_file
from portal.errors import Conflict, NotFound
from portal.library.attachments.store import Store, receive
from portal.operation import schema
from portal.operation.backup import archive, copying, rules
from portal.operation.backup.rules import Header, Manifest

LAST = "last-backup.json"
"""The file of the data directory that remembers the last backup made here."""
SPARE = 50_000_000
FILE_MOST = 1 << 42


def settings_of(config: Config) -> dict[str, Any]:
    """Return the settings that are no secrets, for whoever sets the new place up."""
    return config.model_dump(mode="json", exclude=set(SECRETS) | {"demo"})


def _expected(engine: Engine, connection: Connection) -> int:
    """Return how large a backup may become: the database as it is, and the attachments."""
    file = sqlite_file(engine)
    if file is not None:
        rows = file.stat().st_size
    else:
        rows = int(connection.scalar(sa.text("SELECT pg_database_size(current_database())")) or 0)
    files = connection.scalar(sa.text("SELECT coalesce(sum(size), 0) FROM attachments"))
    return rows // 2 + int(files or 0) + SPARE


def _require_room(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise Conflict(
            f"{folder} has {free / 1e9:.1f} GB free, and up to {needed / 1e9:.1f} GB are needed: "
            "make room, or name a file on another disk."
        )


def _digests(connection: Connection) -> list[str]:
    """Return the attachments and previews that the rows of a snapshot name."""
    found = connection.execute(
        sa.text(
            "SELECT digest FROM attachments WHERE digest IS NOT NULL "
            "UNION SELECT preview FROM attachments WHERE preview IS NOT NULL ORDER BY 1"
        )
    )
    return [str(digest) for (digest,) in found]


def make(engine: Engine, config: Config, store: Store, path: Path, *, force: bool) -> Manifest:
    """Write everything the portal knows at this moment to a file; others go on writing.

    Raises:
        Conflict: when the file is there already, or the disk is too full.
        Unavailable: when the store of files can not be reached.
    """
    if path.exists() and not force:
        raise Conflict(f"{path} is there already: give another name, or --force.")
    with copying.snapshot(engine) as connection:
        _require_room(path.parent, _expected(engine, connection))
        header = Header(
            format=rules.FORMAT,
            version=version("arsenal-portal"),
            schema=copying.schema_of(connection),
            database=engine.dialect.name,
            made_at=clock.now().isoformat(timespec="seconds"),
            tables=dict(copying.tables(connection)),
        )
        with archive.written(path) as file:
            writer = archive.Writer(file, header)
            writer.settings(settings_of(config))
            for name, columns in header.tables.items():
                for number, lines in enumerate(copying.parts(connection, name, columns), 1):
                    writer.rows(name, number, lines)
            for digest in _digests(connection):
                if not _keep(writer, store, digest):
                    writer.manifest.missing.append(digest)
            writer.close()
    _remember(config, path, header)
    return writer.manifest


def _keep(writer: archive.Writer, store: Store, digest: str) -> bool:
    try:
        with store.open(digest) as source:
            return writer.file(digest, source)
    except NotFound:
        return False


def _remember(config: Config, path: Path, header: Header) -> None:
    told = {"at": header.made_at, "file": str(path.resolve()), "bytes": path.stat().st_size}
    with suppress(OSError), archive.written(config.data_dir / LAST) as file:
        file.write(json.dumps(told).encode())


def last(config: Config) -> dict[str, Any] | None:
    """Return when and where the last backup was made from here; None: nobody knows."""
    try:
        told = json.loads((config.data_dir / LAST).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return told if isinstance(told, dict) else None


# --- restoring ----------------------------------------------------------------------------------


def check(path: Path) -> Manifest:
    """Read a whole backup: sums, counts, whether this portal can restore it.

    Raises:
        UnusableError: with what is wrong.
    """
    manifest = archive.check(path)
    rules.check_schema(manifest.header.schema, schema.numbers())
    return manifest


def require_empty(engine: Engine) -> None:
    """Refuse a database that somebody uses.

    Raises:
        Conflict: with what to do.
    """
    file = sqlite_file(engine)
    if file is not None and not file.exists():
        return
    with engine.connect() as connection:
        used = copying.is_used(connection)
        strange = set(sa.inspect(connection).get_table_names()) and schema.current() is None
        connection.rollback()
    if used or strange:
        raise Conflict(
            "This database is in use: a backup is only restored into an empty one. Name a new one "
            "with PORTAL_DATABASE_URL, or an empty folder with PORTAL_DATA_DIR."
        )


def restore(
    engine: Engine, config: Config, store: Store, path: Path, manifest: Manifest, *,
    migrate: Callable[[str], None], sessions: bool,
) -> None:  # fmt: skip
    """Put a backup that was checked into an empty place; `migrate` moves the schema there.

    Rows go in with one transaction: a restore that breaks leaves an empty database.
    """
    raw = manifest.raw_bytes if engine.dialect.name == "sqlite" else 0
    local = 0 if config.s3_bucket else sum(part.size for part in manifest.files)
    _require_room(config.data_dir, 2 * raw + local + SPARE)
    require_empty(engine)
    if schema.current() is not None:  # also at the same one: audit entries can not be deleted
        migrate("base")
    migrate(manifest.header.schema)
    for digest, content in _files(path):
        with receive(store, content, FILE_MOST) as received:
            if received.digest != digest:
                raise rules.UnusableError(f"files/{digest} is not what was written")
            store.put(received)
    with copying.unchecked(engine) as connection:
        copying.clear(connection)
        _rows(connection, path, manifest, leave=frozenset() if sessions else rules.SESSIONS)
        copying.count_on(connection)
    migrate("head")
    file = sqlite_file(engine)
    if file is not None:
        os.chmod(file, 0o600)  # noqa: PTH101


def _files(path: Path) -> Iterator[tuple[str, Any]]:
    for name, content, _ in archive.members(path):
        if digest := rules.digest_of(name):
            yield digest, content


def _rows(connection: Connection, path: Path, manifest: Manifest, *, leave: frozenset[str]) -> None:
    """Put all rows in, and count them."""
    here = copying.tables(connection)
    told = manifest.header.tables
    odd = [n for n in sorted({*here, *told}) if sorted(here.get(n, [])) != sorted(told.get(n, []))]
    if odd:
        at = manifest.header.schema
        raise rules.UnusableError(f"its tables are not those of migration {at}: {odd[:5]}")
    counts = dict.fromkeys(told, 0)
    for name, content, _ in archive.members(path):
        table = rules.table_of(name)
        if table is None or table in leave:
            continue
        try:
            counts[table] += copying.load(connection, table, told[table], archive.lines(content))
        except ValueError as error:
            raise rules.UnusableError(f"{name} is not what was written") from error
    wrong = [n for n, count in manifest.counts.items() if n not in leave and counts[n] != count]
    if wrong:
        raise rules.UnusableError(f"rows are missing: {wrong[:5]}")
