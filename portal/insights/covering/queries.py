"""Every SELECT behind the coverage map: fresh assets, open deals, closed deals with use, words."""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Subquery,
    and_,
    distinct,
    exists,
    func,
    or_,
    select,
    union_all,
)

from portal.calls.models import Call, CallUse
from portal.calls.rules import State
from portal.db import db
from portal.deals.models import Customer, Deal, DealTerm, PipelineStage
from portal.deals.rules import COMPETITOR, Outcome
from portal.insights.covering.rules import CLOSED_MOST, NO_STAGE, Key, used_of
from portal.library.freshness.queries import due_by
from portal.library.models import Asset, FacetTerm, FormerSlug, asset_facets
from portal.library.rules import State as AssetState
from portal.library.terms import queries as terms
from portal.usage.models import UsageEvent
from portal.usage.rules import Action


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
        .where(Asset.state == AssetState.PUBLISHED.value, ~due_by(today))
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


def rival_of(query: Any, deal_id: Any) -> Any:  # noqa: ANN401  # a select, a column of it
    """Join the competitors of deals to a query over them: `COMPETITOR_NOW` is their slug of now.

    A deal without any stays, with None.
    """
    named = and_(DealTerm.deal_id == deal_id, DealTerm.facet == COMPETITOR)
    former = and_(FormerSlug.facet == COMPETITOR, FormerSlug.slug == DealTerm.slug)
    return (
        query.outerjoin(DealTerm, named)
        .outerjoin(FormerSlug, former)
        .outerjoin(FacetTerm, FacetTerm.id == FormerSlug.term_id)
    )


COMPETITOR_NOW: ColumnElement[str] = func.coalesce(FacetTerm.slug, DealTerm.slug)


def waiting(industry: str = "") -> dict[Key, int]:
    """Return how many open deals are against whom at which stage of the library."""
    stage = func.coalesce(PipelineStage.term, NO_STAGE)
    query: Any = (
        select(COMPETITOR_NOW, stage, func.count(distinct(Deal.id)))
        .select_from(Deal)
        .outerjoin(PipelineStage, PipelineStage.id == Deal.stage_id)
        .where(Deal.outcome == Outcome.OPEN.value, DealTerm.slug.is_not(None))
        .group_by(COMPETITOR_NOW, stage)
        .order_by(COMPETITOR_NOW, stage)
    )
    query = rival_of(query, Deal.id)
    if industry:
        query = query.join(Customer, Customer.id == Deal.customer_id)
        query = query.where(Customer.industry == industry)
    return {(row[0], row[1]): row[2] for row in db.session.execute(query)}


def _closed(industry: str) -> dict[int, bool]:
    """Return the deals won or lost last, and whether each was won.

    Each outcome is read by its index, so that few rows are.
    """

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
    query = select(both.id, both.outcome).order_by(*order).limit(CLOSED_MOST)
    return {row[0]: row[1] == Outcome.WON.value for row in db.session.execute(query)}


def _uses(deals: Collection[int]) -> list[tuple[int, int]]:
    """Return (deal, asset) of every use on these deals, as often as there were."""
    # conditions no index is for, so that SQLite, which may know no figures, takes that of deals
    noted = select(UsageEvent.deal_id, UsageEvent.asset_id).where(
        UsageEvent.deal_id.in_(deals),
        UsageEvent.asset_id.is_not(None),
        UsageEvent.action != Action.SEARCHED.value,
    )
    called = (
        select(Call.deal_id, CallUse.asset_id)
        .join(CallUse, CallUse.call_id == Call.id)
        .where(Call.deal_id.in_(deals), Call.state + "" == State.LOGGED.value)
    )
    rows: Any = db.session.connection().execute(union_all(noted, called))
    return [(deal, asset) for deal, asset in rows]


def used(today: date, industry: str = "") -> dict[Key, tuple[int, int]]:
    """Return on how many closed deals the assets of a cell were used, and how many were won."""
    cell = _cells(today, industry).c
    places: dict[int, list[Key]] = {}
    order = (cell.asset_id, cell.competitor, cell.stage)
    for asset, *key in db.session.execute(select(*order).order_by(*order)):
        places.setdefault(asset, []).append((key[0], key[1]))
    won = _closed(industry)
    ids = sorted(won)
    named = rival_of(select(Deal.id, COMPETITOR_NOW).select_from(Deal), Deal.id)
    rivals: dict[int, set[str]] = {}
    for deal, rival in db.session.execute(named.where(Deal.id.in_(ids)).order_by(Deal.id)):
        rivals.setdefault(deal, set()).add(rival)
    return used_of(_uses(ids), won, rivals, places)


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
