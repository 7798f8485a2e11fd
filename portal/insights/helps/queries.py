"""The SELECTs behind what helps: assets by their place, how many, their use, points of a plot."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, case, exists, func, or_, select, union

from portal.calls.models import Call, CallUse
from portal.calls.rules import State as CallState
from portal.db import db
from portal.deals.models import Deal, StageChange
from portal.deals.rules import Outcome
from portal.insights.helps.rules import VERDICTS, Group, Wish
from portal.insights.lift.models import AssetLift, CountedDeal, LiftModel
from portal.insights.lift.rules import CLAIMS
from portal.library.models import Asset, AssetText, FacetTerm, asset_facets
from portal.library.rules import State
from portal.usage.models import UsageEvent
from portal.usage.rules import Action

FACETS = ("product", "competitor")


class Line(NamedTuple):
    """An asset and what is said of it; shares of one."""

    asset_id: int
    slug: str
    kind: str
    state: str
    place: int
    verdict: str
    n: int
    uses: int
    reps: int
    lift: float | None
    error: float | None
    own: float | None
    others: float | None
    best: float | None
    low: float | None
    high: float | None
    need: int


_LINE = (
    Asset.id, Asset.slug, Asset.kind, Asset.state,
    AssetLift.place, AssetLift.verdict, AssetLift.n, AssetLift.uses, AssetLift.reps,
    AssetLift.lift, AssetLift.error, AssetLift.own, AssetLift.others, AssetLift.best,
    AssetLift.low, AssetLift.high, AssetLift.need,
)  # fmt: skip


def columns_of_line() -> tuple[Any, ...]:
    """Return the columns of a `Line`, of assets and of what is said of them."""
    return _LINE


def terms() -> dict[str, list[FacetTerm]]:
    """Return the products and competitors there are, by facet."""
    query = select(FacetTerm).where(FacetTerm.facet.in_(FACETS)).order_by(FacetTerm.slug)
    found: dict[str, list[FacetTerm]] = {facet: [] for facet in FACETS}
    for term in db.session.scalars(query):
        found[term.facet].append(term)
    return found


def _titled(words: str) -> ColumnElement[bool]:
    """Which assets have these words in a title, whatever their case.

    SQLite folds the case of Latin letters alone: others are tried as they may be written.
    """
    ways = dict.fromkeys((words, words.lower(), words.upper(), words.capitalize(), words.title()))
    told = or_(*(AssetText.title.icontains(way, autoescape=True) for way in ways))
    return exists().where(AssetText.asset_id == Asset.id, told)


def _conditions(wish: Wish, *, unpublished: bool) -> list[ColumnElement[bool]]:
    """Return what an asset must be to be listed, its group apart."""
    conditions: list[ColumnElement[bool]] = []
    if not unpublished:
        conditions.append(Asset.state == State.PUBLISHED.value)
    if wish.kind:
        conditions.append(Asset.kind == wish.kind)
    if wish.language:
        conditions.append(
            exists().where(AssetText.asset_id == Asset.id, AssetText.language == wish.language)
        )
    for facet, slug in (("product", wish.product), ("competitor", wish.competitor)):
        if slug:
            of_term = select(asset_facets.c.asset_id).join(
                FacetTerm, FacetTerm.id == asset_facets.c.term_id
            )
            of_term = of_term.where(FacetTerm.facet == facet, FacetTerm.slug == slug)
            conditions.append(Asset.id.in_(of_term))
    if wish.words:
        conditions.append(_titled(wish.words))
    return conditions


def counts(wish: Wish, *, unpublished: bool) -> dict[Group, int]:
    """Return how many assets each group has of those wished for."""
    query = (
        select(AssetLift.verdict, func.count())
        .join(Asset, Asset.id == AssetLift.asset_id)
        .where(*_conditions(wish, unpublished=unpublished))
        .group_by(AssetLift.verdict)
        .order_by(AssetLift.verdict)
    )
    rows: Any = db.session.execute(query)
    found = dict(rows.all())
    return {group: sum(found.get(it, 0) for it in of) for group, of in VERDICTS.items()}


def lines(
    group: Group, wish: Wish, *, unpublished: bool, limit: int | None = None, offset: int = 0
) -> list[Line]:
    """Return assets of a group in the page's order; thin ones by how little is missing."""
    order: list[Any] = [AssetLift.place]
    if group is Group.THIN:
        order = [AssetLift.need, *order]
    query: Any = (
        select(*_LINE)
        .join(Asset, Asset.id == AssetLift.asset_id)
        .where(
            AssetLift.verdict.in_(VERDICTS[group]),
            *_conditions(wish, unpublished=unpublished),
        )
        .order_by(*order)
    )
    if limit is not None:
        query = query.limit(limit).offset(offset)
    return [Line(*row) for row in db.session.execute(query)]


def line(slug: str, *, unpublished: bool) -> Line | None:
    """Return what is said of one asset."""
    query: Any = (
        select(*_LINE)
        .join(Asset, Asset.id == AssetLift.asset_id)
        .where(Asset.slug == slug, *_conditions(Wish(), unpublished=unpublished))
    )
    row = db.session.execute(query).first()
    return Line(*tuple(row)) if row else None


def listed(asset_ids: Sequence[int], *, unpublished: bool) -> dict[int, str]:
    """Return the slugs of those of the assets that may be listed."""
    query = select(Asset.id, Asset.slug).where(
        Asset.id.in_(asset_ids), *_conditions(Wish(), unpublished=unpublished)
    )
    rows: Any = db.session.execute(query.order_by(Asset.id))
    return dict(rows.all())


def verdicts(asset_ids: Sequence[int]) -> dict[int, str]:
    """Return what is said of each of the assets on the whole."""
    query = select(AssetLift.asset_id, AssetLift.verdict).where(AssetLift.asset_id.in_(asset_ids))
    rows: Any = db.session.execute(query.order_by(AssetLift.asset_id))
    return dict(rows.all())


class Point(NamedTuple):
    """An asset of the funnel plot."""

    asset_id: int
    n: int
    lift: float
    error: float
    verdict: str


def points(most: int, least: int, *, unpublished: bool) -> list[Point]:
    """Return at most so many compared assets: all claims, then an even choice of the others."""
    claims = AssetLift.verdict.in_([it.value for it in CLAIMS])
    base = (
        select(AssetLift.asset_id, AssetLift.n, AssetLift.lift, AssetLift.error, AssetLift.verdict)
        .where(AssetLift.verdict.in_(VERDICTS[Group.JUDGED]), AssetLift.n >= least)
        .where(AssetLift.lift.is_not(None))
    )
    total = db.session.scalar(select(func.count()).select_from(base.subquery())) or 0
    if not unpublished:
        base = base.join(Asset, Asset.id == AssetLift.asset_id)
        base = base.where(Asset.state == State.PUBLISHED.value)
    if total > most:
        base = base.where(or_(claims, AssetLift.place % -(-total // most) == 0))
    query: Any = base.order_by(case((claims, 0), else_=1), AssetLift.place).limit(most)
    return [Point(*row) for row in db.session.execute(query)]


@dataclass(frozen=True, slots=True)
class Missing:
    """What deals lack without which nothing can be compared."""

    deals: bool
    stages: bool
    owners: bool
    uses: bool

    @property
    def any(self) -> bool:
        """Whether anything is."""
        return self.deals or self.stages or self.owners or self.uses


def missing(kept: LiftModel | None) -> Missing:
    """Return what is missing; asked only when no asset could be judged."""
    if kept is None or not kept.deals:
        return Missing(deals=True, stages=False, owners=False, uses=False)
    counted = select(CountedDeal.deal_id).where(CountedDeal.generation == kept.generation)
    return Missing(
        deals=False,
        stages=not _any(select(StageChange.id).where(StageChange.outcome == Outcome.OPEN.value)),
        owners=not _any(counted.where(CountedDeal.owner_id > 0)),
        uses=not _any(select(UsageEvent.id).where(UsageEvent.deal_id.is_not(None)))
        and not _any(select(CallUse.call_id)),
    )


def _any(query: Select[Any]) -> bool:
    return db.session.scalar(query.limit(1)) is not None


class Use(NamedTuple):
    """How an asset was used lately; `open`: open deals that saw it."""

    people: int
    views: int
    open: int


NONE = Use(0, 0, 0)


def use_of(asset_ids: Collection[int], since: datetime) -> dict[int, Use]:
    """Return how these assets were used since a moment."""
    recent = (UsageEvent.asset_id.in_(asset_ids), UsageEvent.at >= since)
    views = func.sum(case((UsageEvent.action == Action.VIEWED.value, 1), else_=0))
    used = (
        select(UsageEvent.asset_id, func.count(func.distinct(UsageEvent.user_id)), views)
        .where(*recent, UsageEvent.action != Action.SEARCHED.value)
        .group_by(UsageEvent.asset_id)
        .order_by(UsageEvent.asset_id)
    )
    opened = _open_of(asset_ids, recent, since)
    people: dict[int, tuple[int, int]] = {i: (n, int(v)) for i, n, v in db.session.execute(used)}
    return {i: Use(*people.get(i, (0, 0)), opened.get(i, 0)) for i in people.keys() | opened.keys()}


def _open_of(
    asset_ids: Collection[int], recent: tuple[ColumnElement[bool], ...], since: datetime
) -> dict[int, int]:
    """Return how many open deals saw each asset since a moment, by the ledger and in calls."""
    seen = union(
        select(UsageEvent.asset_id, UsageEvent.deal_id).where(
            *recent, UsageEvent.deal_id.is_not(None), UsageEvent.action != Action.SEARCHED.value
        ),
        select(CallUse.asset_id, Call.deal_id)
        .join(Call, Call.id == CallUse.call_id)
        .where(
            CallUse.asset_id.in_(asset_ids), Call.state == CallState.LOGGED.value, Call.at >= since
        ),
    ).subquery()
    query = (
        select(seen.c.asset_id, func.count())
        .join(Deal, Deal.id == seen.c.deal_id)
        .where(Deal.outcome == Outcome.OPEN.value)
        .group_by(seen.c.asset_id)
        .order_by(seen.c.asset_id)
    )
    rows: Any = db.session.execute(query)
    return dict(rows.all())
