"""What a roll-up asks the ledger and what is kept: how far it may go, what is new, what differs."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from time import sleep
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, func, literal, select, text

from portal import clock
from portal.db import UTCDateTime, db
from portal.insights.use.models import (
    UseAsset,
    UseDay,
    UsePerson,
    UseSpan,
    UseState,
    UseTotal,
    UseWord,
)
from portal.insights.use.rules import Dim
from portal.insights.use.statements import NAMES, Part, is_relevant
from portal.library.models import Asset
from portal.usage.models import UsageEvent
from portal.usage.queries import EPOCH
from portal.usage.rules import Stretch, stretches

EARLIEST, LATEST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
"""Outside of these a clock was wrong, and summer time is not looked up."""
TRIES, PAUSE = 100, 0.02
FEW = 5_000
"""So many numbers can be named in a statement; of more one asks for all."""
_WRITERS = text(
    "SELECT virtualtransaction FROM pg_locks WHERE relation = 'usage_events'::regclass"
    " AND mode = 'RowExclusiveLock' AND pid IS DISTINCT FROM pg_backend_pid()"
)


def today(zone: str) -> int:
    """Return the company's day, counted from 1970."""
    return clock.now().astimezone(ZoneInfo(zone)).date().toordinal() - EPOCH


def is_ready() -> bool:
    """Whether totals are kept at all."""
    return db.session.scalar(select(UseSpan.days).order_by(UseSpan.days).limit(1)) is not None


def settled() -> int:
    """Return the highest event's number below which none can appear any more.

    PostgreSQL gives numbers out before they are committed: those who were writing when the number
    was read are waited for. Whoever begins later gets a higher one. When they do not end, we go on
    up to where we are, the next time.
    """
    highest = db.session.scalar(select(func.max(UsageEvent.id))) or 0
    if db.session.connection().dialect.name != "postgresql":
        return highest
    writing = set(db.session.scalars(_WRITERS))
    for _ in range(TRIES):
        if not writing:
            return highest
        sleep(PAUSE)
        writing &= set(db.session.scalars(_WRITERS))
    return 0


def clock_of(first: datetime, last: datetime, zone: ZoneInfo) -> tuple[Stretch, ...]:
    """Return how far the company's clock was ahead between two moments."""
    low, high = (min(max(it.astimezone(UTC), EARLIEST), LATEST) for it in (first, last))
    return stretches(low, high, zone)


def span(*of: ColumnElement[bool]) -> tuple[datetime, datetime] | None:
    """Return when the first and the last of these events were; None when there are none."""
    at = UsageEvent.at
    query = select(func.min(at, type_=UTCDateTime()), func.max(at, type_=UTCDateTime())).where(*of)
    first, last = db.session.execute(query).one()
    return None if first is None else (first, last)


def part(low: int, high: int, zone: ZoneInfo) -> Part | None:
    """Return the events of a range of numbers; None when none of them is counted."""
    found = span(UsageEvent.id > low, UsageEvent.id <= high, is_relevant())
    return None if found is None else Part(low, clock_of(*found, zone), high)


def new_words(low: int, high: int) -> dict[Dim, set[str]]:
    """Return the languages and stages of these events; some may have a number."""
    query = (
        select(UsageEvent.language, UsageEvent.stage)
        .where(UsageEvent.id > low, UsageEvent.id <= high, is_relevant())
        .distinct()
    )
    rows: Sequence[Any] = db.session.execute(query).all()
    return {
        dim: {row[place] for row in rows if row[place]}
        for place, dim in enumerate((Dim.LANGUAGE, Dim.STAGE))
    }


def new_kinds() -> list[str]:
    """Return the kinds there are."""
    return list(db.session.scalars(select(Asset.kind).distinct().order_by(Asset.kind)))


def _kind_now() -> Any:  # noqa: ANN401
    return (
        select(UseAsset.asset_id, func.coalesce(UseWord.id, 0).label("number"), UseAsset.kind)
        .outerjoin(Asset, Asset.id == UseAsset.asset_id)
        .outerjoin(UseWord, and_(UseWord.dim == Dim.KIND.value, UseWord.word == Asset.kind))
    )


def moved() -> list[tuple[int, int]]:
    """Return the used assets that are of another kind than was kept, and that kind's number."""
    now = _kind_now().subquery()
    query = select(now.c.asset_id, now.c.number).where(now.c.number != now.c.kind)
    return [(row[0], row[1]) for row in db.session.execute(query.order_by(now.c.asset_id))]


def people_of_kinds() -> Any:  # noqa: ANN401
    """Return who used which kind last when, by the assets they used."""
    return (
        select(
            literal(Dim.KIND.value), UseAsset.kind, UsePerson.user_id, func.max(UsePerson.last_day)
        )
        .join(UseAsset, UseAsset.asset_id == UsePerson.key)
        .where(UsePerson.dim == Dim.ASSET.value)
        .group_by(UseAsset.kind, UsePerson.user_id)
    )


def differences(zone: str, dims: Sequence[Dim], worn: Sequence[Dim]) -> Iterator[str]:
    """Tell where what is kept up to the watermark is not what the ledger has."""
    state = db.session.scalar(select(UseState))
    found = part(0, state.watermark, ZoneInfo(zone)) if state else None
    for dim in dims:
        names = ("key", "day", *NAMES)
        raw = _rows(found.counts(dim, by_day=True)) if found else set()
        kept = _rows(
            select(*(getattr(UseDay, name) for name in names)).where(
                UseDay.dim == dim.value,
            )
        )
        kept = {row for row in kept if any(row[2:])}
        yield from (f"days {dim.value}: ledger {row}" for row in sorted(raw - kept)[:9])
        yield from (f"days {dim.value}: kept {row}" for row in sorted(kept - raw)[:9])
    for dim in worn:
        raw = _rows(found.people(dim)) if found else set()
        kept = _rows(
            select(UsePerson.key, UsePerson.user_id, UsePerson.last_day).where(
                UsePerson.dim == dim.value
            )
        )
        yield from (f"people {dim.value}: ledger {row}" for row in sorted(raw - kept)[:9])
        yield from (f"people {dim.value}: kept {row}" for row in sorted(kept - raw)[:9])


def _rows(query: Any) -> set[tuple[int, ...]]:  # noqa: ANN401
    return {tuple(map(int, row)) for row in db.session.execute(query)}


def kept_totals(dims: Sequence[Dim]) -> dict[tuple[int, str, int], tuple[int, ...]]:
    """Return the totals that are kept, by span, dimension and key."""
    columns = (getattr(UseTotal, name) for name in (*NAMES, "people"))
    query = (
        select(UseTotal.days, UseTotal.dim, UseTotal.key, *columns)
        .where(UseTotal.dim.in_([dim.value for dim in dims]))
        .order_by(UseTotal.days, UseTotal.dim, UseTotal.key)
    )
    return {tuple(row[:3]): tuple(row[3:]) for row in db.session.execute(query)}
