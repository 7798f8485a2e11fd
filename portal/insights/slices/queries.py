"""The SELECTs behind slices: counted deals by industry, region, product, rival, period."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, exists, func, select

from portal.db import db
from portal.deals.models import Customer, Deal, DealTerm
from portal.deals.rules import ENDINGS
from portal.insights.lift.counting import FACT
from portal.insights.lift.models import CountedDeal
from portal.insights.lift.rules import Numbers
from portal.insights.slices.rules import Wish
from portal.library.models import FacetTerm, FormerSlug

MOST = 200_000
"""Deals of a slice counted at most, those added last: no more are sorted or read."""
LATEST = 20_000
"""Deals looked at for what can be chosen."""
CHOICES = 200


def _term(facet: str, slug: str) -> ColumnElement[bool]:
    """Which deals have a term, by its slug now or those that became it."""
    of_term = select(FacetTerm.id).where(FacetTerm.facet == facet, FacetTerm.slug == slug)
    before = db.session.scalars(
        select(FormerSlug.slug)
        .where(FormerSlug.facet == facet, FormerSlug.term_id.in_(of_term))
        .order_by(FormerSlug.slug)
    ).all()
    return exists().where(
        DealTerm.deal_id == Deal.id, DealTerm.facet == facet, DealTerm.slug.in_([slug, *before])
    )


def _conditions(
    wish: Wish, since: datetime | None, until: datetime | None
) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [Deal.outcome.in_(ENDINGS)]
    if since is not None and until is not None:
        conditions += [Deal.closed_at >= since, Deal.closed_at < until]
    for column, word in ((Deal.segment, wish.segment), (Deal.region, wish.region)):
        if word:
            conditions.append(column == word)
    if wish.industry:
        of_industry = select(Customer.id).where(Customer.industry == wish.industry)
        conditions.append(Deal.customer_id.in_(of_industry))
    for facet, slug in (("product", wish.product), ("competitor", wish.competitor)):
        if slug:
            conditions.append(_term(facet, slug))
    return conditions


@dataclass(frozen=True, slots=True)
class Facts:
    """Deals of a slice and their first uses, as `rules.compare` takes them."""

    won: Numbers
    sizes: Numbers
    asset: Numbers
    stratum: Numbers


def facts(generation: int, wish: Wish, since: datetime | None, until: datetime | None) -> Facts:
    """Return the counted deals of a slice, those added last when there are too many."""
    query = (
        select(CountedDeal.won, CountedDeal.facts)
        .join(Deal, Deal.id == CountedDeal.deal_id)
        .where(CountedDeal.generation == generation, *_conditions(wish, since, until))
        .order_by(Deal.id.desc())
        .limit(MOST)
    )
    rows: Any = db.session.execute(query).all()
    kept = [bytes(row[1]) for row in rows]
    uses = np.frombuffer(b"".join(kept), dtype=FACT)
    return Facts(
        won=np.array([row[0] for row in rows], dtype=np.int64),
        sizes=np.array([len(it) // FACT.itemsize for it in kept], dtype=np.int64),
        asset=uses["asset"].astype(np.int64),
        stratum=uses["stratum"].astype(np.int64),
    )


def words(column: Any) -> list[str]:  # noqa: ANN401  # of deals
    """Return the words in a column of the deals that were added last."""
    latest = (
        select(column.label("word"))
        .where(Deal.outcome.in_(ENDINGS))
        .order_by(Deal.id.desc())
        .limit(LATEST)
        .subquery()
    )
    query = select(latest.c.word).where(latest.c.word != "").distinct()
    return list(db.session.scalars(query.order_by(latest.c.word).limit(CHOICES)))


def industries() -> list[str]:
    """Return the industries of customers, as slugs of terms or words."""
    query = select(Customer.industry).where(Customer.industry != "").distinct()
    return list(db.session.scalars(query.order_by(Customer.industry).limit(CHOICES)))


def terms() -> Sequence[FacetTerm]:
    """Return industries, products and competitors, by facet and slug."""
    query = select(FacetTerm).where(FacetTerm.facet.in_(("industry", "product", "competitor")))
    return db.session.scalars(query.order_by(FacetTerm.facet, FacetTerm.slug)).all()


def span() -> tuple[datetime, datetime] | None:
    """Return when the first and the last deal closed."""
    query = select(func.min(Deal.closed_at), func.max(Deal.closed_at))
    first, last = db.session.execute(query.where(Deal.outcome.in_(ENDINGS))).one()
    return (first, last) if first and last else None
