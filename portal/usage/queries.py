"""Every SELECT over the ledger: counts per asset and per day, for a window of days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    and_,
    case,
    cast,
    distinct,
    extract,
    func,
    literal,
    select,
)

from portal.db import db
from portal.usage.models import UsageEvent
from portal.usage.rules import USES, Action, Stretch, Window

DAY = 86_400
EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Use:
    """How an asset was used in a window."""

    views: int
    people: int
    copies: int


def _in(window: Window) -> ColumnElement[bool]:
    return and_(
        UsageEvent.at >= window.start,
        UsageEvent.action.in_([action.value for action in USES]),
        UsageEvent.asset_id.is_not(None),
    )


def _count(action: Action) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((UsageEvent.action == action.value, 1), else_=0)), 0)


_PEOPLE = func.count(distinct(UsageEvent.user_id))


def uses(window: Window) -> dict[int, Use]:
    """Return how each asset was used in a window, by its id; unused ones are not there."""
    query = (
        select(UsageEvent.asset_id, _count(Action.VIEWED), _PEOPLE, _count(Action.COPIED))
        .where(_in(window))
        .group_by(UsageEvent.asset_id)
        .order_by(UsageEvent.asset_id)
    )
    rows: Any = db.session.execute(query)
    return {row[0]: Use(int(row[1]), int(row[2]), int(row[3])) for row in rows}


def downloads(asset_id: int) -> dict[str, int]:
    """Return how often each attachment of an asset was downloaded, by its public id."""
    query = (
        select(UsageEvent.section, func.count())
        .where(
            UsageEvent.asset_id == asset_id,
            UsageEvent.action == Action.DOWNLOADED.value,
            UsageEvent.section.is_not(None),
        )
        .group_by(UsageEvent.section)
        .order_by(UsageEvent.section)
    )
    rows: Any = db.session.execute(query)
    return {section: int(count) for section, count in rows}


def by_day(window: Window, asset_id: int) -> dict[date, Use]:
    """Return how an asset was used on each day of a window on which it was; the first day first.

    Days begin at midnight in the company's time zone.
    """
    day = day_number(window.stretches)
    query = (
        select(day, _count(Action.VIEWED), _PEOPLE, _count(Action.COPIED))
        .where(_in(window), UsageEvent.asset_id == asset_id)
        .group_by(day)
        .order_by(day)
    )
    rows: Any = db.session.execute(query)
    return {
        date.fromordinal(EPOCH + int(row[0])): Use(int(row[1]), int(row[2]), int(row[3]))
        for row in rows
    }


def day_number(stretches: Sequence[Stretch]) -> ColumnElement[int]:
    """Return the number of the company's day an event fell on, counted from 1970.

    Neither database is asked about time zones (SQLite knows none): the stretches say how far the
    company's clock was ahead, and when that changed.
    """
    first, *later = stretches
    changes = [(UsageEvent.at >= s.since, literal(s.offset)) for s in reversed(later)]
    ahead = case(*changes, else_=literal(first.offset)) if changes else literal(first.offset)
    seconds = extract("epoch", UsageEvent.at) + ahead
    # seconds are whole in SQLite and not in PostgreSQL: without the rest both divide evenly
    return cast((seconds - seconds % DAY) / DAY, BigInteger)
