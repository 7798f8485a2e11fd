"""Keeps the totals of the spans: they follow from the days and people that are kept."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sqlalchemy import and_, delete, func, insert, select

from portal.db import db, reading
from portal.insights.use import rules
from portal.insights.use.models import UseDay, UsePerson, UseSpan, UseState, UseTotal
from portal.insights.use.rules import Dim
from portal.insights.use.statements import NAMES

DIMS = (Dim.ALL, Dim.ASSET, Dim.LANGUAGE, Dim.STAGE, Dim.PERSON)
SOME = 5000
Row = dict[str, Any]


def refresh(dim: Dim, keys: Sequence[int]) -> None:
    """Make the totals of some values anew, in this transaction."""
    for some in _batches(keys):
        rows = list(_totals(dim, some))
        db.session.execute(
            delete(UseTotal).where(UseTotal.dim == dim.value, UseTotal.key.in_(some))
        )
        if rows:
            db.session.execute(insert(UseTotal), rows)


def refresh_all(today: int, commit: Callable[[], None]) -> None:
    """Move the spans to a day and make all totals anew; the long part of it only reads."""
    firsts = rules.firsts(today)
    while True:
        commit()
        with reading():
            before = _version(db.session.scalar(select(UseState)))
            rows = [row for dim in DIMS for row in _totals(dim, None, firsts)]
            db.session.rollback()
        state = db.session.scalar(
            select(UseState).with_for_update().execution_options(populate_existing=True)
        )
        if state is None or _version(state) == before:
            break
    if state is None:
        return
    for table in (UseTotal, UseSpan):
        db.session.execute(delete(table))
    db.session.execute(
        insert(UseSpan), [{"days": days, "first": first} for days, first in firsts.items()]
    )
    for some in _batches(rows):
        db.session.execute(insert(UseTotal), some)
    state.today = today
    db.session.flush()
    commit()


def _totals(
    dim: Dim, keys: Sequence[int] | None, firsts: dict[int, int] | None = None
) -> Iterator[Row]:
    """Tell the totals of a dimension's values over each span; those without any are left out."""
    if firsts is None:
        spans = db.session.execute(select(UseSpan.days, UseSpan.first).order_by(UseSpan.days))
        firsts = {row.days: row.first for row in spans}
    for days, first in firsts.items():
        people = _people(dim, keys, first)
        query = (
            select(UseDay.key, *(func.sum(getattr(UseDay, name)).label(name) for name in NAMES))
            .where(and_(UseDay.dim == dim.value, UseDay.day >= first), *_of(UseDay, keys))
            .group_by(UseDay.key)
            .order_by(UseDay.key)
        )
        for key, *counts in db.session.execute(query):
            found = dict(zip(NAMES, map(int, counts), strict=True))
            yield {
                "days": days, "dim": dim.value, "key": key, "people": people.get(key, 0), **found
            }  # fmt: skip


def again() -> dict[tuple[int, str, int], tuple[int, ...]]:
    """Return what the totals should be, by span, dimension and key."""
    return {
        (row["days"], row["dim"], row["key"]): tuple(row[name] for name in (*NAMES, "people"))
        for dim in DIMS
        for row in _totals(dim, None)
    }


def _version(state: UseState | None) -> tuple[int, object] | None:
    return (state.watermark, state.rolled_at) if state else None


def _batches(found: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (found[n : n + SOME] for n in range(0, len(found), SOME))


def _people(dim: Dim, keys: Sequence[int] | None, first: int) -> dict[int, int]:
    query = (
        select(UsePerson.key, func.count())
        .where(UsePerson.dim == dim.value, UsePerson.last_day >= first, *_of(UsePerson, keys))
        .group_by(UsePerson.key)
        .order_by(UsePerson.key)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def _of(table: type[UseDay] | type[UsePerson], keys: Sequence[int] | None) -> list[Any]:
    return [] if keys is None else [table.key.in_(keys)]
