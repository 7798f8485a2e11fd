"""The SELECTs behind changing a deal: whose it can be, and that nobody else changes it."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import or_, select

from portal.accounts.models import User
from portal.db import db
from portal.deals.models import Deal
from portal.deals.queries import NUMBER_MOST

OWNERS_MOST = 1000


class Owner(NamedTuple):
    """Somebody a deal can belong to."""

    id: int
    name: str
    team_id: int | None


def owners(kept: int | None) -> Sequence[Owner]:
    """Return who can own a deal, by name; `kept` in any case."""
    query = (
        select(User.id, User.name, User.team_id)
        .where(or_(User.active.is_(True), User.id == kept))
        .order_by(User.name, User.id)
        .limit(OWNERS_MOST)
    )
    return [Owner(*row) for row in db.session.execute(query)]


def hold(deal_id: int) -> None:
    """Let nobody else change a deal until the commit."""
    if 0 < deal_id <= NUMBER_MOST:
        db.session.execute(select(Deal.id).where(Deal.id == deal_id).with_for_update())
