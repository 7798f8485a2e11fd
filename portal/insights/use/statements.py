"""Selects over a stretch of the ledger, by event number: what is rolled up, and what is not yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    and_,
    case,
    cast,
    distinct,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy import Integer as SqlInteger
from sqlalchemy.orm import aliased

from portal.db import db
from portal.insights.use.models import UsePerson, UseWord
from portal.insights.use.rules import Dim
from portal.library.models import Asset
from portal.usage.models import UsageEvent
from portal.usage.queries import day_number
from portal.usage.rules import USES, Action, Stretch

COUNTED = {
    "views": Action.VIEWED,
    "copies": Action.COPIED,
    "downloads": Action.DOWNLOADED,
    "prints": Action.PRINTED,
    "opens": Action.OPENED,
    "shown": Action.SEARCHED,
}
"""Column → the action it counts; a search counts for each asset it has listed."""
NAMES = tuple(COUNTED)
NAME_OF = {action.value: name for name, action in COUNTED.items()}
USED = [action.value for action in USES]
"""Actions that are uses."""
KEPT = [*USED, Action.OPENED.value]
WORDED = {Dim.LANGUAGE: "language", Dim.STAGE: "stage", Dim.KIND: "kind"}
"""Dimensions whose values are words: → the column of `Part.events` that has them."""


def listed() -> tuple[Any, ColumnElement[int]]:
    """Return the assets a search has listed as rows to join, and their number."""
    if db.session.connection().dialect.name == "postgresql":
        rows = func.json_array_elements_text(UsageEvent.shown).table_valued("value")
    else:
        rows = func.json_each(UsageEvent.shown).table_valued("value")
    return rows, cast(rows.c.value, SqlInteger)


@dataclass(frozen=True, slots=True)
class Part:
    """Events above `low`, up to `high` if given, from a moment on if given."""

    low: int
    stretches: Sequence[Stretch]
    high: int | None = None
    start: datetime | None = None
    asset_id: int | None = None
    only: tuple[ColumnElement[bool], ...] = ()

    def within(self) -> ColumnElement[bool]:
        """Whether an event is one of these."""
        found: list[ColumnElement[bool]] = [UsageEvent.id > self.low, *self.only]
        if self.high is not None:
            found.append(UsageEvent.id <= self.high)
        if self.start is not None:
            found.append(UsageEvent.at >= self.start)
        return and_(*found)

    def events(self) -> Subquery:
        """Return uses and opened hits, then each listing by a search: a row each.

        The additions keep a database from choosing the index by action or asset: there may be
        millions of them, and few events above a number.
        """
        action = UsageEvent.action + ""
        asset = UsageEvent.asset_id + 0
        day = day_number(self.stretches).label("day")
        found: list[ColumnElement[bool]] = [self.within(), action.in_(KEPT), asset.is_not(None)]
        rows, number = listed()
        said: list[ColumnElement[bool]] = [
            self.within(),
            action == Action.SEARCHED.value,
            UsageEvent.shown.is_not(None),
        ]
        if self.asset_id is not None:
            found.append(asset == self.asset_id)
            said.append(number == self.asset_id)
        plain = (
            UsageEvent.asset_id.label("asset_id"), UsageEvent.user_id, UsageEvent.action,
            UsageEvent.language, UsageEvent.stage, UsageEvent.at, day,
        )  # fmt: skip
        searched = (
            number.label("asset_id"), UsageEvent.user_id, UsageEvent.action,
            literal(None).label("language"), UsageEvent.stage, UsageEvent.at, day,
        )  # fmt: skip
        return union_all(
            select(*plain).where(*found),
            select(*searched).select_from(UsageEvent).join(rows, literal(value=True)).where(*said),
        ).subquery("events")

    def counts(self, dim: Dim, *, by_day: bool, words: bool = False) -> Select[Any]:
        """Return key, day and counts of a dimension; `words`: the value itself in the key's place.

        Searches count for assets only: of whom or what they are the use is not known.
        """
        events = self.events()
        key, source = _key(dim, events, words=words)
        day: ColumnElement[int] = events.c.day
        if dim is Dim.WEEK:
            day = day - (day + 3) % 7
        columns = [key.label("key"), *([day.label("day")] if by_day else [])]
        query = select(*columns, *_sums(events)).select_from(source)
        if dim is not Dim.ASSET:
            query = query.where(events.c.action != Action.SEARCHED.value)
        if dim is Dim.WEEK:
            query = query.where(events.c.user_id.is_not(None), events.c.action.in_(USED))
        if dim is not Dim.ALL or by_day:
            query = query.group_by(
                *([key] if dim is not Dim.ALL else []), *([day] if by_day else [])
            )
        return query

    def people(self, dim: Dim) -> Select[Any]:
        """Return key, person and the last day of their use."""
        events = self.events()
        key, source = _key(dim, events, words=False)
        return (
            select(key.label("key"), events.c.user_id, func.max(events.c.day).label("last_day"))
            .select_from(source)
            .where(events.c.user_id.is_not(None), events.c.action.in_(USED))
            .group_by(*([key] if dim is not Dim.ALL else []), events.c.user_id)
        )

    def newcomers(self, dim: Dim, first: int, *, kept: bool, words: bool) -> Select[Any]:
        """Return key and how many people used it here who are not kept as having since `first`."""
        events = self.events()
        key, source = _key(dim, events, words=words)
        known = aliased(UsePerson)
        number, source = (key, source) if not words else _numbered(dim, events, source)
        same = and_(
            known.dim == (dim.value if kept else ""),
            known.key == number,
            known.user_id == events.c.user_id,
            known.last_day >= first,
        )
        query = (
            select(key.label("key"), func.count(distinct(events.c.user_id)).label("people"))
            .select_from(source.outerjoin(known, same))
            .where(
                events.c.user_id.is_not(None),
                events.c.action.in_(USED),
                known.user_id.is_(None),
            )
        )
        return query.group_by(key) if dim is not Dim.ALL else query


def _sums(events: Subquery) -> list[Any]:
    return [
        func.coalesce(func.sum(case((events.c.action == action.value, 1), else_=0)), 0).label(name)
        for name, action in COUNTED.items()
    ]


def _key(dim: Dim, events: Subquery, *, words: bool) -> tuple[ColumnElement[Any], Any]:
    """Return the number (or word) of a dimension's value, and what to select it from."""
    if dim is Dim.ALL:
        return literal(0), events
    if dim is Dim.ASSET:
        return events.c.asset_id, events
    if dim in {Dim.PERSON, Dim.WEEK}:
        return func.coalesce(events.c.user_id, 0), events
    source: Any = events
    if dim is Dim.KIND:
        source = events.outerjoin(Asset, Asset.id == events.c.asset_id)
    if words:
        return func.coalesce(_word(dim, events), ""), source
    return _numbered(dim, events, source)


def _word(dim: Dim, events: Subquery) -> ColumnElement[Any]:
    return Asset.__table__.c.kind if dim is Dim.KIND else events.c[WORDED[dim]]


def _numbered(dim: Dim, events: Subquery, source: Any) -> tuple[ColumnElement[Any], Any]:  # noqa: ANN401
    known = aliased(UseWord)
    joined = source.outerjoin(known, and_(known.dim == dim.value, known.word == _word(dim, events)))
    return func.coalesce(known.id, 0), joined


def is_relevant() -> ColumnElement[bool]:
    """Whether an event is counted at all."""
    used = and_(UsageEvent.action.in_(KEPT), UsageEvent.asset_id.is_not(None))
    return or_(used, and_(*relevant_searches()))


def relevant_searches() -> tuple[ColumnElement[bool], ...]:
    """Whether an event is a search that tells what it listed."""
    return (UsageEvent.action == Action.SEARCHED.value, UsageEvent.shown.is_not(None))
