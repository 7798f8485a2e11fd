"""Transactions and types: nothing is lost between threads, moments are UTC, SQLite is set up."""

import os
import re
import sqlite3
import stat
from datetime import UTC, datetime, timedelta, timezone
from threading import Barrier, Thread

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError, OperationalError, StatementError

from portal.accounts.models import SignInSession, Team, User
from portal.app import create_app
from portal.config import Config
from portal.db import NAMES, Base, is_full, is_gone, limit_waits, optimise, reading, writing
from portal.db import db as _db
from tests import make
from tests.conftest import DATABASES, POSTGRESQL, SECRET

THREADS = 8
ROUNDS = 20
SAIGON = timezone(timedelta(hours=7))


def test_the_suite_runs_on_postgresql_too():
    if "postgresql" not in DATABASES:
        pytest.skip("no PostgreSQL: set PORTAL_TEST_DATABASE_URL to run the suite there as well")
    assert POSTGRESQL.startswith("postgresql://")


def count_up(app, barrier, failures):
    """Read, compute, write; again and again, as a request that changes a row does."""
    with app.app_context():
        barrier.wait()
        for _ in range(ROUNDS):
            try:
                team = _db.session.scalars(sa.select(Team).with_for_update()).one()
                team.name = str(int(team.name) + 1)
                _db.session.commit()
            except Exception as error:  # noqa: BLE001  # a thread has nobody to tell
                _db.session.rollback()
                failures.append(error)


def test_threads_lose_no_update(empty):
    with empty.app_context():
        Base.metadata.create_all(_db.engine)
        _db.session.add(Team(name="0", name_key="0"))
        _db.session.commit()
    failures, barrier = [], Barrier(THREADS)
    threads = [Thread(target=count_up, args=(empty, barrier, failures)) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with empty.app_context():
        assert _db.session.scalar(sa.select(Team.name)) == str(THREADS * ROUNDS)


@pytest.fixture
def sqlite(tmp_path):
    """An application on an SQLite file of its own, and every statement that was sent to it."""
    config = Config(data_dir=tmp_path, secret_key=SECRET, base_url="http://127.0.0.1:8000")
    app = create_app(config)
    app.testing = True
    with app.app_context():
        Base.metadata.create_all(_db.engine)
        sent = []
        event.listen(_db.engine, "before_cursor_execute", lambda *args: sent.append(args[2]))
        yield sent
        _db.session.remove()
        _db.engine.dispose()


def begins(sent):
    return [statement for statement in sent if statement.startswith("BEGIN")]


def test_sqlite_takes_the_write_lock_at_once(sqlite):
    _db.session.scalars(sa.select(Team)).all()
    assert begins(sqlite) == ["BEGIN IMMEDIATE"]


def test_reading_does_not_lock(sqlite):
    with reading():
        _db.session.scalars(sa.select(Team)).all()
    assert begins(sqlite) == ["BEGIN"]


def test_a_note_within_a_reading_request_locks(sqlite):
    with reading():
        with writing():
            _db.session.scalars(sa.select(Team)).all()
        _db.session.rollback()
        _db.session.scalars(sa.select(Team)).all()
    _db.session.rollback()
    _db.session.scalars(sa.select(Team)).all()
    assert begins(sqlite) == ["BEGIN IMMEDIATE", "BEGIN", "BEGIN IMMEDIATE"]


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("foreign_keys", 1), ("synchronous", 1), ("busy_timeout", 10000)],
)
def test_sqlite_is_set_up(sqlite, pragma, value):
    assert _db.session.execute(sa.text(f"PRAGMA {pragma}")).scalar() == value


def test_an_sqlite_database_is_its_owners_alone(tmp_path):
    before = os.umask(0o022)
    try:
        app = create_app(Config(data_dir=tmp_path, secret_key=SECRET))
        with app.app_context():
            Base.metadata.create_all(_db.engine)
            _db.session.execute(sa.text("SELECT 1"))
            modes = {p.name: stat.S_IMODE(p.stat().st_mode) for p in tmp_path.glob("portal.*")}
            _db.session.remove()
            _db.engine.dispose()
    finally:
        os.umask(before)
    assert modes == dict.fromkeys(
        ("portal.sqlite", "portal.sqlite-wal", "portal.sqlite-shm"), 0o600
    )


def test_the_mode_somebody_gave_a_database_stays(tmp_path):
    file = tmp_path / "portal.sqlite"
    file.touch()
    file.chmod(0o640)
    with create_app(Config(data_dir=tmp_path, secret_key=SECRET)).app_context():
        Base.metadata.create_all(_db.engine)
        _db.engine.dispose()
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


def test_synchronous_can_be_full(tmp_path):
    config = Config(data_dir=tmp_path, secret_key=SECRET, sqlite_synchronous="FULL")
    with create_app(config).app_context():
        assert _db.session.execute(sa.text("PRAGMA synchronous")).scalar() == 2
        _db.engine.dispose()


def test_a_child_without_parent_is_refused(db):
    session = SignInSession(
        token_hash="x", user_id=123456, created_at=make.clock.now(), last_seen_at=make.clock.now()
    )
    db.session.add(session)
    with pytest.raises(IntegrityError):
        db.session.flush()


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 11, 2, 9, 30, 15, 123456, tzinfo=UTC),
        datetime(2026, 11, 2, 1, 0, tzinfo=SAIGON),
        datetime(1969, 12, 31, 23, 59, tzinfo=UTC),
    ],
)
def test_moments_come_back_aware_in_utc(db, moment):
    person = make.user(created_at=moment)
    db.session.expire(person)
    assert person.created_at == moment
    assert person.created_at.utcoffset() == timedelta(0)


def test_moments_compare_in_the_database(db):
    make.user(created_at=datetime(2026, 11, 2, 1, 0, tzinfo=SAIGON), email="early@example.com")
    noon = datetime(2026, 11, 1, 18, 30, tzinfo=UTC)
    query = sa.select(User.email).where(User.created_at < noon, User.email == "early@example.com")
    assert db.session.scalar(query) == "early@example.com"


def test_a_moment_without_zone_is_refused(db):
    with pytest.raises(StatementError, match="needs a time zone"):
        make.user(created_at=datetime(2026, 11, 2, 9, 30))  # noqa: DTZ001


def test_any_script_survives(db):
    person = make.user(name="Nguyễn Thị Lan · Ирина · 𠮷")
    db.session.expire(person)
    assert person.name == "Nguyễn Thị Lan · Ирина · 𠮷"


def test_every_constraint_has_the_agreed_name():
    """Migrations find constraints by name; one without a name could never be dropped."""
    prefixes = tuple(f"{prefix}_" for prefix in NAMES)
    for table in Base.metadata.tables.values():
        for item in [*table.constraints, *table.indexes]:
            assert item.name, f"{table.name} {item}"
            assert re.match(rf"({'|'.join(prefixes)}){table.name}", item.name)
            assert len(item.name) <= 63, "PostgreSQL cuts longer names"


def test_every_foreign_key_can_be_followed_backwards():
    """Deleting a parent looks for its children: without an index that reads the whole table."""
    for table in Base.metadata.tables.values():
        starts = [next(iter(index.columns)).name for index in table.indexes]
        starts += [
            next(iter(item.columns)).name
            for item in table.constraints
            if isinstance(item, sa.UniqueConstraint | sa.PrimaryKeyConstraint)
        ]
        for key in table.foreign_keys:
            assert key.parent.name in starts, f"{table.name}.{key.parent.name} has no index"


def test_optimise_is_harmless(db):
    make.user()
    optimise()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(User)) == 1


def trouble(state=None, code=None, invalidated=False):
    """A failure as a driver tells it."""
    cause = sqlite3.OperationalError() if code else Exception()
    cause.sqlite_errorcode, cause.sqlstate = code, state
    if not code:
        del cause.sqlite_errorcode
    return OperationalError("", {}, cause, connection_invalidated=invalidated)


@pytest.mark.parametrize(
    ("error", "full", "gone"),
    [
        (trouble(code=sqlite3.SQLITE_FULL), True, False),
        (trouble(code=778), True, False),  # SQLITE_IOERR_WRITE
        (trouble(code=sqlite3.SQLITE_CORRUPT), False, False),
        (trouble(state="53100"), True, False),
        (trouble(state="57P01", invalidated=True), False, True),
        (trouble(state="57P03"), False, True),
        (trouble(state="08006"), False, True),
        (trouble(), False, True),  # nothing came from a server
        (trouble(state="42P01"), False, False),
        (ValueError("gone"), False, False),
    ],
)
def test_what_is_wrong_with_the_database_is_told_apart(error, full, gone):
    assert (is_full(error), is_gone(error)) == (full, gone)


def test_a_web_worker_waits_for_locks_but_not_for_ever(empty):
    with empty.app_context():
        _db.engine.dispose()
        limit_waits(_db.engine)
        if _db.engine.dialect.name == "postgresql":
            assert _db.session.scalar(sa.text("SHOW lock_timeout")) == "10s"
        else:
            assert _db.session.scalar(sa.text("PRAGMA busy_timeout")) == 10_000
