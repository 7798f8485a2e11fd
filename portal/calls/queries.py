"""The SELECTs behind calls: the deal of somebody's next one."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, bindparam, select

from portal.calls.models import Call
from portal.db import UTCDateTime, db

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
