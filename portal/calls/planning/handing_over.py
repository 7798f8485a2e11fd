"""What becomes of the planned calls of somebody who leaves."""

from sqlalchemy import select

from portal.calls.models import Call
from portal.calls.rules import State
from portal.db import db
from portal.deals.models import Deal


def hand_over(leaver_id: int, heir_id: int | None) -> int:
    """Give planned calls on the heir's deals to the heir, call the others off; how many are given.

    The calendar they came from is the leaver's: they do not follow it any more. Flushed.
    """
    query = (
        select(Call, Deal.owner_id)
        .join(Deal, Deal.id == Call.deal_id)
        .where(Call.user_id == leaver_id, Call.state == State.PLANNED.value)
        .order_by(Call.id)
        .with_for_update(of=Call)
    )
    given = 0
    for call, owner_id in db.session.execute(query).all():
        call.event_uid = None
        if heir_id is not None and owner_id == heir_id:
            call.user_id = heir_id
            given += 1
        else:
            call.state = State.OFF.value
    db.session.flush()
    return given
