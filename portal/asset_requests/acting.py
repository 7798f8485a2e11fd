"""Who acts on a request, whether they may, what is kept of it, and until when what is owed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal import clock
from portal.accounts.rules import Role
from portal.asset_requests import queries, rules
from portal.asset_requests.agreement import service as agreement
from portal.asset_requests.labels import moved_on
from portal.asset_requests.models import AssetRequest, RequestEvent
from portal.asset_requests.rules import Action, Group, Standing, State
from portal.db import db
from portal.errors import Conflict, Forbidden, NotFound


@dataclass(frozen=True, slots=True)
class Person:
    """Who acts; `zone` is the company's, for the first version of the agreement."""

    id: int
    role: Role
    department: str | None
    team_id: int | None
    zone: str = "UTC"


def standing(who: Person, it: AssetRequest) -> Standing:
    """Return what decides who somebody is to a request."""
    return Standing(
        role=who.role,
        is_requester=it.requester_id == who.id,
        is_supporter=it.requester_id != who.id and queries.is_supporter(it.id, who.id),
        same_team=who.team_id is not None and it.requester.team_id == who.team_id,
        is_assignee=it.assignee_id == who.id,
        same_department=who.department == it.department,
    )


def groups(who: Person, it: AssetRequest) -> frozenset[Group]:
    """Return who somebody is to a request."""
    return rules.groups_of(standing(who, it))


def seen(number: int) -> AssetRequest:
    """Return a request with all that its page shows.

    Raises:
        NotFound: when there is none.
    """
    it = queries.shown(number)
    if it is None:
        raise NotFound
    return it


def locked(number: int) -> AssetRequest:
    """Return a request that nobody else changes until this transaction ends.

    Raises:
        NotFound: when there is none.
    """
    it = queries.by_number(number, lock=True)
    if it is None:
        raise NotFound
    return it


def require(who: Person, it: AssetRequest, action: Action) -> None:
    """Refuse what the table of moves does not allow.

    Raises:
        Conflict: when a request in this state can not be moved so: somebody was faster.
        Forbidden: when others may, but not this person.
    """
    state = State(it.state)
    if state not in rules.MOVES[action].leads:
        by = it.assignee.name if it.assignee and state is State.TAKEN_ON else ""
        raise Conflict(moved_on(state, by))
    if not rules.may(groups(who, it), action, state):
        raise Forbidden


def record(
    it: AssetRequest,
    action: Action,
    who: Person | None,
    *,
    came_from: str | None = None,
    note: str = "",
    detail: Mapping[str, Any] | None = None,
    at: datetime | None = None,
) -> RequestEvent:
    """Add a line to a request's timeline; `came_from` with a change of state; flushed."""
    event = RequestEvent(
        request_id=it.id,
        at=at or clock.now(),
        user_id=who.id if who else None,
        action=action.value,
        came_from=came_from,
        led_to=it.state if came_from is not None or action is Action.ASK else None,
        note=note,
        detail=dict(detail or {}),
    )
    db.session.add(event)
    db.session.flush()
    return event


def go(
    it: AssetRequest,
    action: Action,
    who: Person,
    state: State,
    *,
    note: str = "",
    detail: Mapping[str, Any] | None = None,
) -> RequestEvent:
    """Bring a locked request into a state, keep that it happened and what is due now; flushed."""
    before, it.state = it.state, state.value
    it.changed_at = clock.now()
    event = record(it, action, who, came_from=before, note=note, detail=detail)
    wind(it, who.zone)
    return event


def wind(
    it: AssetRequest,
    zone: str,
    *,
    used_at: Sequence[datetime] = (),
    rated_at: Sequence[datetime] = (),
) -> None:
    """Work out anew what is due, from all that has happened."""
    steps = [(e.at, e.led_to) for e in queries.steps(it.id) if e.led_to is not None]
    agreement.set_due(it, steps, used_at=used_at, rated_at=rated_at, zone=zone)
