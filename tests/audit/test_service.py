"""Entries are written with the commit of what they tell of, chained, and can not be changed."""

from datetime import timedelta

import pytest
from flask import g
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import DBAPIError

from portal import clock
from portal.audit import checking, origin, queries, service
from portal.audit.models import AuditDetail, AuditEntry, AuditHead
from portal.db import Base
from portal.db import db as _db
from tests import make
from tests.together import at_once


def entries():
    return _db.session.scalars(select(AuditEntry).order_by(AuditEntry.sequence)).all()


def verified():
    return service.verify()


def tell(key="1", **values):
    service.record("user.role_changed", kind="user", key=key, **values)


def test_what_is_told_is_written_with_the_commit(db):
    tell(12, before={"role": "rep"}, after={"role": "manager", "name": "Lan"}, actor=7)
    assert entries() == []
    db.session.commit()
    (one,) = entries()
    assert (one.sequence, one.actor, one.via, one.action) == (1, 7, "command", "user.role_changed")
    assert (one.kind, one.key, one.request_id) == ("user", "12", "")
    assert (one.before, one.after) == ({"role": "rep"}, {"role": "manager"})
    assert db.session.scalar(select(AuditDetail.personal)) == {"after": {"name": "Lan"}}
    report = verified()
    assert (report.good, report.entries, report.head.hash) == (True, 1, one.hash)


def test_an_empty_log_is_good(db):
    assert verified().good
    assert verified().entries == 0


def test_what_is_rolled_back_was_never_told(db):
    tell("gone")
    db.session.rollback()
    tell("kept")
    with db.session.begin_nested():
        tell("inside")
    outer = db.session.begin_nested()
    tell("undone")
    with db.session.begin_nested():
        tell("undone, too")
    outer.rollback()
    tell("after")
    db.session.commit()
    assert [one.key for one in entries()] == ["kept", "inside", "after"]
    db.session.commit()  # nothing was told since
    assert len(entries()) == 3
    assert verified().good


def test_a_request_tells_who_and_from_where(app, db, monkeypatch):
    person = make.user()
    db.session.commit()
    with app.test_request_context("/", environ_base={"REMOTE_ADDR": "2001:db8::7"}):
        monkeypatch.setattr(g, "_login_user", person, raising=False)
        monkeypatch.setattr(g, "request_id", "abc-1", raising=False)
        tell(after={"email": "new@example.com"})
        db.session.commit()
    (one,) = entries()
    assert (one.actor, one.via, one.request_id) == (person.id, "web", "abc-1")
    assert db.session.scalar(select(AuditDetail.personal)) == {
        "after": {"email": "new@example.com"}, "address": "2001:db8::7",
    }  # fmt: skip
    assert one.after == {}


def test_a_stranger_and_the_worker(app, db):
    with app.test_request_context("/", environ_base={"REMOTE_ADDR": ""}):
        tell()
    with origin.worker():
        tell()
    db.session.commit()
    assert [(one.actor, one.via, one.sealed) for one in entries()] == [
        (None, "web", ""), (None, "worker", ""),
    ]  # fmt: skip


def test_some_things_are_written_though_the_request_is_refused(db):
    service.record_apart("session.refused", kind="user", key="3", after={"why": "password"})
    db.session.rollback()
    assert [one.action for one in entries()] == ["session.refused"]
    assert verified().good


CHANGES = (
    update(AuditEntry).values(action="x"),
    delete(AuditEntry).where(AuditEntry.sequence == 1),
    update(AuditDetail).values(salt="x"),
)


def guarded(db):
    tell(after={"name": "Lan"})
    tell()
    db.session.commit()
    for change in CHANGES:
        with pytest.raises(DBAPIError, match="only ever added to"), db.session.begin_nested():
            db.session.execute(change)
    if db.session.connection().dialect.name == "postgresql":
        for table in ("audit_entries, audit_details", "audit_details"):
            with pytest.raises(DBAPIError, match="only ever added to"), db.session.begin_nested():
                db.session.execute(text(f"TRUNCATE {table}"))
    assert len(entries()) == 2
    db.session.execute(delete(AuditDetail))  # to forget is not to forge
    assert verified().findings[0].trouble is checking.Trouble.HIDDEN


def test_the_database_refuses_to_change_or_delete(db):
    guarded(db)


def test_so_does_a_migrated_one(empty):
    from portal.cli import database

    with empty.app_context():
        database.upgrade()
        guarded(_db)


@pytest.fixture
def real(empty):
    """An application whose commits are real."""
    with empty.app_context():
        Base.metadata.create_all(_db.engine)
        for number in (1, 2):
            make.user(f"{number}@example.com")
        _db.session.commit()
    return empty


def test_writers_at_the_same_moment_make_one_chain(real):
    def work(number):
        def run():
            for turn in range(5):
                tell(f"{number}.{turn}")
                if turn % 2:
                    tell(f"{number}.{turn} more")
                _db.session.commit()

        return run

    at_once(real, *[work(number) for number in range(6)])
    with real.app_context():
        keys = [one.key for one in entries()]
        report = verified()
    assert report.good, report.findings
    assert (len(keys), len(set(keys)), report.entries) == (42, 42, 42)
    for number in range(6):  # each writer's in its own order
        own = [key for key in keys if key.startswith(f"{number}.")]
        assert own == sorted(own)


def test_two_who_tell_and_then_want_what_the_other_has_wait_for_nobody(real):
    """The head is not held while the rest of a transaction goes on."""
    import threading

    from portal.accounts.models import User

    first_told, second_done = threading.Event(), threading.Event()
    sqlite = "sqlite" in str(real.config["SQLALCHEMY_DATABASE_URI"])

    def slow():
        tell("slow")
        _db.session.execute(update(User).where(User.email_key == "1@example.com").values(name="x"))
        first_told.set()
        assert sqlite or second_done.wait(10)  # SQLite has one writer anyway

    def quick():
        assert first_told.wait(10)
        tell("quick")
        _db.session.execute(update(User).where(User.email_key == "2@example.com").values(name="x"))
        _db.session.commit()
        second_done.set()

    at_once(real, slow, quick)
    with real.app_context():
        keys = [one.key for one in entries()]
        assert verified().good
    assert keys == (["slow", "quick"] if sqlite else ["quick", "slow"])


def test_the_head_is_found_by_whoever_came_second(db, monkeypatch):
    """Two begin the chain at once: the second finds the head the first has made."""
    db.session.add(AuditHead(id=1, sequence=0, hash="0" * 64))
    db.session.flush()
    seen = iter([None])
    real = queries.lock_head
    monkeypatch.setattr(queries, "lock_head", lambda own: next(seen, real(own)))
    tell()
    db.session.commit()
    assert verified().good


def personal(count):
    return _db.session.scalar(select(func.count()).select_from(AuditDetail)) == count


def test_a_person_is_forgotten_and_the_chain_stays_good(db):
    lan, boss = make.user("lan@example.com"), make.user("boss@example.com")
    service.record("user.added", kind="user", key=lan.id, after={"name": "Lan"}, actor=boss.id)
    service.record("user.renamed", kind="user", key=boss.id, after={"name": "Bo"}, actor=lan.id)
    service.record("user.added", kind="user", key=boss.id, after={"name": "Bo"}, actor=boss.id)
    db.session.commit()
    assert personal(3)
    assert service.forget_person(lan.id) == 2
    db.session.commit()
    assert personal(1)
    assert entries()[-1].after == {"entries": 2, "person_number": lan.id}
    report = verified()
    assert (report.good, report.forgotten) == (True, 2)
    assert service.forget_person(lan.id) == 0
    db.session.commit()
    assert len(entries()) == 4


def test_what_is_old_is_forgotten_lot_by_lot(db, monkeypatch):
    for number in range(3):
        service.record("user.added", kind="user", key=number, after={"name": "Lan"})
    db.session.commit()
    now = clock.now()
    assert service.forget_before(now - timedelta(hours=1), 2) == 0
    later = now + timedelta(hours=1)
    assert [service.forget_before(later, 2) for _ in range(3)] == [2, 1, 0]
    db.session.commit()
    assert personal(0)
    assert verified().good


def test_all_is_read_when_the_entry_to_begin_at_is_not_there(db, monkeypatch):
    for number in range(3):
        tell(number)
    db.session.commit()
    assert service.verify(newest=1).entries == 1
    monkeypatch.setattr(service.queries, "point_at", lambda _number: None)
    report = service.verify(newest=1)
    assert (report.good, report.entries) == (True, 3)
