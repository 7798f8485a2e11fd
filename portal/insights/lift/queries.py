"""Every SELECT behind the lift of assets: closed deals, their uses and stages, what is kept."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import BigInteger, case, cast, func, or_, select, union, union_all

from portal.calls.models import Call, CallUse
from portal.calls.rules import State
from portal.db import db
from portal.deals.models import Customer, Deal, DealTerm, StageChange
from portal.deals.rules import ENDINGS, Outcome
from portal.insights.history.models import HistoryAsset
from portal.insights.lift import columns
from portal.insights.lift.columns import seconds
from portal.insights.lift.counting import Changes, Uses
from portal.insights.lift.models import (
    AssetLift,
    CountedDeal,
    LiftCell,
    LiftModel,
    LiftPool,
    LiftRep,
)
from portal.insights.lift.rules import Numbers
from portal.insights.lift.starting import WORDS, Deals
from portal.library.models import Asset
from portal.usage.models import UsageEvent
from portal.usage.rules import Action


def _closed(ids: Collection[int] | None) -> Any:  # noqa: ANN401  # a condition
    closed = Deal.outcome.in_(ENDINGS) & Deal.closed_at.is_not(None)
    return closed if ids is None else closed & Deal.id.in_(ids)


def has_closed() -> bool:
    """Whether any deal has ended."""
    return db.session.scalar(select(Deal.id).where(_closed(None)).limit(1)) is not None


def closed_deals(ids: Collection[int] | None = None) -> Deals:
    """Return closed deals (of these ids, or all) in the order of their ids."""
    query = (
        select(
            Deal.id,
            func.coalesce(Deal.owner_id, 0),
            case((Deal.outcome == Outcome.WON.value, 1), else_=0),
            seconds(Deal.closed_at),
            seconds(Deal.created_at),
            Deal.amount,
            Deal.currency,
            Deal.region,
            Deal.segment,
            func.coalesce(Customer.industry, ""),
        )
        .outerjoin(Customer, Customer.id == Deal.customer_id)
        .where(_closed(ids))
        .order_by(Deal.id)
    )
    rows = db.session.execute(query).all()
    number, owner, won, closed, created, amount, currency, region, segment, industry = (
        zip(*rows, strict=True) if rows else ([],) * 10
    )
    words: dict[str, Sequence[str]] = {
        "segment": segment, "industry": industry, "region": region,
    } | _terms(ids, number)  # fmt: skip
    return Deals(
        id=np.array(number, dtype=np.int64),
        owner=np.array(owner, dtype=np.int64),
        won=np.array(won, dtype=np.int64),
        closed=np.array(closed, dtype=np.int64),
        created=np.array(created, dtype=np.int64),
        amount=np.array([float("nan") if it is None else float(it) for it in amount], dtype=float),
        currency=currency,
        words={name: words[name] for name in WORDS},
    )


def _terms(ids: Collection[int] | None, deals: Sequence[int]) -> dict[str, Sequence[str]]:
    """Return the products and the competitors of deals, each as one word."""
    query = (
        select(DealTerm.deal_id, DealTerm.facet, DealTerm.slug)
        .join(Deal, Deal.id == DealTerm.deal_id)
        .where(_closed(ids))
        .order_by(DealTerm.deal_id, DealTerm.facet, DealTerm.slug)
    )
    found: dict[str, dict[int, str]] = {"product": {}, "competitor": {}}
    for deal_id, facet, slug in db.session.execute(query):
        if facet in found:
            before = found[facet].get(deal_id)
            found[facet][deal_id] = slug if before is None else f"{before} {slug}"
    return {facet: [words.get(it, "") for it in deals] for facet, words in found.items()}


def uses_of(deals: Deals, ids: Collection[int] | None = None) -> Uses:
    """Return every use of an asset on closed deals, by the deals' places."""
    ledger = select(
        cast(UsageEvent.deal_id, BigInteger),
        cast(UsageEvent.asset_id, BigInteger),
        seconds(UsageEvent.at),
    ).where(
        UsageEvent.deal_id.is_not(None),
        UsageEvent.asset_id.is_not(None),
        UsageEvent.action != Action.SEARCHED.value,
    )
    called = (
        select(cast(Call.deal_id, BigInteger), cast(CallUse.asset_id, BigInteger), seconds(Call.at))
        .join(Call, Call.id == CallUse.call_id)
        .where(Call.state == State.LOGGED.value)
    )
    if ids is not None:
        ledger = ledger.where(UsageEvent.deal_id.in_(ids))
        called = called.where(Call.deal_id.in_(ids))
    many = columns.read if ids is None else columns.few
    deal, asset, at = many(union_all(ledger, called), 3)
    place, known = _places(deals.id, deal)
    return Uses(place[known], asset[known], at[known])


def changes_of(deals: Deals, ids: Collection[int] | None = None) -> Changes:
    """Return where closed deals were, by the deals' places and in the order of time."""
    stage = case(
        (StageChange.outcome == Outcome.OPEN.value, func.coalesce(StageChange.stage_id, -1)),
        else_=-1,
    )
    query = select(
        cast(StageChange.deal_id, BigInteger),
        seconds(StageChange.at),
        cast(stage, BigInteger),
        cast(StageChange.id, BigInteger),
    )
    if ids is not None:
        query = query.where(StageChange.deal_id.in_(ids))
    many = columns.read if ids is None else columns.few
    deal, at, stages, number = many(query, 4)
    place, known = _places(deals.id, deal)
    order = np.lexsort((number[known], at[known], place[known]))
    return Changes(place[known][order], at[known][order], stages[known][order])


def _places(ids: Numbers, wanted: Numbers) -> tuple[Numbers, Numbers]:
    """Return where each wanted id is among ascending ids, and whether it is there."""
    if not len(ids):
        return np.zeros(len(wanted), dtype=np.int64), np.zeros(len(wanted), dtype=bool)
    place = np.minimum(np.searchsorted(ids, wanted), len(ids) - 1)
    return place, ids[place] == wanted


def model() -> LiftModel | None:
    """Return what is kept of the model, if anything was ever counted."""
    return db.session.scalar(select(LiftModel).order_by(LiftModel.id).limit(1))


def model_to_change() -> LiftModel | None:
    """Return the model's row, which nobody else changes until this transaction ends."""
    query = select(LiftModel).order_by(LiftModel.id).limit(1).with_for_update()
    return db.session.scalar(query.execution_options(populate_existing=True))


def cells(generation: int) -> tuple[Numbers, Numbers, Numbers, Numbers]:
    """Return asset, stratum, n and won of all cells, in order."""
    names = (LiftCell.asset_id, LiftCell.stratum, LiftCell.n, LiftCell.won)
    query = select(*(cast(it, BigInteger) for it in names))
    query = query.where(LiftCell.generation == generation)
    found = columns.read(query.order_by(LiftCell.asset_id, LiftCell.stratum), 4)
    return found[0], found[1], found[2], found[3]


def pools(generation: int) -> tuple[Numbers, Numbers, Numbers, Numbers]:
    """Return stratum, n, won and squares of all strata, in order."""
    names = (LiftPool.stratum, LiftPool.n, LiftPool.won, LiftPool.squares)
    query = select(*(cast(it, BigInteger) for it in names))
    query = query.where(LiftPool.generation == generation).order_by(LiftPool.stratum)
    found = columns.read(query, 4)
    return found[0], found[1], found[2], found[3]


def reps(generation: int) -> tuple[Numbers, Numbers, Numbers]:
    """Return asset, number of reps whose uses count, and all first uses; in the assets' order.

    Deals without an owner have no rep.
    """
    people = func.sum(case(((LiftRep.n > 0) & (LiftRep.owner_id > 0), 1), else_=0))
    query = (
        select(
            cast(LiftRep.asset_id, BigInteger),
            cast(people, BigInteger),
            cast(func.sum(LiftRep.uses), BigInteger),
        )
        .where(LiftRep.generation == generation)
        .group_by(LiftRep.asset_id)
        .order_by(LiftRep.asset_id)
    )
    found = columns.read(query, 3)
    return found[0], found[1], found[2]


def all_reps(generation: int) -> list[Numbers]:
    """Return asset, owner, n and uses of every pair, in order."""
    names = (LiftRep.asset_id, LiftRep.owner_id, LiftRep.n, LiftRep.uses)
    query = select(*(cast(it, BigInteger) for it in names))
    query = query.where(LiftRep.generation == generation)
    return columns.read(query.order_by(LiftRep.asset_id, LiftRep.owner_id), 4)


def counted(generation: int, ids: Collection[int] | None = None) -> list[CountedDeal]:
    """Return deals as they are counted, in the order of their ids."""
    query = select(CountedDeal).where(CountedDeal.generation == generation)
    if ids is not None:
        query = query.where(CountedDeal.deal_id.in_(ids))
    return list(db.session.scalars(query.order_by(CountedDeal.deal_id)))


def newest_use() -> int:
    """Return the number of the ledger's last event."""
    return db.session.scalar(select(func.max(UsageEvent.id))) or 0


def changed_deals(
    kept: LiftModel, since: datetime, after: int, *, above: int, most: int
) -> list[int]:
    """Return deals that may count otherwise than is kept: changed since, or used since.

    At most so many, with ids above a number. Deals that are open and were never counted are none
    of them.
    """
    is_counted = select(CountedDeal.deal_id).where(
        CountedDeal.generation == kept.generation, CountedDeal.deal_id == Deal.id
    )
    touched = union(
        select(Deal.id).where(Deal.updated_at >= since),
        select(Deal.id)
        .join(Customer, Customer.id == Deal.customer_id)
        .where(Customer.updated_at >= since),
        select(Call.deal_id).where(Call.logged_at >= since),
        select(UsageEvent.deal_id).where(UsageEvent.id > after, UsageEvent.deal_id.is_not(None)),
    ).subquery()
    query = (
        select(Deal.id)
        .join(touched, touched.c.id == Deal.id)
        .where(Deal.id > above, or_(_closed(None), is_counted.exists()))
        .order_by(Deal.id)
        .limit(most)
    )
    return list(db.session.scalars(query))


def lifts() -> list[AssetLift]:
    """Return what is said of all assets, in the page's order."""
    return list(db.session.scalars(select(AssetLift).order_by(AssetLift.place)))


def asset_names() -> dict[int, str]:
    """Return what every asset is called in files, by its id.

    That is its id in the system it was moved in from (the first, if several), else its slug.
    """
    rows: Any = db.session.execute(select(Asset.id, Asset.slug).order_by(Asset.id))
    names: dict[int, str] = dict(rows.all())
    moved = select(HistoryAsset.asset_id, HistoryAsset.external_id)
    called: Any = db.session.execute(moved.order_by(HistoryAsset.id.desc()))
    return names | dict(called.all())
