"""The SELECTs behind the calls of a deal, and whose call is next."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, func, select

from portal.accounts.models import User
from portal.calls.models import Call, CallPoint
from portal.db import UTCDateTime, db

SHOWN = 10


class CallRow(NamedTuple):
    """A call of a deal; `points`: how much the customer said that was written down."""

    id: int
    at: datetime
    state: str
    result: str | None
    with_role: str
    who: str
    points: int


_POINTS = select(func.count()).where(CallPoint.call_id == Call.id).correlate(Call)
_OF_DEAL = (
    select(
        Call.id, Call.at, Call.state, Call.result, Call.with_role, User.name,
        _POINTS.scalar_subquery(),
    )
    .join(User, User.id == Call.user_id)
    .where(Call.deal_id == bindparam("deal_id"), Call.state.in_(("planned", "logged")))
    .order_by(Call.at.desc(), Call.id.desc())
    .limit(SHOWN)
)  # fmt: skip


def of_deal(deal_id: int) -> Sequence[CallRow]:
    """Return the calls of a deal that were not called off, the latest first."""
    rows: Any = db.session.execute(_OF_DEAL, {"deal_id": deal_id})
    return [CallRow(*row) for row in rows]


OBJECTIONS = 5
"""Objections told of a competitor: those heard most often."""


def objections(slugs: Sequence[str]) -> list[tuple[str, int]]:
    """Return what customers object most when a competitor is named, and how often."""
    often = func.count()
    query = (
        select(func.min(CallPoint.words), often)
        .where(
            CallPoint.facet == "competitor",
            CallPoint.slug.in_(slugs),
            CallPoint.kind == "objection",
            CallPoint.words_key != "",
        )
        .group_by(CallPoint.words_key)
        .order_by(often.desc(), CallPoint.words_key)
        .limit(OBJECTIONS)
    )
    return [(row[0], row[1]) for row in db.session.execute(query)]


BEGUN = timedelta(hours=1)
"""A call planned for an hour ago may still go on."""
AHEAD = timedelta(hours=24)

_calls = Call.__table__.c
# a part of every page: plain columns, compiled once
_NEXT: Select[Any] = (
    select(_calls.deal_id)
    .where(
        _calls.user_id == bindparam("user_id"),
        _calls.state == "planned",
        _calls.at > bindparam("after", type_=UTCDateTime()),
        _calls.at <= bindparam("until", type_=UTCDateTime()),
    )
    .order_by(_calls.at, _calls.id)
    .limit(1)
)


def next_deal(user_id: int, now: datetime) -> int | None:
    """Return the deal of the next call somebody has planned within a day."""
    told = {"user_id": user_id, "after": now - BEGUN, "until": now + AHEAD}
    found: int | None = db.session.connection().execute(_NEXT, told).scalar()
    return found
