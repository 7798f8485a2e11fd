"""The SELECTs behind a pack's facts; each looks at a bounded time and returns a bounded list.

Use is counted from the events, not from what is rolled up (`insights.use`): of each person that
keeps the last day only, and so can not tell how many there were in a time that is over.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, distinct, func, or_, select, union_all

from portal.calls.models import Call, CallUse
from portal.db import db
from portal.deals.models import Deal
from portal.deals.rules import ENDINGS, Outcome
from portal.insights.lift.models import AssetLift
from portal.insights.lift.rules import Verdict
from portal.library.models import Asset, AssetText
from portal.library.rules import State
from portal.usage.models import UsageEvent
from portal.usage.rules import USES, Action

LISTED = 5
"""Lines of each list: a pack fits on two sheets of paper."""
OUT_LISTED = 8
RISING = 2 * LISTED
"""Of so many that rise most, those are listed which are not among the top anyway."""
SEARCHES_MOST = 2000
DEALS_MOST = 500
"""Won deals whose assets are looked at, the latest first."""

Rows = Sequence[Any]
_USES = [action.value for action in USES]


def published(start: datetime, end: datetime) -> tuple[int, Sequence[int]]:
    """Return how many assets came out, and the latest of them."""
    inside = (
        Asset.state == State.PUBLISHED.value,
        Asset.published_at >= start,
        Asset.published_at < end,
    )
    count = db.session.scalar(select(func.count(Asset.id)).where(*inside)) or 0
    query = select(Asset.id).where(*inside)
    query = query.order_by(Asset.published_at.desc(), Asset.id.desc()).limit(OUT_LISTED)
    return count, db.session.scalars(query).all()


@dataclass(frozen=True, slots=True)
class Used:
    """How an asset was used in a time and in the one before; its place among top and rising."""

    asset_id: int
    people: int
    uses: int
    before: int
    top: int
    rising: int


def used(earlier: datetime, start: datetime, end: datetime) -> list[Used]:
    """Return the assets used by most people, and those whose use grew most."""
    is_now = UsageEvent.at >= start
    uses = func.sum(case((is_now, 1), else_=0))
    former = func.sum(case((is_now, 0), else_=1))
    people = func.count(distinct(case((is_now, UsageEvent.user_id))))
    grouped = (
        select(
            UsageEvent.asset_id.label("asset_id"),
            people.label("people"),
            uses.label("uses"),
            former.label("before"),
        )
        .join(Asset, and_(Asset.id == UsageEvent.asset_id, Asset.state == State.PUBLISHED.value))
        .where(UsageEvent.at >= earlier, UsageEvent.at < end, UsageEvent.action.in_(_USES))
        .group_by(UsageEvent.asset_id)
        .subquery()
    )
    it = grouped.c
    placed = select(
        grouped,
        func.row_number()
        .over(order_by=(it.people.desc(), it.uses.desc(), it.asset_id))
        .label("top"),
        func.row_number()
        .over(order_by=((it.uses - it.before).desc(), it.asset_id))
        .label("rising"),
    ).subquery()
    query = (
        select(placed)
        .where(or_(placed.c.top <= LISTED, placed.c.rising <= RISING))
        .order_by(placed.c.top)
    )
    return [Used(*map(int, row)) for row in db.session.execute(query)]


def totals(start: datetime, end: datetime) -> tuple[int, int, int]:
    """Return uses, people and assets of a time."""
    query = select(
        func.count(), func.count(distinct(UsageEvent.user_id)),
        func.count(distinct(UsageEvent.asset_id)),
    ).where(
        UsageEvent.at >= start, UsageEvent.at < end,
        UsageEvent.action.in_(_USES), UsageEvent.asset_id.is_not(None),
    )  # fmt: skip
    row = db.session.execute(query).one()
    return int(row[0]), int(row[1]), int(row[2])


def ended(start: datetime, end: datetime) -> Rows:
    """Return (outcome, currency, deals, deals with a value, their sum) of what ended in a time."""
    query = (
        select(
            Deal.outcome, Deal.currency, func.count(), func.count(Deal.amount),
            func.sum(Deal.amount),
        )
        .where(Deal.outcome.in_(ENDINGS), Deal.closed_at >= start, Deal.closed_at < end)
        .group_by(Deal.outcome, Deal.currency)
        .order_by(Deal.outcome, func.count().desc(), Deal.currency)
    )  # fmt: skip
    return db.session.execute(query).all()


def used_to_win(start: datetime, end: datetime) -> Rows:
    """Return (asset, won deals it was used on, best guess, low, high, n, verdict); most first."""
    won = (
        select(Deal.id, Deal.closed_at)
        .where(Deal.outcome == Outcome.WON.value, Deal.closed_at >= start, Deal.closed_at < end)
        .order_by(Deal.closed_at.desc(), Deal.id)
        .limit(DEALS_MOST)
        .subquery()
    )
    noted = (
        select(UsageEvent.asset_id.label("asset_id"), UsageEvent.deal_id.label("deal_id"))
        .join(won, won.c.id == UsageEvent.deal_id)
        .where(UsageEvent.action.in_(_USES), UsageEvent.at <= won.c.closed_at)
    )
    called = (
        select(CallUse.asset_id, Call.deal_id)
        .join(Call, Call.id == CallUse.call_id)
        .join(won, won.c.id == Call.deal_id)
        .where(Call.at <= won.c.closed_at)
    )
    uses = union_all(noted, called).subquery()
    deals = func.count(distinct(uses.c.deal_id))
    it = AssetLift
    query = (
        select(uses.c.asset_id, deals, it.best, it.low, it.high, it.n, it.verdict)
        .join(Asset, Asset.id == uses.c.asset_id)
        .outerjoin(it, it.asset_id == uses.c.asset_id)
        .where(Asset.state == State.PUBLISHED.value)
        .group_by(uses.c.asset_id, it.best, it.low, it.high, it.n, it.verdict)
        .order_by(deals.desc(), uses.c.asset_id)
        .limit(LISTED)
    )
    return db.session.execute(query).all()


def hurting() -> Rows:
    """Return published assets that are said to hurt (id, best guess), the worst first."""
    query = (
        select(AssetLift.asset_id, AssetLift.best)
        .join(Asset, and_(Asset.id == AssetLift.asset_id, Asset.state == State.PUBLISHED.value))
        .where(AssetLift.verdict == Verdict.HURTS.value)
        .order_by(AssetLift.place.desc())
        .limit(LISTED)
    )
    return db.session.execute(query).all()


def searched_in_vain(start: datetime, end: datetime) -> Rows:
    """Return (query, who, times) of searches that found nothing."""
    query = (
        select(UsageEvent.query, UsageEvent.user_id, func.count())
        .where(
            UsageEvent.action == Action.SEARCHED.value, UsageEvent.at >= start,
            UsageEvent.at < end, UsageEvent.results == 0, UsageEvent.query.is_not(None),
        )
        .group_by(UsageEvent.query, UsageEvent.user_id)
        .order_by(func.count().desc(), UsageEvent.query, UsageEvent.user_id)
        .limit(SEARCHES_MOST)
    )  # fmt: skip
    return db.session.execute(query).all()


def assets(ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """Return slug, kind and titles by language of assets."""
    found: dict[int, dict[str, Any]] = {}
    query = (
        select(Asset.id, Asset.slug, Asset.kind, AssetText.language, AssetText.title)
        .outerjoin(AssetText, AssetText.asset_id == Asset.id)
        .where(Asset.id.in_(sorted(ids)))
        .order_by(Asset.id, AssetText.language)
    )
    for number, slug, kind, language, title in db.session.execute(query):
        it = found.setdefault(number, {"slug": slug, "kind": kind, "titles": {}})
        if language:
            it["titles"][language] = title
    return found
