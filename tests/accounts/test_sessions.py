from datetime import timedelta

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import SQLAlchemyError

from portal import clock
from portal.accounts import queries, service, sessions
from portal.accounts.models import SignInSession
from portal.accounts.rules import Limits, Role
from portal.errors import NotFound
from tests import make

LIMITS = Limits(idle=timedelta(hours=72), absolute=timedelta(days=30))


def start(user, **values):
    return sessions.start(
        user.id, **{"address": "192.0.2.1", "device": "Firefox/1", "limits": LIMITS, **values}
    )


def find(token):
    return sessions.find(token, limits=LIMITS)


@pytest.fixture
def later(monkeypatch):
    """Stop the clock, to be moved on."""
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)
    return lambda **span: monkeypatch.setattr(clock, "now", lambda: now + timedelta(**span))


def test_a_token_finds_the_person_in_one_query(db):
    user = make.user(
        role="marketer", team_id=make.team("North").id, department="sales", language="vi"
    )
    token = start(user)
    asked = []

    def count(_c, _cursor, statement, *_rest):
        asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", count)
    try:
        found = find(token)
    finally:
        event.remove(db.engine, "before_cursor_execute", count)
    assert (found.id, found.role, found.team, found.language) == (
        user.id,
        Role.MARKETER,
        "North",
        "vi",
    )
    assert found.get_id() == token
    assert len(asked) == 1


def test_the_token_is_not_kept(db):
    token = start(make.user())
    row = db.session.scalars(select(SignInSession)).one()
    assert token not in (row.token_hash, row.device, row.address)
    assert find(row.token_hash) is None
    assert token not in repr(find(token))


@pytest.mark.parametrize("token", ["", "x", "x" * 10_000, "\ud800", "\0"])
def test_no_other_text_finds_anybody(db, token):
    start(make.user())
    assert find(token) is None


def test_a_session_ends_when_unused(db, later):
    token = start(make.user())
    later(hours=71, minutes=59)
    assert find(token)
    later(hours=72)
    assert find(token) is None


def test_a_session_ends_however_much_it_is_used(db, later):
    token = start(make.user())
    for days in range(2, 30, 2):
        later(days=days)
        sessions.touch(find(token))
    later(days=30)
    assert find(token) is None


@pytest.mark.parametrize(
    ("span", "is_open"),
    [({"hours": 72, "seconds": -1}, True), ({"hours": 72}, False)],
)
def test_idle_to_the_second(db, later, span, is_open):
    user = make.user()
    token = start(user)
    later(**span)
    assert (find(token) is not None) is is_open
    assert bool(queries.sessions_of(user.id, limits=LIMITS, now=clock.now())) is is_open


@pytest.mark.parametrize(
    ("span", "is_open"),
    [({"days": 30, "seconds": -1}, True), ({"days": 30}, False)],
)
def test_thirty_days_to_the_second(db, later, span, is_open):
    user = make.user()
    token = start(user)
    for days in range(2, 30, 2):
        later(days=days)
        sessions.touch(find(token))
    later(**span)
    assert (find(token) is not None) is is_open
    assert bool(queries.sessions_of(user.id, limits=LIMITS, now=clock.now())) is is_open


def test_a_confirmation_lasts_no_longer_than_its_session(db, later):
    token = start(make.user())
    user = sessions.confirm(find(token))
    assert find(token) is None
    assert find(user.token).confirmed_at == user.confirmed_at
    sessions.end(user.session_id)
    with pytest.raises(NotFound):
        sessions.confirm(user)


def test_use_that_can_not_be_noted_is_no_fault(db, later, monkeypatch, caplog):
    user = make.user()
    found = find(start(user))
    later(minutes=6)
    monkeypatch.setattr(sessions, "apart", lambda: (_ for _ in ()).throw(SQLAlchemyError("no")))
    sessions.touch(found)
    assert "could not be noted" in caplog.text


def test_only_ones_own_sessions_are_ended(db):
    user, other = make.user(), make.user()
    mine, theirs = find(start(user)), find(start(other))
    with pytest.raises(NotFound):
        sessions.end_own(user.id, theirs.session_id, limits=LIMITS)
    sessions.end_own(user.id, mine.session_id, limits=LIMITS)
    with pytest.raises(NotFound):
        sessions.end_own(user.id, mine.session_id, limits=LIMITS)
    assert find(theirs.token)


def test_use_is_noted_at_most_every_five_minutes(db, later):
    user = make.user()
    token = start(user)
    begun = find(token).last_seen_at
    later(seconds=299)
    sessions.touch(find(token))
    assert find(token).last_seen_at == begun
    later(seconds=301)
    sessions.touch(find(token))
    assert find(token).last_seen_at == begun + timedelta(seconds=301)


def test_ending_one_leaves_the_others(db):
    user = make.user()
    first, second = start(user), start(user)
    sessions.end(find(first).session_id)
    assert find(first) is None
    assert find(second)


@pytest.mark.parametrize("end", [
    lambda user: sessions.end_all(user.id),
    service.deactivate,
    lambda user: service.set_password(user, "another long one"),
])  # fmt: skip
def test_all_of_a_person_end_at_once(db, end):
    user, other = make.user(), make.user()
    tokens, kept = [start(user), start(user)], start(other)
    end(user)
    assert [find(token) for token in tokens] == [None, None]
    assert find(kept)


def test_dead_rows_are_swept_at_the_next_sign_in(db, later):
    user, other = make.user(), make.user()
    sessions.end(find(start(user)).session_id)
    start(other)
    later(days=4)
    start(user)
    assert len(db.session.scalars(select(SignInSession).filter_by(user_id=user.id)).all()) == 1
    assert len(db.session.scalars(select(SignInSession).filter_by(user_id=other.id)).all()) == 1


def test_open_sessions_are_listed_latest_first(db, later):
    user = make.user()
    sessions.end(find(start(user)).session_id)
    start(user, device="old")
    later(hours=1)
    start(user, device="new\n\x1b[31m" + "x" * 300)
    rows = queries.sessions_of(user.id, limits=LIMITS, now=clock.now())
    assert [row.device[:3] for row in rows] == ["new", "old"]
    assert len(rows[0].device) == 200
    assert rows[0].device.isprintable()
    later(hours=72)
    assert len(queries.sessions_of(user.id, limits=LIMITS, now=clock.now())) == 1
