"""Moves made on the board: one card, or many requests each on its own, none of them half done."""

from collections.abc import Callable
from dataclasses import dataclass, field

from portal.asset_requests import acting
from portal.asset_requests.acting import Person
from portal.asset_requests.asking import service as asking
from portal.asset_requests.asking.rules import Draft
from portal.asset_requests.board import queries, rules
from portal.asset_requests.board.rules import Batch, Task, Way, Why, Wish
from portal.asset_requests.models import AssetRequest
from portal.asset_requests.moving import service as moving
from portal.asset_requests.rules import Action, State
from portal.db import db
from portal.errors import Conflict, Forbidden, Invalid, NotFound, PortalError


def move(who: Person, wish: Wish) -> Way | None:
    """Move a card; returns the way it has to go when that needs more than moving it; flushed.

    Raises:
        NotFound: when there is no such request.
        Conflict: when it is not where it was seen: somebody was faster.
        Forbidden: when it is not for this person to move so.
    """
    it = acting.locked(wish.number)
    if State(it.state) is not wish.seen:
        raise Conflict("somebody was faster")
    ways = rules.ways_of(acting.groups(who, it), wish.seen, it.assignee_id)
    way = next((way for way in ways if rules.goes(way, wish.to)), None)
    if way is None:
        raise Forbidden("this card can not be moved there by this person")
    if not way.is_plain:
        return way
    moving.move(who, it, way.action)
    return None


@dataclass(slots=True)
class Report:
    """What became of many requests: those done, and why each other one was left as it was."""

    done: list[int] = field(default_factory=list)
    left: dict[int, Why] = field(default_factory=dict)


_WHY: dict[type[PortalError], Why] = {
    NotFound: Why.GONE,
    Conflict: Why.FASTER,
    Forbidden: Why.OTHERS,
    Invalid: Why.UNFIT,
}


def run(who: Person, batch: Batch) -> Report:
    """Do something with many requests, each on its own: what is refused is left as it was; flushed.

    They are locked in the order of their numbers: two who do this never wait for each other.
    """
    report = Report()
    do = _doing(who, batch)
    for number in sorted(batch.numbers):
        try:
            with db.session.begin_nested():
                is_changed = do(acting.locked(number))
        except tuple(_WHY) as error:
            report.left[number] = _WHY[type(error)]
        else:
            if is_changed:
                report.done.append(number)
            else:
                report.left[number] = Why.SAME
    return report


def _doing(who: Person, batch: Batch) -> Callable[[AssetRequest], bool]:
    """Return what does the task to a locked request and tells whether that changed it."""

    def acknowledge(it: AssetRequest) -> bool:
        moving.move(who, it, Action.ACKNOWLEDGE)
        return True

    def decline(it: AssetRequest) -> bool:
        moving.move(who, it, Action.DECLINE, note=batch.reason)
        return True

    def assign(it: AssetRequest) -> bool:
        acting.require(who, it, Action.ASSIGN)
        if it.assignee_id == batch.person_id:
            return False
        moving.assign(who, it, batch.person_id or 0)
        return True

    return {
        Task.ACKNOWLEDGE: acknowledge,
        Task.DECLINE: decline,
        Task.ASSIGN: assign,
        Task.DEPARTMENT: lambda it: _hand_to(who, it, batch.department),
    }[batch.task]


def _hand_to(who: Person, it: AssetRequest, department: str) -> bool:
    """Ask another department for a locked request; who owes what by when is told anew."""
    draft = Draft(
        **{name: getattr(it, name) for name in asking.KEPT if name != "department"},
        department=department,
        filters=it.filters,
    )
    kept = queries.words_of(it.id)
    if not asking.change(who, it, draft, words=lambda _text: kept):
        return False
    acting.wind(it, who.zone)
    return True
