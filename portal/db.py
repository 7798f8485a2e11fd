"""The database handle, the model base with its naming convention, and how transactions begin."""

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, DateTime, Dialect, Double, Engine, MetaData, TypeDecorator, event
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import DeclarativeBase, Session, registry

from portal.config import Config

# A unit of work that may write takes SQLite's write lock at once: a lock asked for later can not
# be waited for, because what was read may be stale by then. Only plain reads say otherwise.
_reading: ContextVar[bool] = ContextVar("reading", default=False)


class UTCDateTime(TypeDecorator[datetime]):
    """An aware moment in UTC, on databases that know zones and on those that do not."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a moment without a zone; store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = "a moment needs a time zone"
            raise ValueError(message)
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002  # SQLAlchemy gives it
    ) -> datetime | None:
        """Give back an aware moment."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
TYPES = {datetime: UTCDateTime(), float: Double()}


class Base(DeclarativeBase):
    """Parent of every table."""

    registry = registry(metadata=MetaData(naming_convention=NAMES), type_annotation_map=TYPES)


db = SQLAlchemy(model_class=Base)


_BUSY = frozenset({5, 6})  # SQLite: busy, locked
_OVERTAKEN = frozenset({"40001", "40P01", "55P03"})  # PostgreSQL: not serial, deadlock, no lock


def is_busy(error: BaseException) -> bool:
    """Whether the database had no turn for it because of others: the same may do in a moment.

    SQLite's writers wait for one another, and not for ever; PostgreSQL ends one of two who wait
    for each other; there may be no free connection. Whatever it was has been rolled back whole.
    """
    if isinstance(error, PoolTimeout):
        return True
    cause = getattr(error, "orig", None)
    code = getattr(cause, "sqlite_errorcode", None)
    if isinstance(code, int):
        return code & 0xFF in _BUSY
    return getattr(cause, "sqlstate", None) in _OVERTAKEN


_FULL = frozenset({13, 778, 4874})  # SQLite: no room; the disk takes no more, of -shm neither
_NO_ROOM = "53100"  # PostgreSQL: the disk is full
_NOT_THERE = frozenset({"57P01", "57P02", "57P03", "53300"})  # it is ended, starts, has no slot


def is_full(error: BaseException) -> bool:
    """Whether the disk of the database has no room: what was to be written is not, all of it."""
    cause = getattr(error, "orig", None)
    if getattr(cause, "sqlite_errorcode", None) in _FULL:
        return True
    return getattr(cause, "sqlstate", None) == _NO_ROOM


def is_gone(error: BaseException) -> bool:
    """Whether there is no database to speak to: it is being started, or the way there is cut."""
    if not isinstance(error, DBAPIError) or isinstance(error.orig, sqlite3.Error):
        return False
    state = getattr(error.orig, "sqlstate", None)
    # without a state nothing came from the server: it was not reached, or the line was cut
    lost = error.connection_invalidated or (state is None and isinstance(error, OperationalError))
    return lost or state in _NOT_THERE or str(state)[:2] == "08"


@contextmanager
def reading() -> Iterator[None]:
    """Say that the transactions begun inside only read."""
    token = _reading.set(True)
    try:
        yield
    finally:
        _reading.reset(token)


@contextmanager
def writing() -> Iterator[None]:
    """Say that the transactions begun inside may write, also within a reading request."""
    token = _reading.set(False)
    try:
        yield
    finally:
        _reading.reset(token)


def apart() -> Session:
    """Return a session beside the request's own, whose commit outlives the request's rollback."""
    return Session(db.engine, join_transaction_mode="create_savepoint")


def inserting(model: Any, connection: Connection | None = None) -> Any:  # noqa: ANN401
    """Return the INSERT that knows ON CONFLICT, of the database of a connection: the session's."""
    name = (connection or db.session.connection()).dialect.name
    return import_module(f"sqlalchemy.dialects.{name}").insert(model)


def write_once(model: type[Base], values: dict[str, Any]) -> None:
    """Write a row unless there is one already: whoever was first."""
    db.session.execute(inserting(model).values(values).on_conflict_do_nothing())


SENDS_MAIL = "portal_sends_mail"
"""The option of connections that tells whether there is a mail server to send by."""


def engine_options(config: Config) -> dict[str, Any]:
    """Return SQLAlchemy's engine options for the database of the settings."""
    options: dict[str, Any] = {
        "execution_options": {SENDS_MAIL: bool(config.smtp_host)},
        "json_serializer": lambda value: json.dumps(value, ensure_ascii=False),
    }
    if config.database_url.startswith("postgresql"):
        options |= {"pool_size": 5, "max_overflow": 5, "pool_pre_ping": True}
        if "connect_timeout" not in config.database_url:  # else a minute for a machine that is gone
            options["connect_args"] = {"connect_timeout": 5}
    return options


def sqlite_file(engine: Engine) -> Path | None:
    """Return where an SQLite database lies, or None for another one or one in memory."""
    name = engine.url.database or ":memory:"
    if engine.dialect.name != "sqlite" or name.startswith((":memory:", "file:")):
        return None
    return Path(name)


LOCK_WAIT = 10
"""Seconds a web worker waits for what somebody else has locked; then it says so."""


def prepare(engine: Engine, config: Config) -> None:
    """Set SQLite up: mode 0600, WAL, foreign keys, patience, explicit BEGIN (README, Decisions)."""
    file = sqlite_file(engine)
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "do_connect")
    def _make(*_: object) -> None:
        if file is not None:  # SQLite gives its -wal and -shm the file's mode
            with suppress(OSError):  # it is there, or SQLite says why it can not be
                os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))

    @event.listens_for(engine, "connect")
    def _connect(raw: Any, _record: Any) -> None:  # noqa: ANN401
        raw.isolation_level = None
        for pragma in (
            f"busy_timeout={LOCK_WAIT * 1000}",
            "journal_mode=WAL",
            f"synchronous={config.sqlite_synchronous}",
            "foreign_keys=ON",
            "temp_store=MEMORY",
            "cache_size=-1000",  # kB a connection; the system keeps the file's pages, too,
        ):
            raw.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN" if _reading.get() else "BEGIN IMMEDIATE")


def limit_waits(engine: Engine) -> None:
    """Let what connects from now on to PostgreSQL wait for locks as long as SQLite does.

    For web workers: one that waited without end would answer nobody else meanwhile.
    """
    if engine.dialect.name != "postgresql":
        return

    @event.listens_for(engine, "connect")
    def _connect(raw: Any, _record: Any) -> None:  # noqa: ANN401
        raw.execute(f"SET lock_timeout = '{LOCK_WAIT}s'")
        raw.commit()


def optimise() -> None:
    """Let the database look at its tables after a bulk load, so that it plans well."""
    bind = db.session.connection()
    bind.exec_driver_sql("ANALYZE")
