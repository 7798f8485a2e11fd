"""The moves of requests by the one table: each changes one locked request, keeps it, tells it."""

from sqlalchemy import select

from portal.accounts.models import User
from portal.asset_requests import acting, queries, rules, telling
from portal.asset_requests.acting import Person
from portal.asset_requests.asking.service import Words, forget_words, keep_words
from portal.asset_requests.models import AssetRequest
from portal.asset_requests.rules import Action, State
from portal.db import db
from portal.errors import Invalid
from portal.library.models import Asset
from portal.library.notices.rules import Topic

PLAIN = frozenset(
    {
        Action.ACKNOWLEDGE,
        Action.TAKE_ON,
        Action.RELEASE,
        Action.WAIT,
        Action.ANSWER,
        Action.DECLINE,
        Action.ACCEPT,
        Action.REOPEN,
        Action.WITHDRAW,
    }
)
"""The moves that need nothing but words, if any."""


def move(
    who: Person,
    it: AssetRequest,
    action: Action,
    *,
    note: str = "",
    instead: Asset | None = None,
    words: Words | None = None,
) -> None:
    """Move a locked request; flushed.

    `instead` is what a declined one is answered with; `words` lets one that is reopened be found
    again by those who need the same.

    Raises:
        Conflict: when it can not be moved so from where it is: somebody was faster.
        Forbidden: when it is for others to do.
        Invalid: when words are missing.
    """
    if action not in PLAIN:
        raise Invalid(f"{action} is no plain move")
    acting.require(who, it, action)
    if rules.MOVES[action].words and not note.strip():
        raise Invalid("say why")
    state = rules.MOVES[action].leads[State(it.state)]
    if action is Action.ANSWER:
        state = rules.answered(it.assignee_id)
    _give(who, it, action)
    if action is Action.DECLINE:
        it.alternative_id = instead.id if instead is not None else None
    detail = {"instead": instead.slug} if instead is not None else None
    acting.go(it, action, who, state, note=note.strip(), detail=detail)
    if state in rules.DONE | {State.DECLINED}:
        forget_words(it)
    if action is Action.REOPEN and words is not None:
        keep_words(it, words(it.said))
    telling.moved(it, action, actor_id=who.id, said=note)


def _give(who: Person, it: AssetRequest, action: Action) -> None:
    """Change who has a request, as the move says."""
    if action is Action.TAKE_ON:
        it.assignee_id = who.id
    elif action is Action.RELEASE:
        it.assignee_id = None
    db.session.flush()
    db.session.expire(it, ["assignee"])


def assign(who: Person, it: AssetRequest, user_id: int) -> None:
    """Give a locked request to somebody who can answer it; flushed.

    Raises:
        Conflict, Forbidden: as `move`.
        Invalid: when the person can not answer it.
    """
    is_free = State(it.state) in rules.MOVES[Action.TAKE_ON].leads
    if user_id == who.id and it.assignee_id is None and is_free:
        move(who, it, Action.TAKE_ON)
        return
    acting.require(who, it, Action.ASSIGN)
    person = db.session.scalars(select(User).where(User.id == user_id)).first()
    if person is None or person.id not in {u.id for u in queries.assignable(it.department)}:
        raise Invalid("this person can not answer it")
    if it.assignee_id == person.id:
        return
    it.assignee_id = person.id
    db.session.flush()
    db.session.expire(it, ["assignee"])
    state = rules.MOVES[Action.ASSIGN].leads[State(it.state)]
    acting.go(it, Action.ASSIGN, who, state, detail={"to": person.name, "user": person.id})
    telling.tell(it, Topic.REQUEST_ASSIGNED, [person.id], actor_id=who.id, said=it.situation)
    telling.moved(it, Action.TAKE_ON, actor_id=person.id)
