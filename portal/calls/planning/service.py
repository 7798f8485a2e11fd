"""Plans calls, moves them, calls them off."""

from datetime import datetime

from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.calls import queries
from portal.calls.models import Call
from portal.calls.rules import State
from portal.db import db
from portal.deals.models import Deal
from portal.errors import Conflict


def plan(
    user_id: int,
    deal: Deal,
    at: datetime,
    *,
    token: str,
    kind: str = "",
    with_role: str = "",
    note: str = "",
    event_uid: str | None = None,
) -> Call:
    """Plan a call; the same form, sent again, is the same call. Flushed."""
    kept = queries.by_token(token)
    if kept is not None:
        return kept
    call = Call(
        token=token, deal_id=deal.id, user_id=user_id, at=at, state=State.PLANNED.value,
        kind=kind, with_role=with_role, note=note, stage=deal.stage, event_uid=event_uid,
        created_at=clock.now(),
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(call)
    except IntegrityError:  # sent twice at once
        other = queries.by_token(token)
        if other is None:
            raise
        return other
    return call


def change(
    call: Call, *, seen: int | None, at: datetime, kind: str, with_role: str, note: str
) -> None:
    """Move a planned call, or say what else is known of it; one called off is planned again.

    Raises:
        Conflict: when it was changed since it was shown, or is logged.
    """
    said = (at, kind, with_role, note)
    if call.state == State.PLANNED.value and said == (
        call.at, call.kind, call.with_role, call.note,
    ):  # fmt: skip
        return  # the same form, sent twice
    if call.state == State.LOGGED.value or (seen is not None and seen != call.version):
        raise Conflict("changed meanwhile")
    call.at, call.kind, call.with_role, call.note = said
    call.state = State.PLANNED.value
    db.session.flush()


def call_off(call: Call) -> None:
    """Say that a planned call will not take place; doing so twice changes nothing.

    Raises:
        Conflict: when it is logged: it has taken place.
    """
    if call.state == State.LOGGED.value:
        raise Conflict("it has taken place")
    call.state = State.OFF.value
    db.session.flush()
