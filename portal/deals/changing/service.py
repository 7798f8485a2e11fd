"""Changes the facts of a deal by hand."""

from collections.abc import Iterable

from portal import clock
from portal.db import db
from portal.deals import service
from portal.deals.changing.queries import Owner
from portal.deals.changing.rules import Facts
from portal.deals.customers.service import named
from portal.deals.models import Deal
from portal.errors import Conflict


def change(deal: Deal, facts: Facts, *, owner: Owner | None = None) -> None:
    """Give a deal other facts and, with `owner`, to somebody and their team; flushed.

    Raises:
        Conflict: when it is kept in another system.
    """
    if deal.source is not None:
        raise Conflict("kept elsewhere", elsewhere=True)
    if facts.account != deal.account:
        deal.account, deal.customer = facts.account, named(facts.account)
    deal.name, deal.region, deal.closes_on = facts.name, facts.region, facts.closes_on
    deal.amount, deal.currency = facts.amount, facts.currency
    if owner is not None and owner.id != deal.owner_id:
        deal.owner_id, deal.team_id = owner.id, owner.team_id
    deal.updated_at = clock.now()
    db.session.flush()


def tag(deal: Deal, *, products: Iterable[str], competitors: Iterable[str]) -> None:
    """Say what a deal is about, also one kept elsewhere; flushed."""
    service.tag(deal, products=products, competitors=competitors)
    deal.updated_at = clock.now()
    db.session.flush()
