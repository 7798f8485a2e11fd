"""The SELECTs of the scorecard: goals, what was reached, promises of both sides."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import joinedload

from portal.accounts.models import User
from portal.db import db
from portal.deals.models import Deal
from portal.deals.rules import Outcome
from portal.insights.scorecard.models import SharedGoal, SidePromise
from portal.usage.rules import INTEGER_MOST

GOALS_MOST, PROMISES_MOST, CURRENCIES_MOST = 6, 60, 12


def goals() -> Sequence[SharedGoal]:
    """Return the goal that holds, first, and the ones before it."""
    query = select(SharedGoal).options(
        joinedload(SharedGoal.set_by), joinedload(SharedGoal.agreed_by)
    )
    return db.session.scalars(query.order_by(SharedGoal.id.desc()).limit(GOALS_MOST)).all()


def newest_goal() -> SharedGoal | None:
    """Return the goal that holds, kept from others' changes until the transaction ends."""
    query = select(SharedGoal).order_by(SharedGoal.id.desc()).limit(1)
    return db.session.scalars(query.with_for_update()).first()


def won(start: datetime, end: datetime) -> list[tuple[str, int, int, Any]]:
    """Return (currency, deals won, those with a value, their sum), most deals first."""
    query = (
        select(Deal.currency, func.count(), func.count(Deal.amount), func.sum(Deal.amount))
        .where(Deal.outcome == Outcome.WON.value, Deal.closed_at >= start, Deal.closed_at < end)
        .group_by(Deal.currency)
        .order_by(func.count().desc(), Deal.currency)
        .limit(CURRENCIES_MOST)
    )
    return [
        (code, int(n), int(valued), total) for code, n, valued, total in db.session.execute(query)
    ]


def decided(start: datetime, end: datetime) -> tuple[int, int]:
    """Return how many deals were won and how many lost."""
    is_won = case((Deal.outcome == Outcome.WON.value, 1), else_=0)
    row = db.session.execute(
        select(func.coalesce(func.sum(is_won), 0), func.count()).where(
            Deal.outcome.in_([Outcome.WON.value, Outcome.LOST.value]),
            Deal.closed_at >= start,
            Deal.closed_at < end,
        )
    ).one()
    return int(row[0]), int(row[1] - row[0])


def promises(month: str) -> Sequence[SidePromise]:
    """Return what both sides promised for a month, and what is open of months before."""
    it = SidePromise
    query = (
        select(it)
        .where(or_(it.month == month, (it.kept.is_(None)) & (it.month < month)))
        .options(joinedload(it.owner))
        .order_by(it.side, it.due_on, it.id)
        .limit(PROMISES_MOST)
    )
    return db.session.scalars(query).all()


def promise(promise_id: int) -> SidePromise | None:
    """Return a promise, held until the transaction ends."""
    if not 0 < promise_id <= INTEGER_MOST:
        return None
    query = select(SidePromise).where(SidePromise.id == promise_id).with_for_update(of=SidePromise)
    return db.session.scalars(query.execution_options(populate_existing=True)).first()


def promise_by_token(token: str) -> SidePromise:
    """Return the promise a form has become."""
    return db.session.scalars(select(SidePromise).where(SidePromise.token == token)).one()


def people(department: str | None) -> list[tuple[int, str]]:
    """Return who can stand for a promise of a side: everybody of it who is here, by name."""
    query = select(User.id, User.name).where(User.active, User.department == department)
    return [(row.id, row.name) for row in db.session.execute(query.order_by(User.name, User.id))]
