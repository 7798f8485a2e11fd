"""Assets with their use: sorted, paged and sifted by the database, what is fresh merged in."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Float, Select, and_, cast, exists, func, or_, select

from portal.db import db
from portal.insights.rules import LONG_AGO, Column
from portal.insights.use import kept, rules
from portal.insights.use.fresh import Fresh, rows_of
from portal.insights.use.kept import PUBLISHED, AssetUse, Merged, uses
from portal.insights.use.models import UseTotal
from portal.insights.use.queries import Basis
from portal.insights.use.rules import NOTHING, Dim, Listing
from portal.library.models import Asset, AssetText
from portal.usage.rules import midnight

Line = tuple[Any, int]
"""What an asset is sorted by, and its number."""


@dataclass(frozen=True, slots=True)
class _Shelf:
    """All assets in two parts: those with fresh events, read here, and the database's others."""

    query: Select[Any]
    use: Merged
    touched: dict[int, AssetUse]

    def others(self, *found: ColumnElement[bool]) -> Select[Any]:
        """Return those without fresh events."""
        query = self.query.where(*found)
        return query.where(Asset.id.not_in(_among(self.touched))) if self.touched else query

    def read(self, ids: Sequence[int]) -> list[AssetUse]:
        """Return some, in this order."""
        missing = [it for it in ids if it not in self.touched]
        known = dict(self.touched)
        if missing:
            query = self.query.where(Asset.id.in_(_among(missing))).order_by(Asset.id)
            known |= {row.id: kept.row_of(row) for row in db.session.execute(query)}
        return [known[it] for it in ids if it in known]


def _among(ids: Collection[int]) -> Select[Any]:
    rows, number = rows_of(ids)
    return select(number).select_from(rows)


def _shelf(on: Basis) -> _Shelf:
    if on.fresh is None:
        return _Shelf(*kept.select_uses(on), {})
    fresh = on.fresh
    shelf: _Shelf = fresh.once(("shelf", on.days, on.first), lambda: _merged(on, fresh))
    return shelf


def _merged(on: Basis, fresh: Fresh) -> _Shelf:
    query, use = kept.select_uses(replace(on, waiting=False))
    last = fresh.last_used()
    new = fresh.counts(Dim.ASSET, on.first)
    touched: dict[int, AssetUse] = {}
    ids = sorted({*new, *last})
    if ids:
        for row in db.session.execute(query.where(Asset.id.in_(_among(ids))).order_by(Asset.id)):
            more, late = new.get(row.id, NOTHING), last.get(row.id)
            touched[row.id] = kept.row_of(row, 0, more, late)
    return _Shelf(query, use, touched)


def _is_worth(it: AssetUse) -> bool:
    return it.state == PUBLISHED or it.counts.uses > 0


def count(on: Basis) -> int:
    """Return how many assets are published or were used; of the former use need not be known."""
    published = select(func.count()).where(
        Asset.state == PUBLISHED, exists().where(AssetText.asset_id == Asset.id)
    )
    shelf = _shelf(on)
    more = shelf.others(Asset.state != PUBLISHED, uses(shelf.use) > 0)
    here = sum(it.state != PUBLISHED and it.counts.uses > 0 for it in shelf.touched.values())
    return (db.session.scalar(published) or 0) + _how_many(more) + here


def _how_many(query: Select[Any]) -> int:
    inner = query.with_only_columns(Asset.id).subquery()
    return db.session.scalar(select(func.count()).select_from(inner)) or 0


def lines(
    on: Basis, order: Column, *, up: bool, size: int | None = None, offset: int = 0
) -> list[AssetUse]:
    """Return assets that are published or were used, sorted by counts or their last use."""
    shelf = _shelf(on)
    of_time = order is Column.LAST_USED
    by: Any = kept.never(shelf.query) if of_time else shelf.use.columns[order.value]
    here = [(_value(it, order), it.id) for it in shelf.touched.values() if _is_worth(it)]
    query = shelf.others(kept.worth(shelf.use))
    much = getattr(shelf.use.raw, order.value) > 0 if not (of_time or up or on.waits_long) else None
    return shelf.read(_in_order(query, by, here, much, up=up, size=size, offset=offset))


def _value(it: AssetUse, order: Column) -> Any:  # noqa: ANN401  # a number or a moment
    if order is Column.LAST_USED:
        return it.last_used or LONG_AGO
    return getattr(it.counts, order.value)


def _in_order(
    query: Select[Any],
    by: Any,  # noqa: ANN401  # a column
    here: Sequence[Line],
    much: ColumnElement[bool] | None,
    *,
    up: bool,
    size: int | None,
    offset: int,
) -> list[int]:
    """Return the numbers of a page of the database's assets and those `here`.

    Of the database's as many more are read as there are here: wherever these belong, what comes
    before the page is then as long as `offset`. Those that are `much` come first: where they fill
    the page, others are not looked at.
    """
    low = max(0, offset - len(here))
    most = None if size is None else offset + size - low
    query = query.with_only_columns(Asset.id, by.label("by"))
    query = query.order_by(by.asc() if up else by.desc(), Asset.id).limit(most).offset(low)
    rows: Sequence[Any] = ()
    if much is not None and most is not None:
        rows = db.session.execute(query.where(much)).all()
    if most is None or len(rows) < most:
        rows = db.session.execute(query).all()
    found = sorted([*here, *((row[1], row[0]) for row in rows)], key=lambda it: it[1])
    found.sort(key=lambda it: it[0], reverse=not up)
    page = found[offset - low :] if size is None else found[offset - low : offset - low + size]
    return [it for _, it in page]


def listing(
    which: Listing, on: Basis, before: Basis, zone: str, *, size: int, offset: int
) -> tuple[list[AssetUse], int]:
    """Return a page of one of the lists, and how long it is."""
    shelf = _shelf(on)
    if which is Listing.HOT:
        return _hot(shelf, before, size, offset)
    use = shelf.use
    taken = use.columns["copies"] + use.columns["downloads"] + use.columns["prints"]
    start = midnight(on.since, ZoneInfo(zone))
    found = {
        Listing.NEVER_SHOWN: and_(use.columns["shown"] == 0, use.columns["opens"] == 0),
        Listing.NOT_OPENED: and_(use.columns["shown"] > 0, use.columns["opens"] == 0),
        Listing.NOT_USED: and_(use.columns["opens"] + use.columns["views"] > 0, taken == 0),
        Listing.STALE: and_(
            uses(use) == 0, or_(Asset.published_at.is_(None), Asset.published_at < start)
        ),
    }[which]
    by: Any = {
        Listing.NEVER_SHOWN: func.coalesce(Asset.published_at, LONG_AGO),
        Listing.NOT_OPENED: use.columns["shown"],
        Listing.NOT_USED: use.columns["views"],
        Listing.STALE: kept.never(shelf.query),
    }[which]
    is_in, value = _TOLD[which]
    here = [
        (value(it), it.id)
        for it in shelf.touched.values()
        if it.state == PUBLISHED and is_in(it, start)
    ]
    query = shelf.others(Asset.state == PUBLISHED, found)
    up = which in {Listing.NEVER_SHOWN, Listing.STALE}
    ids = _in_order(query, by, here, None, up=up, size=size, offset=offset)
    return shelf.read(ids), _how_many(query) + len(here)


_Told = tuple[Callable[[AssetUse, datetime], bool], Callable[[AssetUse], Any]]
_TOLD: dict[Listing, _Told] = {
    Listing.NEVER_SHOWN: (
        lambda it, _: not it.counts.shown and not it.counts.opens,
        lambda it: it.published_at or LONG_AGO,
    ),
    Listing.NOT_OPENED: (
        lambda it, _: it.counts.shown > 0 and not it.counts.opens,
        lambda it: it.counts.shown,
    ),
    Listing.NOT_USED: (
        lambda it, _: it.counts.opens + it.counts.views > 0 and not it.counts.taken,
        lambda it: it.counts.views,
    ),
    Listing.STALE: (
        lambda it, start: not it.counts.uses and (it.published_at or LONG_AGO) < start,
        lambda it: it.last_used or LONG_AGO,
    ),
}
"""The lists again, for assets that are here: whether one is in it, what it is sorted by."""


def _hot(shelf: _Shelf, before: Basis, size: int, offset: int) -> tuple[list[AssetUse], int]:
    """Return assets whose use rises, the steepest first; the database leaves out the most."""
    longer = kept.merged(before if before.fresh is None else replace(before, waiting=False))
    now, both = uses(shelf.use), uses(longer)
    query = shelf.others(Asset.state == PUBLISHED)
    for table, same in longer.joins:
        query = query.outerjoin(table, same)
    query = (
        query.add_columns((both - now).label("earlier"))
        .where(now >= rules.HOT_USES, 2 * now > both)
        .where(shelf.use.columns["people"] >= rules.SMALL)
        .where(cast((2 * now - both) * (2 * now - both), Float) >= rules.HOT_RISE**2 * both)
    )
    found = [kept.row_of(row, int(row.earlier)) for row in db.session.execute(query)]
    found += _compared([it for it in shelf.touched.values() if it.state == PUBLISHED], before)
    found = [it for it in found if rules.is_hot(it.counts, it.before)]
    found.sort(key=lambda it: (-rules.rise(it.counts.uses, it.before), it.id))
    return found[offset : offset + size], len(found)


def _compared(found: Sequence[AssetUse], before: Basis) -> list[AssetUse]:
    """Return assets that may rise with their uses in the time before."""
    found = [it for it in found if rules.is_hot(it.counts, 0)]
    if not found or before.fresh is None:
        return []
    new = before.fresh.counts(Dim.ASSET, before.first)
    query = select(
        UseTotal.key, UseTotal.views + UseTotal.copies + UseTotal.downloads + UseTotal.prints
    ).where(
        UseTotal.days == before.days,
        UseTotal.dim == before.dim(Dim.ASSET),
        UseTotal.key.in_(_among([it.id for it in found])),
    )
    both = {row[0]: row[1] for row in db.session.execute(query.order_by(UseTotal.key))}
    return [
        replace(it, before=both.get(it.id, 0) + new.get(it.id, NOTHING).uses - it.counts.uses)
        for it in found
    ]
