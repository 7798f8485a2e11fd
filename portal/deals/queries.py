"""The SELECTs behind deals: those a person may see, one of them by number."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, or_, select, true

from portal.accounts.rules import Role
from portal.db import db
from portal.deals.models import Deal
from portal.deals.rules import Outcome

NUMBER_MOST = 2**31 - 1
OFFERED = 200
"""Deals offered in a list to choose from, those that close first."""


def _seen_by(user_id: int, role: Role, team_id: int | None) -> ColumnElement[bool]:
    """Which deals a person may see: as `rules.may_see`."""
    if role.covers(Role.MANAGER):
        return true()
    mine = Deal.owner_id == user_id
    return mine if team_id is None else or_(mine, Deal.team_id == team_id)


def open_deals(
    user_id: int, role: Role, team_id: int | None, limit: int = OFFERED
) -> Sequence[Deal]:
    """Return open deals a person may see, their own first, then by the day they close."""
    query = (
        select(Deal)
        .where(_seen_by(user_id, role, team_id), Deal.outcome == Outcome.OPEN.value)
        .order_by(Deal.owner_id != user_id, Deal.closes_on.is_(None), Deal.closes_on, Deal.id)
        .limit(limit)
    )
    return db.session.scalars(query).all()


def for_person(user_id: int, role: Role, team_id: int | None, deal_id: int) -> Deal | None:
    """Return a deal by number, or None when there is none or it is not this person's to see."""
    if not 0 < deal_id <= NUMBER_MOST:
        return None
    query = select(Deal).where(Deal.id == deal_id, _seen_by(user_id, role, team_id))
    return db.session.scalars(query).first()
