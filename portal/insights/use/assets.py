"""Assets with their use: sorted, paged and sifted by the database."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    Float,
    Select,
    Subquery,
    and_,
    case,
    cast,
    exists,
    func,
    or_,
    outerjoin,
    select,
)
from sqlalchemy.orm import aliased

from portal.db import UTCDateTime, db
from portal.insights.rules import LONG_AGO, best_language
from portal.insights.use import rules
from portal.insights.use.models import UseAsset, UseTotal
from portal.insights.use.queries import Basis
from portal.insights.use.rules import Counts, Dim, Listing
from portal.insights.use.statements import NAMES
from portal.library.models import Asset, AssetText
from portal.usage.queries import USES

PUBLISHED = "published"
USED = tuple(action.value for action in USES)


class Order(StrEnum):
    """What assets can be sorted by in the database."""

    VIEWS = "views"
    PEOPLE = "people"
    COPIES = "copies"
    DOWNLOADS = "downloads"
    PRINTS = "prints"
    OPENS = "opens"
    SHOWN = "shown"
    LAST_USED = "last_used"


@dataclass(frozen=True, slots=True)
class AssetUse:
    """An asset, its use, and its uses in the time before when they were asked for."""

    id: int
    slug: str
    kind: str
    state: str
    published_at: datetime | None
    last_used: datetime | None
    counts: Counts
    before: int = 0


@dataclass(frozen=True, slots=True)
class _Merged:
    """Counts of assets as expressions, and what to join for them; small parts are looked up."""

    columns: Mapping[str, ColumnElement[int]]
    joins: Sequence[tuple[Any, ColumnElement[bool]]]

    def to(self, source: Any) -> Any:  # noqa: ANN401  # whatever assets are selected from
        for table, same in self.joins:
            source = source.outerjoin(table, same)
        return source


def _merged(on: Basis) -> _Merged:
    """Return the use of each asset: what is kept, and what is not rolled up yet on top."""
    kept = aliased(UseTotal)
    same = (kept.days == on.days, kept.dim == on.dim(Dim.ASSET), kept.key == Asset.id)
    columns: dict[str, ColumnElement[int]] = {
        name: func.coalesce(getattr(kept, name), 0) for name in (*NAMES, "people")
    }
    if not on.waiting:
        return _Merged(columns, [(kept, and_(*same))])
    tail = on.tail.counts(Dim.ASSET, by_day=False).subquery()
    new = on.tail.newcomers(Dim.ASSET, on.first, kept=on.ready, words=False).subquery()
    for name, column in columns.items():
        more = new.c.people if name == "people" else tail.c[name]
        columns[name] = column + func.coalesce(more, 0)
    joins = [(kept, and_(*same)), (tail, tail.c.key == Asset.id), (new, new.c.key == Asset.id)]
    return _Merged(columns, joins)


def _of(it: _Merged, name: str) -> ColumnElement[int]:
    return it.columns[name]


def _uses(it: _Merged) -> ColumnElement[int]:
    return _of(it, "views") + _of(it, "copies") + _of(it, "downloads") + _of(it, "prints")


def _late(on: Basis) -> Subquery:
    """Return when each asset was last used in what is not rolled up yet."""
    events = replace(on.tail, start=None).events()
    return (
        select(events.c.asset_id, func.max(events.c.at, type_=UTCDateTime()).label("at"))
        .where(events.c.action.in_(USED))
        .group_by(events.c.asset_id)
        .subquery()
    )


def _select(on: Basis) -> tuple[Select[Any], _Merged]:
    """Return assets with their use and when they were last used, ever."""
    use = _merged(on)
    counts = [_of(use, name).label(name) for name in (*NAMES, "people")]
    last: Any = UseAsset.last_at
    source: Any = use.to(outerjoin(Asset, UseAsset, UseAsset.asset_id == Asset.id))
    if on.waiting:
        late = _late(on)
        source = source.outerjoin(late, late.c.asset_id == Asset.id)
        newer = or_(last.is_(None), late.c.at > last)
        last = case((and_(late.c.at.is_not(None), newer), late.c.at), else_=last)
    query = (
        select(Asset.id, Asset.slug, Asset.kind, Asset.state, Asset.published_at,
               last.label("last_at"), *counts)
        .select_from(source)
        .where(exists().where(AssetText.asset_id == Asset.id))
    )  # fmt: skip
    return query, use


def _row(row: Any, before: int = 0) -> AssetUse:  # noqa: ANN401  # a row of `_select`
    counts = Counts(people=int(row.people), **{name: int(getattr(row, name)) for name in NAMES})
    return AssetUse(
        row.id, row.slug, row.kind, row.state, row.published_at, row.last_at, counts, before
    )


def _worth(use: _Merged) -> ColumnElement[bool]:
    return or_(Asset.state == PUBLISHED, _uses(use) > 0)


def count(on: Basis) -> int:
    """Return how many assets are published or were used; of the former use need not be known."""
    published = select(func.count()).where(
        Asset.state == PUBLISHED, exists().where(AssetText.asset_id == Asset.id)
    )
    query, use = _select(on)
    others = query.where(Asset.state != PUBLISHED, _uses(use) > 0).with_only_columns(Asset.id)
    more = select(func.count()).select_from(others.subquery())
    return (db.session.scalar(published) or 0) + (db.session.scalar(more) or 0)


def lines(
    on: Basis, order: Order, *, up: bool, size: int | None = None, offset: int = 0
) -> list[AssetUse]:
    """Return assets that are published or were used, sorted; equal ones by number."""
    query, use = _select(on)
    by: Any = _of(use, order.value) if order is not Order.LAST_USED else _never(query)
    query = query.where(_worth(use)).order_by(by.asc() if up else by.desc(), Asset.id)
    if size is not None:
        query = query.limit(size).offset(offset)
    return [_row(row) for row in db.session.execute(query)]


def _never(query: Select[Any]) -> ColumnElement[Any]:
    """Return when something was last used; long ago if never."""
    last: ColumnElement[Any] = query.selected_columns["last_at"]
    return func.coalesce(last, LONG_AGO)


def listing(
    which: Listing, on: Basis, before: Basis, zone: str, *, size: int, offset: int
) -> tuple[list[AssetUse], int]:
    """Return a page of one of the lists, and how long it is."""
    query, use = _select(on)
    query = query.where(Asset.state == PUBLISHED)
    worked = _of(use, "copies") + _of(use, "downloads") + _of(use, "prints")
    start = datetime.combine(on.since, time(), ZoneInfo(zone)).astimezone(UTC)
    if which is Listing.HOT:
        return _hot(query, use, before, size, offset)
    found = {
        Listing.NEVER_SHOWN: and_(_of(use, "shown") == 0, _of(use, "opens") == 0),
        Listing.NOT_OPENED: and_(_of(use, "shown") > 0, _of(use, "opens") == 0),
        Listing.NOT_USED: and_(_of(use, "opens") + _of(use, "views") > 0, worked == 0),
        Listing.STALE: and_(
            _uses(use) == 0, or_(Asset.published_at.is_(None), Asset.published_at < start)
        ),
    }[which]
    first: Any = {
        Listing.NEVER_SHOWN: Asset.published_at.asc(),
        Listing.NOT_OPENED: _of(use, "shown").desc(),
        Listing.NOT_USED: _of(use, "views").desc(),
        Listing.STALE: _never(query).asc(),
    }[which]
    query = query.where(found)
    inner = query.with_only_columns(Asset.id).subquery()
    how_many = db.session.scalar(select(func.count()).select_from(inner)) or 0
    rows = db.session.execute(query.order_by(first, Asset.id).limit(size).offset(offset))
    return [_row(row) for row in rows], how_many


def _hot(
    query: Select[Any], use: _Merged, before: Basis, size: int, offset: int
) -> tuple[list[AssetUse], int]:
    """Return assets whose use rises, the steepest first; the database leaves out the most."""
    longer = _merged(before)
    now, both = _uses(use), _uses(longer)
    for table, same in longer.joins:
        query = query.outerjoin(table, same)
    query = (
        query.add_columns((both - now).label("earlier"))
        .where(now >= rules.HOT_USES, _of(use, "people") >= rules.SMALL, 2 * now > both)
        .where(cast((2 * now - both) * (2 * now - both), Float) >= rules.HOT_RISE**2 * both)
    )
    found = [_row(row, int(row.earlier)) for row in db.session.execute(query)]
    found = [it for it in found if rules.is_hot(it.counts, it.before)]
    found.sort(key=lambda it: (-rules.rise(it.counts.uses, it.before), it.id))
    return found[offset : offset + size], len(found)


def titles(ids: Collection[int], language: str) -> dict[int, tuple[str, str]]:
    """Return (title, its language) of assets, in the reader's language or the next best."""
    query = (
        select(AssetText.asset_id, AssetText.language, AssetText.title)
        .where(AssetText.asset_id.in_(list(ids)))
        .order_by(AssetText.asset_id, AssetText.language)
    )
    known: dict[int, dict[str, str]] = {}
    for asset_id, code, title in db.session.execute(query):
        known.setdefault(asset_id, {})[code] = title
    best = {key: best_language(it, language) for key, it in known.items()}
    return {key: (known[key][code], code) for key, code in best.items()}


def of_asset(on: Basis, asset: Asset) -> Counts:
    """Return the use of one asset."""
    kept = db.session.execute(
        select(UseTotal).where(
            UseTotal.days == on.days,
            UseTotal.dim == on.dim(Dim.ASSET),
            UseTotal.key == asset.id,
        )
    ).scalar_one_or_none()
    columns = {name: getattr(kept, name) for name in (*NAMES, "people")} if kept else {}
    found = Counts(**columns)
    if not on.waiting:
        return found
    tail = replace(on.tail, asset_id=asset.id)
    for row in db.session.execute(tail.counts(Dim.ASSET, by_day=False)):
        found += Counts(**{name: int(getattr(row, name)) for name in NAMES})
    for row in db.session.execute(tail.newcomers(Dim.ASSET, on.first, kept=on.ready, words=False)):
        found += Counts(people=row.people)
    return found
