"""The SELECTs behind deals: those a person may see, one of them by number."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, func, not_, or_, select, true
from sqlalchemy.orm import joinedload

from portal.accounts.rules import Role
from portal.db import db
from portal.deals.models import Deal
from portal.deals.rules import Outcome

NUMBER_MOST = 2**31 - 1
OFFERED = 200
"""Deals offered in a list to choose from, those that close first."""


def seen_by(user_id: int, role: Role, team_id: int | None) -> ColumnElement[bool]:
    """Which deals a person may see: as `rules.may_see`."""
    if role.covers(Role.MANAGER):
        return true()
    mine = Deal.owner_id == user_id
    return mine if team_id is None else or_(mine, Deal.team_id == team_id)


def _listed(user_id: int, role: Role, team_id: int | None, *, ended: bool) -> Select[Any]:
    is_open = Deal.outcome == Outcome.OPEN.value
    order: list[Any] = [Deal.owner_id != user_id]
    if ended:
        order += [Deal.updated_at.desc(), Deal.id.desc()]
    else:
        order += [Deal.closes_on.is_(None), Deal.closes_on, Deal.id]
    return (
        select(Deal)
        .where(seen_by(user_id, role, team_id), not_(is_open) if ended else is_open)
        .options(joinedload(Deal.owner), joinedload(Deal.stage_row))
        .order_by(*order)
    )


def open_deals(user_id: int, role: Role, team_id: int | None) -> Sequence[Deal]:
    """Return open deals to choose from: one's own first, then by the day they close."""
    query = _listed(user_id, role, team_id, ended=False).limit(OFFERED)
    return db.session.scalars(query).all()


def deals(
    user_id: int, role: Role, team_id: int | None, *, ended: bool, limit: int, offset: int
) -> Sequence[Deal]:
    """Return a page of the deals a person may see, open ones or those that have ended."""
    query = _listed(user_id, role, team_id, ended=ended).limit(limit).offset(offset)
    return db.session.scalars(query).all()


def count(user_id: int, role: Role, team_id: int | None, *, ended: bool) -> int:
    """Return how many deals a person may see, open ones or those that have ended."""
    found = _listed(user_id, role, team_id, ended=ended).order_by(None).subquery()
    return db.session.scalar(select(func.count()).select_from(found)) or 0


def for_person(user_id: int, role: Role, team_id: int | None, deal_id: int) -> Deal | None:
    """Return a deal by number, or None when there is none or it is not this person's to see."""
    if not 0 < deal_id <= NUMBER_MOST:
        return None
    query = select(Deal).where(Deal.id == deal_id, seen_by(user_id, role, team_id))
    return db.session.scalars(query).first()


def count_open_of(user_id: int) -> int:
    """Return how many open deals somebody owns."""
    query = select(func.count()).where(Deal.owner_id == user_id, Deal.outcome == Outcome.OPEN.value)
    return db.session.scalar(query) or 0
