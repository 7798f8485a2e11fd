"""The SELECTs behind a customer's page: it, its deals a person may see."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from portal.accounts.rules import Role
from portal.db import db
from portal.deals.models import Customer, Deal
from portal.deals.queries import NUMBER_MOST, seen_by
from portal.deals.rules import Outcome

DEALS_SHOWN = 100


def customer(customer_id: int) -> Customer | None:
    """Return a customer by number."""
    return db.session.get(Customer, customer_id) if 0 < customer_id <= NUMBER_MOST else None


def deals_of(user_id: int, role: Role, team_id: int | None, customer_id: int) -> Sequence[Deal]:
    """Return the deals with a customer a person may see: open ones first, then the latest."""
    query = (
        select(Deal)
        .where(Deal.customer_id == customer_id, seen_by(user_id, role, team_id))
        .options(joinedload(Deal.owner), joinedload(Deal.stage_row))
        .order_by(Deal.outcome != Outcome.OPEN.value, Deal.created_at.desc(), Deal.id.desc())
        .limit(DEALS_SHOWN)
    )
    return db.session.scalars(query).all()


def outcomes(user_id: int, role: Role, team_id: int | None, customer_id: int) -> dict[str, int]:
    """Return how many of the deals with a customer that a person may see ended how."""
    query = (
        select(Deal.outcome, func.count())
        .where(Deal.customer_id == customer_id, seen_by(user_id, role, team_id))
        .group_by(Deal.outcome)
        .order_by(Deal.outcome)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}
