"""`portal doctor` on clocks, backups, the audit log and lost files: what is wrong, what to do."""

import json
from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal import clock
from portal.app import create_app
from portal.cli import doctor_trust
from portal.config import load
from portal.db import db
from portal.operation.backup import service as backups
from tests.operation.test_backup_drill import attach


@pytest.fixture
def found(ready):
    """What a check finds, over a migrated database: (state, what, do) of each."""

    def look(check):
        app = create_app(load())
        with app.app_context():
            try:
                return [(f.state, f.what, f.do) for f in check(app.config["PORTAL"])]
            finally:
                db.session.remove()
                db.engine.dispose()

    return look


def execute(statement, **values):
    app = create_app(load())
    with app.app_context():
        with db.engine.begin() as connection:
            connection.execute(sa.text(statement), values)
        db.engine.dispose()


def test_a_clock_that_is_right(found, monkeypatch):
    monkeypatch.setenv("PORTAL_TIMEZONE", "Asia/Ho_Chi_Minh")
    ((state, what, _),) = found(doctor_trust.clocks)
    assert state == "ok"
    assert "(Asia/Ho_Chi_Minh)" in what


def test_a_clock_of_another_decade(found, monkeypatch):
    then = clock.now().replace(year=1999, day=1)
    monkeypatch.setattr(clock, "now", lambda: then)
    ((state, what, do),) = found(doctor_trust.clocks)
    assert state == "fail"
    assert "1999" in what
    assert "timedatectl" in do


def test_a_clock_that_is_behind(found, ready, monkeypatch):
    """What was written lies in the future; PostgreSQL's own clock shows it as well."""
    from portal import jobs

    app = create_app(load())
    with app.app_context():
        jobs.enqueue("work")
        db.session.commit()
        db.engine.dispose()
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now - timedelta(hours=3))
    ((state, what, do),) = found(doctor_trust.clocks)
    assert state == "warn"
    assert "3 hours" in what or "2 hours" in what
    assert "timedatectl" in do


def test_the_last_backup(found, ready, tmp_path, monkeypatch):
    ((state, what, do),) = found(doctor_trust.backup)
    assert (state, "none was made" in what) == ("warn", True)
    assert "portal backup" in do
    assert ready("backup", tmp_path / "b.tar").status == 0
    ((state, what, do),) = found(doctor_trust.backup)
    assert (state, do) == ("ok", "")
    assert "b.tar" in what
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=3))
    ((state, what, _),) = found(doctor_trust.backup)
    assert (state, "3 days ago" in what) == ("warn", True)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"at": "never"}', '{"at": 3}'])
def test_a_note_nobody_can_read(found, settings, content):
    (settings.data_dir / backups.LAST).write_text(content)
    ((state, _, _),) = found(doctor_trust.backup)
    assert state == "warn"


def test_the_audit_log(found, ready, tmp_path, settings):
    assert ready("backup", tmp_path / "b.tar").status == 0  # tells the log
    ((state, what, _),) = found(doctor_trust.audit)
    assert (state, what.startswith("1 entries")) == ("ok", True)
    if settings.database_url.startswith("sqlite"):
        execute("DROP TRIGGER audit_entries_no_update")
    else:
        execute("ALTER TABLE audit_entries DISABLE TRIGGER USER")
    execute("UPDATE audit_entries SET action = 'nothing'")
    ((state, what, do),) = found(doctor_trust.audit)
    assert state == "fail"
    assert "entry 1" in what
    assert "portal audit verify" in do


def test_lost_files_are_named(found, ready, settings):
    from tests.browser import ROOT

    folder = ROOT / "content" / "battlecard" / "kestrel"
    assert ready("content", "load", folder, "--publish").status == 0
    app = create_app(load())
    digest, _ = attach(app)
    assert found(doctor_trust.gone) == []
    (settings.data_dir / "files" / digest[:2] / digest[2:4] / digest).unlink()
    ((state, what, do),) = found(doctor_trust.gone)
    assert (state, digest[:12] in what, "backup" in do) == ("fail", True, True)


def test_doctor_tells_them_all(ready):
    names = {row["name"] for row in json.loads(ready("doctor", "--json").out)["findings"]}
    assert {"clock", "backup", "audit", "files", "worker", "mail", "disk", "schema"} <= names
