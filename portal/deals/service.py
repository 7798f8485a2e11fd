"""Deals added and brought on by hand, where no other system keeps them."""

from datetime import date
from decimal import Decimal

from portal import clock
from portal.db import db
from portal.deals.models import Deal
from portal.deals.rules import Outcome
from portal.errors import Conflict


def add(
    owner_id: int,
    team_id: int | None,
    *,
    name: str,
    account: str,
    amount: Decimal | None,
    currency: str,
    stage: str,
    closes_on: date | None,
) -> Deal:
    """Add a deal of somebody's; flushed."""
    now = clock.now()
    deal = Deal(
        name=name,
        account=account,
        owner_id=owner_id,
        team_id=team_id,
        amount=amount,
        currency=currency,
        stage=stage,
        closes_on=closes_on,
        outcome=Outcome.OPEN.value,
        created_at=now,
        updated_at=now,
    )
    db.session.add(deal)
    db.session.flush()
    return deal


def settle(deal: Deal, *, stage: str, outcome: Outcome, closes_on: date | None) -> None:
    """Say how far a deal has come, or how it ended; flushed.

    Raises:
        Conflict: when it is kept in another system.
    """
    if deal.source is not None:
        raise Conflict("kept elsewhere", elsewhere=True)
    deal.stage, deal.outcome, deal.closes_on = stage, outcome.value, closes_on
    deal.updated_at = clock.now()
    db.session.flush()
