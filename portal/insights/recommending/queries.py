"""The SELECTs behind suggestions: what is believed of assets, and how the trial stands."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, case, func, or_, select

from portal.calls.models import Call, CallUse
from portal.db import db
from portal.deals.models import Deal
from portal.deals.rules import ENDINGS, Outcome
from portal.insights.lift.models import AssetLift
from portal.insights.recommending.figures import Share
from portal.insights.recommending.models import ShownSuggestion
from portal.usage.models import UsageEvent
from portal.usage.rules import USES


class Said(NamedTuple):
    """What is said of an asset."""

    asset_id: int
    verdict: str
    best: float | None
    low: float | None
    high: float | None


# a deal's page is opened before each call: its statements are put together once
_SAID = (
    select(AssetLift.asset_id, AssetLift.verdict, AssetLift.best, AssetLift.low, AssetLift.high)
    .where(AssetLift.asset_id.in_(bindparam("assets", expanding=True)))
    .order_by(AssetLift.asset_id)
)


def said(assets: Collection[int]) -> dict[int, Said]:
    """Return what is said of these assets, of those that closed deals tell of."""
    if not assets:
        return {}
    return {row[0]: Said(*row) for row in db.session.execute(_SAID, {"assets": sorted(assets)})}


class Use(NamedTuple):
    """How a kind of suggestion fares: shown on so many deals, used afterwards on so many."""

    by_rank: Share
    by_chance: Share


def used(since: datetime) -> Use:
    """Return how often what was suggested was used later; each asset once a deal."""
    shown: Any = ShownSuggestion.__table__.c
    order = func.row_number().over(
        partition_by=(shown.deal_id, shown.asset_id), order_by=(shown.at, shown.id)
    )
    first = (
        select(shown.deal_id, shown.asset_id, shown.at, shown.chance, order.label("nth"))
        .where(shown.at >= since)
        .subquery()
        .c
    )
    noted = select(UsageEvent.id).where(
        UsageEvent.deal_id == first.deal_id,
        UsageEvent.asset_id == first.asset_id,
        UsageEvent.at > first.at,
        UsageEvent.action.in_([action.value for action in USES]),
    )
    called = (
        select(CallUse.asset_id)
        .join(Call, Call.id == CallUse.call_id)
        .where(
            Call.deal_id == first.deal_id,
            Call.at > first.at,
            CallUse.asset_id == first.asset_id,
        )
    )
    is_used = case((or_(noted.exists(), called.exists()), 1), else_=0)
    query = (
        select(first.chance, func.sum(is_used), func.count())
        .where(first.nth == 1)
        .group_by(first.chance)
        .order_by(first.chance)
    )
    found = {bool(row[0]): Share(int(row[1]), row[2]) for row in db.session.execute(query)}
    return Use(found.get(False, Share(0, 0)), found.get(True, Share(0, 0)))


class Won(NamedTuple):
    """Deals that ended, won of them, by what chance showed first; and those still open."""

    more: Share
    less: Share
    open: int


def won(since: datetime) -> Won:
    """Return how deals ended by the first asset that chance showed on each: believed in or not."""
    shown: Any = ShownSuggestion.__table__.c
    order = func.row_number().over(partition_by=shown.deal_id, order_by=(shown.at, shown.id))
    first = (
        select(shown.deal_id, shown.at, shown.promising, order.label("nth"))
        .where(shown.at >= since, shown.promising.is_not(None))
        .subquery()
        .c
    )
    ended = Deal.outcome.in_(ENDINGS) & (Deal.closed_at > first.at)
    is_won = case((ended & (Deal.outcome == Outcome.WON.value), 1), else_=0)
    is_open = case((Deal.outcome == Outcome.OPEN.value, 1), else_=0)
    query = (
        select(
            first.promising,
            func.sum(is_won),
            func.sum(case((ended, 1), else_=0)),
            func.sum(is_open),
        )
        .join(Deal, Deal.id == first.deal_id)
        .where(first.nth == 1)
        .group_by(first.promising)
        .order_by(first.promising)
    )
    rows = {bool(row[0]): row for row in db.session.execute(query)}
    more, less = (
        Share(int(rows[half][1]), int(rows[half][2])) if half in rows else Share(0, 0)
        for half in (True, False)
    )
    return Won(more, less, sum(int(row[3]) for row in rows.values()))
