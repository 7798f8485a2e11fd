"""Every SELECT of the agreement: versions, proposals, what is due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from portal.accounts import policy
from portal.accounts.acts import Act
from portal.accounts.models import User
from portal.asset_requests.agreement.clocks import Promise
from portal.asset_requests.agreement.models import Agreement, RequestClock, RequestTerms
from portal.asset_requests.agreement.rules import Outcome
from portal.db import db

_SIGNED = (joinedload(Agreement.proposer), joinedload(Agreement.signer))


def newest(*, lock: bool = False) -> Agreement | None:
    """Return the version in force, locked if asked for; None: nobody has signed or filed yet."""
    query = (
        select(Agreement)
        .where(Agreement.number.is_not(None))
        .order_by(Agreement.number.desc())
        .limit(1)
    )
    return db.session.scalar(query.with_for_update() if lock else query)


def version(number: int) -> Agreement | None:
    """Return a version."""
    return db.session.scalar(select(Agreement).where(Agreement.number == number).options(*_SIGNED))


def versions() -> Sequence[Agreement]:
    """Return all versions, the newest first."""
    return db.session.scalars(
        select(Agreement)
        .where(Agreement.number.is_not(None))
        .order_by(Agreement.number.desc())
        .options(*_SIGNED)
    ).all()


def proposal() -> Agreement | None:
    """Return the proposal that waits for the other side, if there is one."""
    return db.session.scalar(
        select(Agreement)
        .where(Agreement.outcome == Outcome.OPEN)
        .order_by(Agreement.id.desc())
        .limit(1)
        .options(*_SIGNED)
    )


def signers(department: str, roles: Sequence[str]) -> Sequence[str]:
    """Return the names of those who can sign for a department."""
    return db.session.scalars(
        select(User.name)
        .where(User.department == department, User.role.in_(roles), User.active)
        .order_by(User.name, User.id)
    ).all()


def terms_of(request_id: int) -> RequestTerms | None:
    """Return the version a request was filed under, and what is due."""
    return db.session.get(RequestTerms, request_id)


def clocks_of(request_id: int) -> Sequence[RequestClock]:
    """Return the clocks of a request as they are kept."""
    return db.session.scalars(
        select(RequestClock)
        .where(RequestClock.request_id == request_id)
        .order_by(RequestClock.started_at, RequestClock.id)
    ).all()


def kept_at(request_id: int, promise: Promise) -> Sequence[datetime]:
    """Return when a promise about a request was kept, each time."""
    query = (
        select(RequestClock.ended_at)
        .where(
            RequestClock.request_id == request_id,
            RequestClock.promise == promise.value,
            RequestClock.kept,
            RequestClock.ended_at.is_not(None),
        )
        .order_by(RequestClock.ended_at)
    )
    return [at for at in db.session.scalars(query) if at is not None]


@dataclass(frozen=True, slots=True)
class Due:
    """A promise that is due soon, or is over."""

    id: int
    request_id: int
    promise: str
    round: int
    department: str
    owner_id: int | None
    due_at: datetime | None


def due(now: datetime, *, since: datetime) -> Sequence[Due]:
    """Return open promises that are due soon or have been due since a moment.

    Not ratings: who owes one is reminded after the call, and to try comes first.
    """
    clock = RequestClock
    return [
        Due(*row)
        for row in db.session.execute(
            select(
                clock.id,
                clock.request_id,
                clock.promise,
                clock.round,
                clock.department,
                clock.owner_id,
                clock.due_at,
            )
            .where(
                clock.ended_at.is_(None),
                clock.promise != Promise.RATE.value,
                clock.due_at >= since,
                or_(clock.due_at < now, clock.soon_at <= now),
            )
            .order_by(clock.due_at, clock.id)
        )
    ]


def terms_by_id(ids: Sequence[int]) -> dict[int, Agreement]:
    """Return agreements by their id."""
    rows = db.session.scalars(select(Agreement).where(Agreement.id.in_(ids)).order_by(Agreement.id))
    return {row.id: row for row in rows}


def present(ids: Sequence[int]) -> set[int]:
    """Return which of these people are here."""
    return set(
        db.session.scalars(select(User.id).where(User.id.in_(ids), User.active).order_by(User.id))
    )


def writers() -> dict[str, list[int]]:
    """Return who writes in each department and is here."""
    found: dict[str, list[int]] = {}
    rows = db.session.execute(
        select(User.department, User.id)
        .where(
            User.role.in_(policy.roles(Act.REQUESTS_WORK)),
            User.department.is_not(None),
            User.active,
        )
        .order_by(User.id)
    )
    for department, user_id in rows:
        found.setdefault(department or "", []).append(user_id)
    return found


def managers() -> list[int]:
    """Return all managers who are here."""
    roles = policy.roles(Act.AGREEMENT_SIGN)
    return list(
        db.session.scalars(
            select(User.id).where(User.role.in_(roles), User.active).order_by(User.id)
        )
    )
