"""The SELECTs behind calendars: which meetings are calls already."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from portal.calls.models import Call
from portal.calls.rules import State
from portal.db import db

AT_ONCE = 500


def by_uids(user_id: int, uids: Sequence[str]) -> dict[str, Call]:
    """Return the calls made from these meetings of somebody's calendar."""
    found: dict[str, Call] = {}
    for start in range(0, len(uids), AT_ONCE):
        query = (
            select(Call)
            .where(Call.user_id == user_id, Call.event_uid.in_(uids[start : start + AT_ONCE]))
            .order_by(Call.id)
        )
        found |= {call.event_uid or "": call for call in db.session.scalars(query)}
    return found


def planned_by_hand(user_id: int) -> dict[tuple[int, datetime], Call]:
    """Return somebody's planned calls that come from no calendar, by deal and time."""
    query = (
        select(Call)
        .where(
            Call.user_id == user_id,
            Call.state == State.PLANNED.value,
            Call.event_uid.is_(None),
        )
        .order_by(Call.id)
    )
    return {(call.deal_id, call.at): call for call in db.session.scalars(query)}
