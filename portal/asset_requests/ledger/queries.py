"""Every SELECT of the ledger: the promises of a month, and what became of those of every month."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, case, func, or_, select, type_coerce

from portal.accounts.models import Team, User
from portal.asset_requests.agreement.models import RequestClock
from portal.calls.feedback.models import DealFeedback
from portal.db import UTCDateTime, db
from portal.deals.models import Deal
from portal.deals.rules import Outcome


@dataclass(frozen=True, slots=True)
class Asked:
    """A rep was asked what helped on a deal that had ended; `done_at` is when they said it."""

    department: str
    team_id: int | None
    asked_at: datetime
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class Counted:
    """A promise as the ledger counts it; `used` is None while it is open."""

    promise: str
    department: str
    team_id: int | None
    started_at: datetime
    due_at: datetime | None
    ended_at: datetime | None
    kept: bool
    used: int | None
    agreement_id: int
    pauses: list[list[str | None]]


def counted(month: str) -> Sequence[Counted]:
    """Return all promises that began in a month."""
    clock = RequestClock
    rows = db.session.execute(
        select(
            clock.promise,
            clock.department,
            clock.team_id,
            clock.started_at,
            clock.due_at,
            clock.ended_at,
            clock.kept,
            clock.used,
            clock.agreement_id,
            clock.pauses,
        )
        .where(clock.month == month)
        .order_by(clock.promise, clock.id)
    )
    return [Counted(**row) for row in rows.mappings()]


def months(now: datetime) -> Sequence[tuple[str, str, int, int]]:
    """Return (month, promise, on time, late) of all months, the newest first."""
    clock = RequestClock
    is_late = or_(clock.ended_at > clock.due_at, and_(clock.ended_at.is_(None), clock.due_at < now))
    is_kept = and_(clock.kept, clock.ended_at <= clock.due_at)
    rows = db.session.execute(
        select(
            clock.month,
            clock.promise,
            func.sum(case((is_kept, 1), else_=0)),
            func.sum(case((is_late, 1), else_=0)),
        )
        .group_by(clock.month, clock.promise)
        .order_by(clock.month.desc(), clock.promise)
    )
    return [(m, p, int(kept), int(late)) for m, p, kept, late in rows]


def asked() -> Sequence[Asked]:
    """Return all that reps were asked about deals that had ended, the first question first."""
    # who only waved it away has not said what helped
    done_at = case((DealFeedback.skipped.is_(False), DealFeedback.answered_at))
    rows = db.session.execute(
        select(
            User.department,
            User.team_id,
            DealFeedback.asked_at,
            type_coerce(done_at, UTCDateTime()),
        )
        .join(User, User.id == DealFeedback.user_id)
        .join(Deal, Deal.id == DealFeedback.deal_id)
        .where(
            # of a deal that was opened again nothing is owed, nor by who has left
            or_(
                DealFeedback.answered_at.is_not(None),
                and_(Deal.outcome != Outcome.OPEN.value, User.active),
            )
        )
        .order_by(DealFeedback.asked_at, DealFeedback.deal_id)
    )
    return [Asked(department or "sales", team, at, done) for department, team, at, done in rows]


def teams() -> dict[int, str]:
    """Return the names of all teams."""
    rows = db.session.execute(select(Team.id, Team.name).order_by(Team.id))
    return {team_id: name for team_id, name in rows}  # noqa: C416  # a row is no pair to mypy
