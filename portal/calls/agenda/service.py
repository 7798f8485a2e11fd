"""Makes planned calls of a calendar's meetings; the same file again changes nothing."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from portal.calls.agenda import queries, rules
from portal.calls.agenda.rules import Event, Known
from portal.calls.models import Call
from portal.calls.planning import service as planning
from portal.calls.rules import State, own_token
from portal.db import db
from portal.deals.models import Deal


@dataclass(slots=True)
class Taken:
    """What a calendar has brought: how many were planned, moved, called off, and the unknown."""

    taken: int = 0
    moved: int = 0
    off: int = 0
    unknown: list[Event] = field(default_factory=list)


def known_deals(user_id: int, deals: Collection[Deal]) -> list[Known]:
    """Return deals as meetings may name them."""
    return [
        Known(deal.id, rules.names_of(deal.name, deal.account), deal.owner_id == user_id)
        for deal in deals
    ]


def take(user_id: int, events: Sequence[Event], deals: Mapping[int, Deal]) -> Taken:
    """Plan, move and call off calls as a calendar says; a call that was logged stays. Flushed."""
    there = queries.by_uids(user_id, [event.uid for event in events])
    known, told = known_deals(user_id, deals.values()), Taken()
    by_hand = queries.planned_by_hand(user_id)
    for event in events:
        call = there.get(event.uid)
        if call is not None:
            _follow(call, event, told)
        elif not event.off:
            deal = deals.get(rules.deal_of(event.words, known) or 0)
            if deal is None:
                told.unknown.append(event)
            elif (mine := by_hand.pop((deal.id, event.at), None)) is not None:
                mine.event_uid = event.uid  # the same call: from now on it follows the calendar
            else:
                plan(user_id, deal, event)
                told.taken += 1
    db.session.flush()
    return told


def plan(user_id: int, deal: Deal, event: Event) -> Call:
    """Plan a call of a meeting; none of its words are kept."""
    token = own_token(user_id, event.uid)
    return planning.plan(user_id, deal, event.at, token=token, event_uid=event.uid)


def _follow(call: Call, event: Event, told: Taken) -> None:
    if call.state == State.LOGGED.value:
        return
    if event.off:
        if call.state == State.PLANNED.value:
            call.state = State.OFF.value
            told.off += 1
    elif call.at != event.at:
        call.at, call.state = event.at, State.PLANNED.value
        told.moved += 1
