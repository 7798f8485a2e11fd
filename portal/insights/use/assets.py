"""Assets with their use: sorted, paged and sifted by the database, what is fresh merged in."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Float, Select, and_, cast, exists, func, or_, select

from portal.db import db
from portal.insights.rules import LONG_AGO, best_language
from portal.insights.use import kept, rules
from portal.insights.use.fresh import Fresh, rows_of
from portal.insights.use.kept import PUBLISHED, AssetUse, Merged, Order, column_of, uses
from portal.insights.use.models import UseTotal
from portal.insights.use.queries import Basis
from portal.insights.use.rules import NOTHING, Counts, Dim, Listing
from portal.insights.use.statements import NAMES
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
    on: Basis, order: Order, *, up: bool, size: int | None = None, offset: int = 0
) -> list[AssetUse]:
    """Return assets that are published or were used, sorted; equal ones by number."""
    shelf = _shelf(on)
    of_time = order is Order.LAST_USED
    by: Any = kept.never(shelf.query) if of_time else column_of(shelf.use, order.value)
    here = [(_value(it, order), it.id) for it in shelf.touched.values() if _is_worth(it)]
    query = shelf.others(kept.worth(shelf.use))
    much = getattr(shelf.use.raw, order.value) > 0 if not (of_time or up or on.waits_long) else None
    return shelf.read(_in_order(query, by, here, much, up=up, size=size, offset=offset))


def _value(it: AssetUse, order: Order) -> Any:  # noqa: ANN401  # a number or a moment
    if order is Order.LAST_USED:
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
    worked = column_of(use, "copies") + column_of(use, "downloads") + column_of(use, "prints")
    start = midnight(on.since, ZoneInfo(zone))
    found = {
        Listing.NEVER_SHOWN: and_(column_of(use, "shown") == 0, column_of(use, "opens") == 0),
        Listing.NOT_OPENED: and_(column_of(use, "shown") > 0, column_of(use, "opens") == 0),
        Listing.NOT_USED: and_(column_of(use, "opens") + column_of(use, "views") > 0, worked == 0),
        Listing.STALE: and_(
            uses(use) == 0, or_(Asset.published_at.is_(None), Asset.published_at < start)
        ),
    }[which]
    by: Any = {
        Listing.NEVER_SHOWN: func.coalesce(Asset.published_at, LONG_AGO),
        Listing.NOT_OPENED: column_of(use, "shown"),
        Listing.NOT_USED: column_of(use, "views"),
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


def _worked(it: AssetUse) -> int:
    return it.counts.copies + it.counts.downloads + it.counts.prints


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
        lambda it, _: it.counts.opens + it.counts.views > 0 and not _worked(it),
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
        .where(column_of(shelf.use, "people") >= rules.SMALL)
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
    if on.fresh is not None:
        return found + on.fresh.counts(Dim.ASSET, on.first).get(asset.id, NOTHING)
    if not on.waiting:
        return found
    tail = replace(on.tail, asset_id=asset.id)
    for row in db.session.execute(tail.counts(Dim.ASSET, by_day=False)):
        found += Counts(**{name: int(getattr(row, name)) for name in NAMES})
    for row in db.session.execute(tail.newcomers(Dim.ASSET, on.first, kept=on.ready, words=False)):
        found += Counts(people=row.people)
    return found
