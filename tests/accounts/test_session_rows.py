"""The rows of sessions to the moment and the character: what is kept, swept, noted and ended."""

from datetime import timedelta

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError

from portal import clock
from portal.accounts import sessions
from portal.accounts.models import SignInSession
from portal.accounts.rules import SEEN_EVERY, Limits
from portal.audit.models import AuditEntry
from portal.config import Language
from portal.errors import NotFound
from tests import make

LIMITS = Limits(idle=timedelta(hours=72), absolute=timedelta(days=30))


def start(user, **values):
    told = {"address": "192.0.2.1", "device": "Firefox/1", "limits": LIMITS}
    return sessions.start(user.id, **told | values)


def rows(db):
    db.session.expire_all()
    return list(db.session.scalars(select(SignInSession).order_by(SignInSession.id)))


@pytest.fixture
def later(monkeypatch):
    """Stop the clock, to be moved on."""
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)
    return lambda **span: monkeypatch.setattr(clock, "now", lambda: now + timedelta(**span))


def test_tokens_are_long_and_never_the_same(db):
    user = make.user()
    tokens = {start(user) for _ in range(50)}
    assert len(tokens) == 50
    assert {len(token) for token in tokens} == {43}, "32 random bytes"
    assert {len(row.token_hash) for row in rows(db)} == {64}, "SHA-256"


def test_what_a_row_keeps_is_cut_and_clean(db, later):
    start(make.user(), address="a" * 70, device="Fire\nfox\0" + "x" * 300)
    (row,) = rows(db)
    assert row.address == "a" * 64
    assert row.device == "Firefox" + "x" * 193
    assert (row.created_at, row.last_seen_at, row.ended_at) == (clock.now(), clock.now(), None)


def test_each_kind_of_dead_row_is_swept_and_only_the_persons_own(db, later):
    me, other = make.user(), make.user()
    ended, old, idle, alive = (start(me) for _ in range(4))
    start(other)
    made = {it: sessions.find(it, limits=LIMITS).session_id for it in (ended, old, idle, alive)}
    now = clock.now()
    for token, values in (
        (ended, {"ended_at": now}),
        (old, {"created_at": now - LIMITS.absolute, "last_seen_at": now}),
        (idle, {"last_seen_at": now - LIMITS.idle}),
        (alive, {
            "created_at": now - LIMITS.absolute + timedelta(seconds=1),
            "last_seen_at": now - LIMITS.idle + timedelta(seconds=1),
        }),
    ):  # fmt: skip
        row = db.session.get(SignInSession, made[token])
        for name, value in values.items():
            setattr(row, name, value)
    someone = next(row for row in rows(db) if row.user_id == other.id)
    someone.ended_at = now
    db.session.flush()
    newest = start(me)
    left = {row.id for row in rows(db)}
    assert {made[ended], made[old], made[idle]} & left == set()
    assert {made[alive], someone.id, sessions.find(newest, limits=LIMITS).session_id} == left


def test_who_is_found_is_told_whole(db, later):
    user = make.user(name="Lan", department="sales", language="vi")
    other = sessions.find(start(make.user()), limits=LIMITS)
    found = sessions.find(start(user), limits=LIMITS)
    assert (found.id, found.email, found.name) == (user.id, user.email, "Lan")
    assert (found.department, found.language) == ("sales", Language.VI)
    assert (found.team, found.team_id, found.unread) == (None, None, 0)
    assert (found.working_on, found.working_since) == (None, None)
    assert found.last_seen_at == clock.now()
    assert other.language is None
    assert (found.is_authenticated, found.is_active, found.is_anonymous) == (True, True, False)


@pytest.mark.parametrize("length", [0, 101, 5000])
def test_a_text_that_is_no_token_is_not_even_looked_up(db, length):
    asked = []
    event.listen(db.engine, "before_cursor_execute", lambda *it: asked.append(it[2]))
    assert sessions.find("x" * length, limits=LIMITS) is None
    assert asked == []


def test_the_longest_text_that_may_be_one_is_looked_up(db):
    asked = []
    event.listen(db.engine, "before_cursor_execute", lambda *it: asked.append(it[2]))
    assert sessions.find("x" * 100, limits=LIMITS) is None
    assert ["token_hash" in it for it in asked if it.startswith("SELECT")] == [True]


def test_limits_are_those_of_the_moment(db, later):
    token = start(make.user())
    later(hours=71, minutes=59)
    assert sessions.find(token, limits=LIMITS)
    later(hours=72)
    assert sessions.find(token, limits=LIMITS) is None
    later(hours=71)
    short = Limits(idle=LIMITS.idle, absolute=timedelta(hours=71))
    assert sessions.find(token, limits=short) is None


def test_a_use_is_noted_in_its_own_row_and_once(db, later):
    user = make.user()
    token, beside = start(user), start(user)
    began = clock.now()
    db.session.commit()
    found = sessions.find(token, limits=LIMITS)
    later(minutes=4, seconds=59)
    sessions.touch(found)
    assert {row.last_seen_at for row in rows(db)} == {began}
    later(seconds=SEEN_EVERY.total_seconds())
    sessions.touch(found)
    seen = {row.id: row.last_seen_at for row in rows(db)}
    mine = found.session_id
    others = sessions.find(beside, limits=LIMITS).session_id
    assert (seen[mine], seen[others]) == (began + SEEN_EVERY, began)
    later(minutes=7)  # a page that was slow tells its use after one that was quick
    sessions.touch(found)
    assert {row.id: row.last_seen_at for row in rows(db)}[mine] == began + SEEN_EVERY


def test_a_use_that_can_not_be_noted_breaks_no_page(db, later, monkeypatch, caplog):
    found = sessions.find(start(make.user()), limits=LIMITS)
    later(hours=1)

    def locked():
        raise OperationalError("update", {}, Exception("locked"))

    monkeypatch.setattr(sessions, "apart", locked)
    sessions.touch(found)
    (record,) = caplog.records
    assert record.getMessage() == f"session {found.session_id}: its use could not be noted"
    assert record.exc_info


def test_one_ends_ones_own_and_what_is_alive(db, later):
    me, other = make.user(), make.user()
    mine, theirs = start(me), start(other)
    number = sessions.find(mine, limits=LIMITS).session_id
    with pytest.raises(NotFound):
        sessions.end_own(other.id, number, limits=LIMITS)
    assert sessions.find(mine, limits=LIMITS)
    sessions.end_own(me.id, number, limits=LIMITS)
    assert sessions.find(mine, limits=LIMITS) is None
    assert sessions.find(theirs, limits=LIMITS)
    with pytest.raises(NotFound):
        sessions.end_own(me.id, number, limits=LIMITS)


def test_an_end_is_told_once(db, later):
    user = make.user()
    first, second = start(user), start(user)
    ended = clock.now()
    sessions.end(sessions.find(first, limits=LIMITS).session_id)
    later(minutes=1)
    sessions.end_all(user.id)
    assert [row.ended_at for row in rows(db)] == [ended, ended + timedelta(minutes=1)]
    assert sessions.find(second, limits=LIMITS) is None


def test_what_begins_and_ends_is_in_the_audit_log(db, later):
    user = make.user()
    number = sessions.find(start(user), limits=LIMITS).session_id
    sessions.end(number)
    sessions.end_all(user.id)
    db.session.commit()
    told = db.session.execute(
        select(AuditEntry.action, AuditEntry.kind, AuditEntry.key).order_by(AuditEntry.sequence)
    )
    assert told.all() == [
        ("session.started", "user", str(user.id)),
        ("session.ended", "session", str(number)),
        ("session.all_ended", "user", str(user.id)),
    ]


def test_who_confirms_has_another_token_and_nobody_else_has(db, later):
    user, other = make.user(), make.user()
    token, beside, theirs = start(user), start(user), start(other)
    db.session.commit()
    later(minutes=1)
    confirmed = sessions.confirm(sessions.find(token, limits=LIMITS))
    assert sessions.find(token, limits=LIMITS) is None
    assert sessions.find(confirmed.token, limits=LIMITS).confirmed_at == clock.now()
    for left in (beside, theirs):
        assert sessions.find(left, limits=LIMITS).confirmed_at != clock.now()
