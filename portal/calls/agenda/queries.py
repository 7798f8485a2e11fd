"""The SELECT behind calendars: which meetings are calls already."""

from collections.abc import Sequence

from sqlalchemy import select

from portal.calls.models import Call
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
