"""Assets with their use as rows of the database: what is kept, and what is not rolled up yet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
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

from portal.db import UTCDateTime
from portal.insights.rules import LONG_AGO
from portal.insights.use.models import UseAsset, UseTotal
from portal.insights.use.queries import Basis
from portal.insights.use.rules import NOTHING, Counts, Dim
from portal.insights.use.statements import NAMES, USED
from portal.library.models import Asset, AssetText
from portal.library.rules import State

PUBLISHED = State.PUBLISHED.value


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
class Merged:
    """Counts of assets as expressions, `raw` as they are kept, and what to join for them."""

    columns: Mapping[str, ColumnElement[int]]
    raw: Any
    joins: Sequence[tuple[Any, ColumnElement[bool]]]

    def to(self, source: Any) -> Any:  # noqa: ANN401  # whatever assets are selected from
        """Return a source with what counts need."""
        for table, same in self.joins:
            source = source.outerjoin(table, same)
        return source


def merged(on: Basis) -> Merged:
    """Return the use of each asset: what is kept, and what is not rolled up yet on top."""
    kept = aliased(UseTotal)
    same = (kept.days == on.days, kept.dim == on.dim(Dim.ASSET), kept.key == Asset.id)
    columns: dict[str, ColumnElement[int]] = {
        name: func.coalesce(getattr(kept, name), 0) for name in (*NAMES, "people")
    }
    if not on.waiting:
        return Merged(columns, kept, [(kept, and_(*same))])
    tail = on.tail.counts(Dim.ASSET, by_day=False).subquery()
    new = on.tail.newcomers(Dim.ASSET, on.first, kept=on.ready, words=False).subquery()
    for name, column in columns.items():
        more = new.c.people if name == "people" else tail.c[name]
        columns[name] = column + func.coalesce(more, 0)
    joins = [(kept, and_(*same)), (tail, tail.c.key == Asset.id), (new, new.c.key == Asset.id)]
    return Merged(columns, kept, joins)


def uses(it: Merged) -> ColumnElement[int]:
    """Return the sum of all uses."""
    made = it.columns
    return made["views"] + made["copies"] + made["downloads"] + made["prints"]


def _late(on: Basis) -> Subquery:
    """Return when each asset was last used in what is not rolled up yet."""
    events = replace(on.tail, start=None).events()
    return (
        select(events.c.asset_id, func.max(events.c.at, type_=UTCDateTime()).label("at"))
        .where(events.c.action.in_(USED))
        .group_by(events.c.asset_id)
        .subquery()
    )


def select_uses(on: Basis) -> tuple[Select[Any], Merged]:
    """Return assets with their use and when they were last used, ever."""
    use = merged(on)
    counts = [cast(use.columns[name], BigInteger).label(name) for name in (*NAMES, "people")]
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


def row_of(
    row: Any,  # noqa: ANN401  # a row of `select_uses`
    before: int = 0,
    more: Counts = NOTHING,
    late: datetime | None = None,
) -> AssetUse:
    """Return a row as what it is, with more use and a later one if there are."""
    counts = Counts(
        row.views, row.people, row.copies, row.downloads, row.prints, row.opens, row.shown
    )
    counts = counts if more is NOTHING else counts + more
    last = row.last_at if late is None or (row.last_at and row.last_at > late) else late
    return AssetUse(row.id, row.slug, row.kind, row.state, row.published_at, last, counts, before)


def worth(use: Merged) -> ColumnElement[bool]:
    """Whether an asset is published or was used."""
    return or_(Asset.state == PUBLISHED, uses(use) > 0)


def never(query: Select[Any]) -> ColumnElement[Any]:
    """Return when something was last used; long ago if never."""
    last: ColumnElement[Any] = query.selected_columns["last_at"]
    return func.coalesce(last, LONG_AGO)
