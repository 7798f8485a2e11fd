"""The SELECTs behind one asset's figures: its cells, the deals that saw it, what they are worth."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, case, func, select, union
from sqlalchemy.orm import joinedload

from portal.accounts.rules import Role
from portal.calls.models import Call, CallUse
from portal.calls.rules import State as CallState
from portal.db import db
from portal.deals.models import Deal
from portal.deals.queries import seen_by
from portal.deals.rules import Outcome
from portal.insights.behind.rules import Cell
from portal.insights.lift.counting import unpacked
from portal.insights.lift.models import CountedDeal, LiftCell, LiftPool
from portal.insights.lift.rules import NOWHERE
from portal.library.models import Asset
from portal.library.rules import State
from portal.usage.models import UsageEvent
from portal.usage.rules import Action

NEWEST = 3_000
"""Closed deals looked at for the quarters, at most."""


class Named(NamedTuple):
    """An asset."""

    id: int
    slug: str
    kind: str
    state: str


def asset(slug: str, *, unpublished: bool) -> Named | None:
    """Return an asset that somebody may be told of."""
    query = select(Asset.id, Asset.slug, Asset.kind, Asset.state).where(Asset.slug == slug)
    if not unpublished:
        query = query.where(Asset.state == State.PUBLISHED.value)
    row = db.session.execute(query).first()
    return Named(*row) if row else None


def cells(generation: int, asset_id: int) -> list[Cell]:
    """Return the asset's counts beside all content's, by stratum."""
    query = (
        select(LiftCell.stratum, LiftCell.n, LiftCell.won, LiftPool.n, LiftPool.won)
        .join(
            LiftPool,
            (LiftPool.generation == LiftCell.generation) & (LiftPool.stratum == LiftCell.stratum),
        )
        .where(LiftCell.generation == generation, LiftCell.asset_id == asset_id)
        .order_by(LiftCell.stratum)
    )
    return [Cell(*row) for row in db.session.execute(query)]


def _saw(asset_id: int) -> Any:  # noqa: ANN401  # a subquery of deals' numbers
    """Return the deals that saw an asset, by the ledger and in calls."""
    return union(
        select(UsageEvent.deal_id).where(
            UsageEvent.asset_id == asset_id,
            UsageEvent.deal_id.is_not(None),
            UsageEvent.action != Action.SEARCHED.value,
        ),
        select(Call.deal_id)
        .join(CallUse, CallUse.call_id == Call.id)
        .where(CallUse.asset_id == asset_id, Call.state == CallState.LOGGED.value),
    ).subquery()


@dataclass(frozen=True, slots=True)
class Reach:
    """How far an asset came: closed and open deals that saw it, what they are worth by currency."""

    closed: int
    open: int
    worth: dict[str, Decimal]


def reach(asset_id: int) -> Reach:
    """Return how many deals saw an asset; no effect of it."""
    saw = _saw(asset_id)
    is_open = case((Deal.outcome == Outcome.OPEN.value, 1), else_=0)
    query = (
        select(Deal.currency, func.count(), func.sum(is_open), func.sum(Deal.amount))
        .join(saw, saw.c.deal_id == Deal.id)
        .group_by(Deal.currency)
        .order_by(Deal.currency)
    )
    rows = db.session.execute(query).all()
    still_open = sum(int(row[2]) for row in rows)
    worth = {row[0]: Decimal(row[3]) for row in rows if row[3]}
    return Reach(sum(row[1] for row in rows) - still_open, still_open, worth)


def _counted(generation: int, asset_id: int) -> list[ColumnElement[bool]]:
    saw = _saw(asset_id)
    counted = select(CountedDeal.deal_id).where(
        CountedDeal.generation == generation, CountedDeal.deal_id == Deal.id
    )
    return [Deal.id.in_(select(saw.c.deal_id)), counted.exists()]


def behind(generation: int, asset_id: int, viewer: tuple[int, Role, int | None]) -> tuple[int, int]:
    """Return how many counted deals saw an asset, and how many of them somebody may see."""
    visible = func.coalesce(func.sum(case((seen_by(*viewer), 1), else_=0)), 0)
    query = select(func.count(), visible).select_from(Deal)
    row = db.session.execute(query.where(*_counted(generation, asset_id))).one()
    return int(row[0]), int(row[1])


def deals(
    generation: int,
    asset_id: int,
    viewer: tuple[int, Role, int | None],
    *,
    limit: int,
    offset: int,
) -> Sequence[Deal]:
    """Return counted deals that saw an asset, of those somebody may see, the latest ended first."""
    query = (
        select(Deal)
        .where(*_counted(generation, asset_id), seen_by(*viewer))
        .options(joinedload(Deal.owner))
        .order_by(Deal.closed_at.desc(), Deal.id.desc())
        .limit(limit)
        .offset(offset)
    )
    return db.session.scalars(query).all()


def strata(generation: int, asset_id: int, deal_ids: Collection[int]) -> dict[int, int]:
    """Return the stratum of the asset's first use on each deal; NOWHERE when it does not count."""
    query = (
        select(CountedDeal.deal_id, CountedDeal.facts)
        .where(CountedDeal.generation == generation, CountedDeal.deal_id.in_(deal_ids))
        .order_by(CountedDeal.deal_id)
    )
    rows: Any = db.session.execute(query)
    return {deal_id: _stratum(facts, asset_id) for deal_id, facts in rows}


def _stratum(facts: bytes, asset_id: int) -> int:
    asset_ids, found = unpacked(facts)
    here = found[asset_ids == asset_id]
    return int(here[0]) if len(here) else NOWHERE


def newest(generation: int, asset_id: int) -> list[tuple[datetime, int, int]]:
    """Return close, won and stratum of the latest closed deals that saw an asset and count."""
    saw = _saw(asset_id)
    query = (
        select(Deal.closed_at, CountedDeal.won, CountedDeal.facts)
        .join(saw, saw.c.deal_id == Deal.id)
        .join(CountedDeal, CountedDeal.deal_id == Deal.id)
        .where(CountedDeal.generation == generation, Deal.closed_at.is_not(None))
        .order_by(Deal.closed_at.desc(), Deal.id.desc())
        .limit(NEWEST)
    )
    rows: Any = db.session.execute(query)
    found = [(at, won, _stratum(facts, asset_id)) for at, won, facts in rows]
    return [it for it in found if it[2] != NOWHERE]
