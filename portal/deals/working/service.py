"""Keeps which deal somebody says they work on."""

from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.db import db
from portal.deals.models import Deal
from portal.deals.rules import Outcome
from portal.deals.working import queries
from portal.deals.working.models import WorkingDeal
from portal.errors import Conflict


def pick(user_id: int, deal: Deal | None) -> None:
    """Say that somebody works on a deal from now on, or, without one, on none; flushed.

    Raises:
        Conflict: when the deal has ended.
    """
    if deal is not None and deal.outcome != Outcome.OPEN.value:
        raise Conflict("the deal has ended")
    kept = queries.said(user_id)
    if kept is None:
        kept = WorkingDeal(user_id=user_id, deal_id=deal.id if deal else None, since=clock.now())
        try:
            with db.session.begin_nested():
                db.session.add(kept)
        except IntegrityError:  # said twice at once
            kept = queries.said(user_id)
            if kept is None:
                raise
    kept.deal_id, kept.since = deal.id if deal else None, clock.now()
    db.session.flush()
