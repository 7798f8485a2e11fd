"""The SELECTs behind deals against a competitor; a merged competitor's deals count too."""

from sqlalchemy import func, select

from portal.db import db
from portal.deals.models import Deal, DealTerm
from portal.deals.rules import COMPETITOR
from portal.library.models import FacetTerm, FormerSlug


def slugs(term_id: int) -> list[str]:
    """Return the slug of a term and those it, or what was merged into it, had before."""
    now = select(FacetTerm.slug).where(FacetTerm.id == term_id)
    before = select(FormerSlug.slug).where(FormerSlug.term_id == term_id)
    return sorted(db.session.scalars(now.union(before)))


def outcomes(of: list[str]) -> dict[str, int]:
    """Return how many deals against a competitor ended how; each counts once."""
    against = (
        select(DealTerm.deal_id)
        .where(DealTerm.facet == COMPETITOR, DealTerm.slug.in_(of))
        .distinct()
        .subquery()
        .c
    )
    query = (
        select(Deal.outcome, func.count())
        .join(against.deal_id.table, against.deal_id == Deal.id)
        .group_by(Deal.outcome)
        .order_by(Deal.outcome)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}
