"""Every SELECT about people, teams, sessions and attempts to sign in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Row,
    Select,
    bindparam,
    column,
    literal_column,
    or_,
    select,
    table,
)
from sqlalchemy.orm import Session, contains_eager

from portal.accounts.models import SignInAttempt, SignInSession, Team, User
from portal.accounts.rules import DEMO_DOMAIN, Attempt, Limits, Role, email_keys, fold
from portal.db import UTCDateTime, db


def by_email(email: str) -> User | None:
    """Return the person with an e-mail address, in whatever case and spelling of its domain."""
    keys = email_keys(email)
    found = db.session.scalars(select(User).where(User.email_key.in_(keys)))
    return min(found, key=lambda user: keys.index(user.email_key), default=None)


def list_users() -> Sequence[User]:
    """Return everybody, active or not, with their teams, by e-mail."""
    query = (
        select(User)
        .outerjoin(User.team)
        .options(contains_eager(User.team))
        .order_by(User.email_key, User.id)
    )
    return db.session.scalars(query).all()


def team_by_name(name: str) -> Team | None:
    """Return a team by its name, without regard to case."""
    return db.session.scalar(select(Team).where(Team.name_key == fold(name)))


def lock_active_admins() -> Sequence[int]:
    """Return the ids of those who can manage people, held until the transaction ends.

    Two admins who demote each other at the same moment thus come one after the other.
    """
    query = (
        select(User.id)
        .where(User.role == Role.ADMIN.value, User.active.is_(True))
        .order_by(User.id)
        .with_for_update()
    )
    return db.session.scalars(query).all()


_sessions, _users, _teams = SignInSession.__table__.c, User.__table__.c, Team.__table__.c

UNREAD_MOST = 100
"""How far what a person has not read is counted."""
_UNREAD: Any = literal_column(
    "(SELECT count(*) FROM (SELECT 1 FROM notices"  # noqa: S608  # a number of ours
    " WHERE notices.user_id = users.id AND notices.read_at IS NULL"
    f" LIMIT {UNREAD_MOST}) AS unread)"
).label("unread")  # every page shows it: asked for with who it is, not by a query of its own

# the deal they work on is of a feature above this one, and part of every page as well
_working: Any = table(
    "working_deals", column("user_id"), column("deal_id"), column("since", UTCDateTime())
).c

# The most frequent query of all: plain columns, and written once so that it is compiled once.
_SIGNED_IN: Select[Any] = (
    select(
        _sessions.id.label("session_id"),
        _sessions.created_at.label("started_at"),
        _sessions.last_seen_at,
        _sessions.confirmed_at,
        _users.id,
        _users.email,
        _users.name,
        _users.role,
        _users.department,
        _users.language,
        _users.team_id,
        _teams.name.label("team"),
        _UNREAD,
        _working.deal_id.label("working_on"),
        _working.since.label("working_since"),
    )
    .select_from(SignInSession.__table__)
    .join(User.__table__, _users.id == _sessions.user_id)
    .outerjoin(Team.__table__, _teams.id == _users.team_id)
    .outerjoin(_working.user_id.table, _working.user_id == _users.id)
    .where(
        _sessions.token_hash == bindparam("token_hash"),
        _sessions.ended_at.is_(None),
        _users.active.is_(True),
    )
)


def signed_in(token_hash: str) -> Row[Any] | None:
    """Return session, person and team of a token's hash, if neither is ended or deactivated."""
    connection = db.session.connection()  # the session's own way costs a tenth more
    return connection.execute(_SIGNED_IN, {"token_hash": token_hash}).one_or_none()


def sessions_of(user_id: int, *, limits: Limits, now: datetime) -> Sequence[SignInSession]:
    """Return a person's sessions that still open the portal, the one used last first."""
    query = (
        select(SignInSession)
        .where(
            SignInSession.user_id == user_id,
            SignInSession.ended_at.is_(None),
            SignInSession.created_at > now - limits.absolute,
            SignInSession.last_seen_at > now - limits.idle,
        )
        .order_by(SignInSession.last_seen_at.desc(), SignInSession.id.desc())
    )
    return db.session.scalars(query).all()


def recent_attempts(own: Session, account: str, address: str, *, after: datetime) -> list[Attempt]:
    """Return what was tried on an account or from an address, oldest first."""
    query = (
        select(
            SignInAttempt.at,
            SignInAttempt.account_key,
            SignInAttempt.address_key,
            SignInAttempt.succeeded,
        )
        .where(
            or_(SignInAttempt.account_key == account, SignInAttempt.address_key == address),
            SignInAttempt.at > after,
        )
        .order_by(SignInAttempt.at, SignInAttempt.id)
    )
    return [Attempt(*row) for row in own.execute(query)]


@dataclass(frozen=True, slots=True)
class Secret:
    """What a password is checked against."""

    user_id: int
    account: str
    password_hash: str | None


def secret_of_account(own: Session, keys: Sequence[str]) -> Secret | None:
    """Return the secret of the active person with an e-mail's key, the first of these there is."""
    query = select(*_SECRET).where(User.email_key.in_(keys), User.active.is_(True))
    rows = own.execute(query).all()
    return Secret(*min(rows, key=lambda row: keys.index(row.email_key))) if rows else None


def secret_of_user(own: Session, user_id: int, *, lock: bool = False) -> Secret | None:
    """Return an active person's secret; `lock` keeps it from changing in this transaction."""
    query = select(*_SECRET).where(User.id == user_id)
    return _secret(own, query.with_for_update() if lock else query)


_SECRET = (User.id, User.email_key, User.password_hash)


def _secret(own: Session, query: Any) -> Secret | None:  # noqa: ANN401  # a Select of any columns
    row = own.execute(query.where(User.active.is_(True))).one_or_none()
    return Secret(*row) if row else None


def demo_people() -> list[User]:
    """Return the first active one of the demo's people for each role, the least role first."""
    query = (
        select(User)
        .where(User.active.is_(True), User.email_key.endswith(f"@{DEMO_DOMAIN}", autoescape=True))
        .order_by(User.id)
    )
    first: dict[Role, User] = {}
    for user in db.session.scalars(query):
        first.setdefault(Role(user.role), user)
    return [first[role] for role in Role if role in first]
