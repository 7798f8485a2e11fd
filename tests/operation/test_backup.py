"""`portal backup` and `restore`: all rows and files, from either database into either, or a refusal."""

import json
import tarfile
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from portal.app import create_app
from portal.audit import service as audit
from portal.cli import database
from portal.db import db
from portal.operation.backup import copying, rules, service
from portal.operation.backup.rules import UnusableError
from tests.conftest import DATABASES, make_config
from tests.house.rows import fill


def place(folder, kind, suffix):
    folder.mkdir(mode=0o700, exist_ok=True)
    return create_app(make_config(folder, kind, suffix))


@pytest.fixture(params=DATABASES)
def source(request, tmp_path):
    """A migrated database with odd rows in every table."""
    app = place(tmp_path / "from", request.param, "_from")
    with app.app_context():
        database.upgrade()
        fill(db.engine)
        with db.engine.begin() as connection:
            connection.execute(
                sa.text("UPDATE teams SET name = :n WHERE id = 1"), {"n": "Đội “A”\n☃\t\\N"}
            )
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(params=DATABASES)
def target(request, tmp_path):
    app = place(tmp_path / "into", request.param, "_into")
    yield app
    with app.app_context():
        db.engine.dispose()


def make(app, path, *, force=False):
    with app.app_context():
        config = app.config["PORTAL"]
        return service.make(db.engine, config, app.extensions["arsenal.files"], path, force=force)


def put(app, path, *, sessions=False):
    with app.app_context():
        manifest = service.check(path)
        service.restore(
            db.engine, app.config["PORTAL"], app.extensions["arsenal.files"], path, manifest,
            migrate=lambda to: database.downgrade(to) if to == "base" else database.upgrade(to),
            sessions=sessions,
        )  # fmt: skip


def told(app):
    """Every row of every table that is kept, as a backup tells it."""
    with app.app_context(), copying.snapshot(db.engine) as connection:
        found = {}
        for name, columns in copying.tables(connection).items():
            order = sorted(range(len(columns)), key=lambda i: columns[i])
            rows = [
                json.loads(line)
                for lines in copying.parts(connection, name, columns)
                for line in lines
            ]
            found[name] = sorted(json.dumps([row[i] for i in order]) for row in rows)
        return found


@pytest.mark.slow
def test_every_row_arrives_on_either_database(source, target, tmp_path):
    path = tmp_path / "b.tar"
    made = make(source, path)
    assert made.counts["teams"] == 3
    assert path.stat().st_mode & 0o777 == 0o600
    put(target, path, sessions=True)
    before, after = told(source), told(target)
    assert {n for n in before if before[n] != after[n]} == set()
    with target.app_context(), db.engine.begin() as connection:
        if db.engine.dialect.name == "postgresql":
            new = connection.execute(
                sa.text("INSERT INTO teams (name, name_key) VALUES ('x', 'x') RETURNING id")
            )
            assert new.scalar_one() == 4
            assert copying._foreign_keys(connection), "links are checked again"
        else:
            assert not connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


@pytest.fixture
def small(tmp_path):
    """A backup of an SQLite database with a few rows, and the application it is of."""
    app = place(tmp_path / "small", "sqlite", "")
    with app.app_context():
        database.upgrade()
        with db.engine.begin() as connection:
            connection.execute(
                sa.text("INSERT INTO teams (id, name, name_key) VALUES (7, 'Đội', 'doi')")
            )
    path = tmp_path / "small.tar"
    make(app, path)
    return app, path


@pytest.fixture
def empty_place(tmp_path):
    return place(tmp_path / "empty", "sqlite", "")


def test_nobody_is_signed_in_by_a_backup_unless_asked(source, tmp_path, empty_place):
    path = tmp_path / "b.tar"
    make(source, path)
    put(empty_place, path)
    found = told(empty_place)
    assert found["sessions"] == []
    assert len(found["users"]) == 3


def test_settings_are_told_and_secrets_are_not(small):
    app, path = small
    with tarfile.open(path) as tar:
        settings = json.load(tar.extractfile(rules.SETTINGS))
        whole = path.read_bytes()
    assert settings["base_url"] == "http://127.0.0.1:8000"
    assert "secret_key" not in settings
    assert app.config["PORTAL"].secret_key.encode() not in whole


def test_a_place_in_use_is_refused(source, small, tmp_path):
    from portal.errors import Conflict

    _, path = small
    with pytest.raises(Conflict, match="in use"):
        put(source, path)


def test_somebody_may_have_knocked_at_the_empty_place(source, tmp_path, empty_place):
    """Its audit log has an entry then, which can not be deleted."""
    path = tmp_path / "b.tar"
    make(source, path)
    with empty_place.app_context():
        database.upgrade()
        audit.record("session.refused", kind="user", key=0)
        db.session.commit()
        db.session.remove()
    put(empty_place, path)
    assert len(told(empty_place)["users"]) == 3


def test_a_file_that_is_there_is_kept(small):
    from portal.errors import Conflict

    app, path = small
    before = path.read_bytes()
    with pytest.raises(Conflict, match="is there already"):
        make(app, path)
    assert path.read_bytes() == before
    make(app, path, force=True)


def test_a_full_disk_is_told_before_anything_is_written(small, tmp_path, monkeypatch):
    from portal.errors import Conflict

    app, _ = small
    full = SimpleNamespace(free=1000)
    monkeypatch.setattr(service.shutil, "disk_usage", lambda _: full)
    with pytest.raises(Conflict, match="make room"):
        make(app, tmp_path / "other.tar")
    assert not (tmp_path / "other.tar").exists()


def test_a_backup_that_breaks_leaves_nothing(small, tmp_path, monkeypatch):
    app, _ = small

    def breaks(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(copying, "parts", breaks)
    with pytest.raises(OSError, match="No space"):
        make(app, tmp_path / "other.tar")
    assert not [p for p in tmp_path.iterdir() if "other" in p.name]


def test_any_cut_is_noticed(small, tmp_path):
    _, path = small
    whole = path.read_bytes()
    cut = tmp_path / "cut.tar"
    for size in (0, 1, 511, 512, 1024, 5000, *range(10_000, len(whole) - 10_240, 9_973)):
        cut.write_bytes(whole[:size])
        with pytest.raises(UnusableError):
            service.check(cut)


def test_any_flipped_byte_is_noticed_or_harmless(small, tmp_path):
    """What is not noticed lies in the padding of the tar: what is read is the same."""
    _, path = small
    whole = path.read_bytes()
    good = service.check(path)
    bad = tmp_path / "bad.tar"
    noticed = 0
    for at in range(0, len(whole), 499):
        bad.write_bytes(whole[:at] + bytes([whole[at] ^ 0x11]) + whole[at + 1 :])
        try:
            assert service.check(bad) == good
        except UnusableError:
            noticed += 1
    assert noticed > 20


def rewritten(path, into, change):
    """The same backup with members changed: `change` is given (name, content), returns a list."""
    with tarfile.open(path) as tar, tarfile.open(into, "w") as out:
        for info in tar:
            for name, content, kind in change(info.name, tar.extractfile(info).read()):
                import io

                made = tarfile.TarInfo(name)
                made.size = len(content)
                made.type = kind
                if kind != tarfile.REGTYPE:
                    made.size, made.linkname = 0, "/etc/passwd"
                out.addfile(made, io.BytesIO(content))
    return into


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("../../evil", tarfile.REGTYPE),
        ("/etc/evil", tarfile.REGTYPE),
        ("files/../../evil", tarfile.REGTYPE),
        ("tables/../x/000001.jsonl.gz", tarfile.REGTYPE),
        ("files/" + "a" * 64, tarfile.SYMTYPE),
        ("files/" + "a" * 64, tarfile.LNKTYPE),
        ("files/" + "a" * 64, tarfile.CHRTYPE),
        ("files", tarfile.DIRTYPE),
        (rules.SETTINGS, tarfile.REGTYPE),
        ("files/" + "a" * 64, tarfile.REGTYPE),
    ],
)
def test_nothing_else_may_be_in_it(small, tmp_path, name, kind):
    _, path = small

    def change(found, content):
        extra = [(name, b"evil", kind)] if found == rules.MANIFEST else []
        return [*extra, (found, content, tarfile.REGTYPE)]

    with pytest.raises(UnusableError):
        service.check(rewritten(path, tmp_path / "evil.tar", change))
    assert not (tmp_path / "evil").exists()


def with_header(path, into, **values):
    def change(name, content):
        if name == rules.HEADER:
            content = json.dumps(json.loads(content) | values).encode()
        return [(name, content, tarfile.REGTYPE)]

    return rewritten(path, into, change)


def test_a_newer_portals_file_is_refused_with_what_to_do(small, tmp_path):
    _, path = small
    for values in ({"format": 99}, {"schema": "9999"}):
        with pytest.raises(UnusableError, match=r"newer portal|does not fit"):
            service.check(with_header(path, tmp_path / "new.tar", **values))
    with pytest.raises(UnusableError, match="install the newer portal"):
        rules.check_schema("9999", ["0001", "0002"])


@pytest.mark.parametrize(
    "content", [b"", b"not a tar at all" * 100, b"\x1f\x8b\x08" + b"\0" * 2000]
)
def test_what_is_no_backup_is_refused(tmp_path, content):
    path = tmp_path / "odd.tar"
    path.write_bytes(content)
    with pytest.raises(UnusableError):
        service.check(path)


def test_a_bomb_is_refused(small, tmp_path, monkeypatch):
    from portal.operation.backup import archive

    _, path = small
    monkeypatch.setattr(archive, "RAW_MOST", 10)
    with pytest.raises(UnusableError, match="too large"):
        service.check(path)


def test_an_older_portals_file_is_restored_and_brought_up_to_date(tmp_path, empty_place):
    old = place(tmp_path / "old", "sqlite", "")
    with old.app_context():
        database.upgrade("0020")
        with db.engine.begin() as connection:
            connection.execute(
                sa.text("INSERT INTO teams (id, name, name_key) VALUES (7, 'Đội', 'doi')")
            )
    path = tmp_path / "old.tar"
    assert make(old, path).header.schema == "0020"
    put(empty_place, path)
    with empty_place.app_context(), db.engine.connect() as connection:
        assert database.current() == database.head()
        assert connection.scalar(sa.text("SELECT name FROM teams WHERE id = 7")) == "Đội"


@pytest.mark.parametrize("kind", DATABASES)
def test_a_restore_that_breaks_leaves_an_empty_place(small, tmp_path, monkeypatch, kind):
    _, path = small
    app = place(tmp_path / "broken", kind, "_broken")
    load, seen = copying.load, []

    def breaks(connection, name, *rest):
        seen.append(name)
        if name == "teams":
            load(connection, name, *rest)
            raise OSError(28, "No space left on device")
        return load(connection, name, *rest)

    monkeypatch.setattr(copying, "load", breaks)
    with pytest.raises(OSError, match="No space"):
        put(app, path)
    with app.app_context(), db.engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM teams")) == 0
        if kind == "postgresql":
            assert copying._foreign_keys(connection), "links are there as before"
    monkeypatch.setattr(copying, "load", load)
    put(app, path)
    assert [json.loads(row)[1:] for row in told(app)["teams"]] == [["Đội", "doi"]]
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def test_links_that_lead_nowhere_are_refused(small, tmp_path, empty_place):
    app, _ = small
    with app.app_context():
        raw = db.engine.raw_connection()
        raw.execute("PRAGMA foreign_keys=OFF")
        raw.execute(
            "INSERT INTO users (email, email_key, name, role, team_id, active, created_at) "
            "VALUES ('a', 'a', 'a', 'rep', 99, 1, '2026-01-01 00:00:00.000000')"
        )
        raw.commit()
        raw.close()
    make(app, tmp_path / "odd.tar")
    with pytest.raises(UnusableError, match="do not fit together"):
        put(empty_place, tmp_path / "odd.tar")
    with empty_place.app_context(), db.engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM users")) == 0


def test_memory_holds_no_more_than_a_part(tmp_path, empty_place):
    """60 MB of rows go out and in within 30 MB."""
    import tracemalloc

    app = place(tmp_path / "large", "sqlite", "")
    with app.app_context():
        database.upgrade()
        with db.engine.begin() as connection:
            days = "INSERT INTO search_days (day, stamp, searches, visits) VALUES (:n, 1, :d, :d)"
            teams = "INSERT INTO teams (name, name_key) VALUES (:t, :n)"
            for number in range(20):
                values = {"n": number, "d": b"%07d" % number * 140_000, "t": "ф" * 500_000}
                connection.execute(sa.text(days), values)
                connection.execute(sa.text(teams), values)
    path = tmp_path / "large.tar"
    tracemalloc.start()
    try:
        make(app, path)
        put(empty_place, path)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 30_000_000
