"""Every SELECT behind the coverage map: fresh assets, open deals, closed deals with use, words."""

from datetime import date
from typing import Any

from sqlalchemy import Subquery, and_, case, distinct, exists, func, or_, select, union, union_all

from portal.calls.models import Call, CallUse
from portal.db import db
from portal.deals.models import Customer, Deal, DealTerm, PipelineStage
from portal.deals.rules import COMPETITOR, Outcome
from portal.insights.covering.rules import CLOSED_MOST, NO_STAGE, Key
from portal.library.freshness.queries import due_by
from portal.library.models import Asset, FacetTerm, FormerSlug, asset_facets
from portal.library.terms import queries as terms
from portal.usage.models import UsageEvent
from portal.usage.queries import USES

LOGGED = "logged"


def _facet(facet: str, name: str) -> Subquery:
    """Return (asset, slug) of a facet."""
    return (
        select(asset_facets.c.asset_id, FacetTerm.slug)
        .join(FacetTerm, FacetTerm.id == asset_facets.c.term_id)
        .where(FacetTerm.facet == facet)
        .subquery(name)
    )


def _cells(today: date, industry: str) -> Subquery:
    """Return (asset, competitor, stage) of fresh published assets; of an industry, or for all."""
    rival, stage, trade = (
        _facet(COMPETITOR, "rival").c, _facet("stage", "step").c, _facet("industry", "trade").c,
    )  # fmt: skip
    query = (
        select(
            Asset.id.label("asset_id"),
            rival.slug.label("competitor"),
            func.coalesce(stage.slug, NO_STAGE).label("stage"),
        )
        .join(rival.slug.table, rival.asset_id == Asset.id)
        .outerjoin(stage.slug.table, stage.asset_id == Asset.id)
        .where(Asset.state == "published", ~due_by(today))
    )
    if industry:
        of_it = exists().where(trade.asset_id == Asset.id, trade.slug == industry)
        of_any = exists().where(trade.asset_id == Asset.id)
        query = query.where(or_(of_it, ~of_any))
    return query.subquery("cells")


def assets(today: date, industry: str = "") -> dict[Key, int]:
    """Return how many fresh assets there are against whom at which stage."""
    cell = _cells(today, industry).c
    query = (
        select(cell.competitor, cell.stage, func.count(distinct(cell.asset_id)))
        .group_by(cell.competitor, cell.stage)
        .order_by(cell.competitor, cell.stage)
    )
    return {(row[0], row[1]): row[2] for row in db.session.execute(query)}


def by_competitor(today: date) -> dict[str, int]:
    """Return how many fresh assets there are against each competitor."""
    cell = _cells(today, "").c
    query = select(cell.competitor, func.count(distinct(cell.asset_id)))
    query = query.group_by(cell.competitor).order_by(cell.competitor)
    return {row[0]: row[1] for row in db.session.execute(query)}


def against() -> Subquery:
    """Return (deal, competitor) with the slugs of now, each pair once."""
    now = func.coalesce(FacetTerm.slug, DealTerm.slug).label("competitor")
    former = and_(FormerSlug.facet == COMPETITOR, FormerSlug.slug == DealTerm.slug)
    return (
        select(DealTerm.deal_id, now)
        .outerjoin(FormerSlug, former)
        .outerjoin(FacetTerm, FacetTerm.id == FormerSlug.term_id)
        .where(DealTerm.facet == COMPETITOR)
        .distinct()
        .subquery("against")
    )


def waiting(industry: str = "") -> dict[Key, int]:
    """Return how many open deals are against whom at which stage of the library."""
    rival = against().c
    stage = func.coalesce(PipelineStage.term, NO_STAGE)
    query = (
        select(rival.competitor, stage, func.count(distinct(Deal.id)))
        .join(rival.competitor.table, rival.deal_id == Deal.id)
        .outerjoin(PipelineStage, PipelineStage.id == Deal.stage_id)
        .where(Deal.outcome == Outcome.OPEN.value)
        .group_by(rival.competitor, stage)
        .order_by(rival.competitor, stage)
    )
    if industry:
        query = query.join(Customer, Customer.id == Deal.customer_id)
        query = query.where(Customer.industry == industry)
    return {(row[0], row[1]): row[2] for row in db.session.execute(query)}


def _closed(industry: str) -> Subquery:
    """Return the deals won or lost last; each outcome by its index, so that few rows are read."""

    def last(outcome: Outcome) -> Any:  # noqa: ANN401  # a select of a subquery
        query = select(Deal.id, Deal.outcome, Deal.closed_at).where(
            Deal.outcome == outcome.value, Deal.closed_at.is_not(None)
        )
        if industry:
            query = query.join(Customer, Customer.id == Deal.customer_id)
            query = query.where(Customer.industry == industry)
        return select(query.order_by(Deal.closed_at.desc()).limit(CLOSED_MOST).subquery())

    both = union_all(last(Outcome.WON), last(Outcome.LOST)).subquery().c
    order = (both.closed_at.desc(), both.id.desc())
    return select(both.id, both.outcome).order_by(*order).limit(CLOSED_MOST).subquery("closed")


def used(today: date, industry: str = "") -> dict[Key, tuple[int, int]]:
    """Return on how many closed deals the assets of a cell were used, and how many were won."""
    closed, cell, rival = _closed(industry).c, _cells(today, industry).c, against().c
    noted = (
        select(UsageEvent.deal_id, UsageEvent.asset_id)
        .join(closed.id.table, closed.id == UsageEvent.deal_id)
        .where(UsageEvent.action.in_([it.value for it in USES]), UsageEvent.asset_id.is_not(None))
    )
    called = (
        select(Call.deal_id, CallUse.asset_id)
        .join(CallUse, CallUse.call_id == Call.id)
        .join(closed.id.table, closed.id == Call.deal_id)
        .where(Call.state == LOGGED)
    )
    use = union(noted, called).subquery("used").c
    won = case((closed.outcome == Outcome.WON.value, closed.id))
    query = (
        select(
            cell.competitor,
            cell.stage,
            func.count(distinct(closed.id)),
            func.count(distinct(won)),
        )
        .select_from(use.deal_id.table)
        .join(closed.id.table, closed.id == use.deal_id)
        .join(cell.asset_id.table, cell.asset_id == use.asset_id)
        .join(
            rival.deal_id.table,
            and_(rival.deal_id == use.deal_id, rival.competitor == cell.competitor),
        )
        .group_by(cell.competitor, cell.stage)
        .order_by(cell.competitor, cell.stage)
    )
    return {(row[0], row[1]): (row[2], row[3]) for row in db.session.execute(query)}


def names(facet: str) -> dict[str, FacetTerm]:
    """Return the words of a facet in use, by slug."""
    return {term.slug: term for term in terms.offered(facet)}


def stage_order() -> list[str]:
    """Return the library's stages in the order in which deals go through them."""
    query = (
        select(PipelineStage.term)
        .where(PipelineStage.term.is_not(None), PipelineStage.retired.is_(False))
        .order_by(PipelineStage.pipeline_id, PipelineStage.position, PipelineStage.id)
    )
    return list(dict.fromkeys(slug for slug in db.session.scalars(query) if slug))
