"""Signed-in browsers as rows: started, found by the cookie's token, seen, ended."""

import hashlib
import logging
import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import ColumnElement, delete, or_, update
from sqlalchemy.exc import SQLAlchemyError

from portal import clock
from portal.accounts import queries
from portal.accounts.models import SignInSession
from portal.accounts.rules import SEEN_EVERY, Limits, Role, is_alive, is_due
from portal.audit import service as audit
from portal.config import Language
from portal.db import apart, db, writing
from portal.errors import NotFound

log = logging.getLogger(__name__)

TOKEN_BYTES = 32
TOKEN_MOST = 100
DEVICE_MOST = 200


@dataclass(frozen=True)  # not slots: the frame of the page reads __dict__
class CurrentUser:
    """Who is signed in: what pages need to know without another query."""

    id: int
    email: str
    name: str
    role: Role
    department: str | None
    language: Language | None
    team_id: int | None
    team: str | None
    session_id: int
    last_seen_at: datetime
    token: str = field(repr=False)
    unread: int = 0  # notices, counted up to queries.UNREAD_MOST
    working_on: int | None = None  # the deal they said last; None: none
    working_since: datetime | None = None  # when they said so; None: never
    confirmed_at: datetime | None = None  # when they last showed who they are

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        """Return what the cookie keeps: the session's token, never the person's id."""
        return self.token


def _hash(token: str) -> str:
    """Return what the row keeps of a token; a stolen table opens no session."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def start(user_id: int, *, address: str, device: str, limits: Limits, shown: bool = True) -> str:
    """Start a session, sweep the person's dead ones, and return the token for the cookie.

    `shown`: whether the person has just shown who they are, so that dangerous things need not ask.
    """
    now = clock.now()
    dead = or_(
        SignInSession.ended_at.is_not(None),
        SignInSession.created_at <= now - limits.absolute,
        SignInSession.last_seen_at <= now - limits.idle,
    )
    db.session.execute(delete(SignInSession).where(SignInSession.user_id == user_id, dead))
    token = secrets.token_urlsafe(TOKEN_BYTES)
    row = SignInSession(
        token_hash=_hash(token),
        user_id=user_id,
        created_at=now,
        last_seen_at=now,
        confirmed_at=now if shown else None,
        address=address[:64],
        device="".join(c for c in device if c.isprintable())[:DEVICE_MOST],
    )
    db.session.add(row)
    db.session.flush()
    audit.record("session.started", kind="user", key=user_id, actor=user_id)
    return token


def find(token: str, *, limits: Limits) -> CurrentUser | None:
    """Return who holds a token, in one query; None when the session is over in any way."""
    if not token or len(token) > TOKEN_MOST:
        return None
    row = queries.signed_in(_hash(token))
    if row is None or not is_alive(
        row.started_at, row.last_seen_at, limits=limits, now=clock.now()
    ):
        return None
    return CurrentUser(
        id=row.id,
        email=row.email,
        name=row.name,
        role=Role(row.role),
        department=row.department,
        language=Language(row.language) if row.language else None,
        team_id=row.team_id,
        team=row.team,
        session_id=row.session_id,
        last_seen_at=row.last_seen_at,
        token=token,
        unread=row.unread,
        working_on=row.working_on,
        working_since=row.working_since,
        confirmed_at=row.confirmed_at,
    )


def confirm(user: CurrentUser) -> CurrentUser:
    """Note, in a transaction of its own, that somebody showed who they are; the token is another.

    Who had the one before is out: a copied cookie does not profit from its owner's password.

    Raises:
        NotFound: when the session was ended meanwhile.
    """
    now, token = clock.now(), secrets.token_urlsafe(TOKEN_BYTES)
    this = (
        update(SignInSession)
        .where(SignInSession.token_hash == _hash(user.token), SignInSession.ended_at.is_(None))
        .values(token_hash=_hash(token), confirmed_at=now)
        .execution_options(synchronize_session=False)
        .returning(SignInSession.id)
    )
    with writing(), apart() as own:
        if own.execute(this).one_or_none() is None:
            raise NotFound
        own.commit()
    return replace(user, token=token, confirmed_at=now)


def touch(user: CurrentUser) -> None:
    """Note, at most every five minutes and in a transaction of its own, that a session is used."""
    now = clock.now()
    if not is_due(user.last_seen_at, now=now):
        return
    seen = (
        update(SignInSession)
        .where(SignInSession.id == user.session_id, SignInSession.last_seen_at <= now - SEEN_EVERY)
        .values(last_seen_at=now)
        .execution_options(synchronize_session=False)
    )
    try:
        with writing(), apart() as own:
            own.execute(seen)
            own.commit()
    except SQLAlchemyError:
        log.warning("session %d: its use could not be noted", user.session_id, exc_info=True)


def end(session_id: int) -> None:
    """End one session."""
    _end(SignInSession.id == session_id)
    audit.record("session.ended", kind="session", key=session_id)


def end_own(user_id: int, session_id: int, *, limits: Limits) -> None:
    """End one of a person's own sessions.

    Raises:
        NotFound: when it is somebody else's, or over already.
    """
    own = queries.sessions_of(user_id, limits=limits, now=clock.now())
    if session_id not in {row.id for row in own}:
        raise NotFound
    end(session_id)


def end_all(user_id: int, *, but: int = 0) -> None:
    """End every session of a person, or all `but` one."""
    _end(SignInSession.user_id == user_id, SignInSession.id != but)
    audit.record("session.all_ended", kind="user", key=user_id)


def _end(*which: ColumnElement[bool]) -> None:
    query = update(SignInSession).where(*which, SignInSession.ended_at.is_(None))
    db.session.execute(query.values(ended_at=clock.now()))
