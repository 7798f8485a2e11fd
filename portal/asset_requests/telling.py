"""Who is told what has happened to a request; each change tells nobody what they did themselves."""

from collections.abc import Iterable

from portal.asset_requests import queries
from portal.asset_requests.links import request_path
from portal.asset_requests.models import AssetRequest
from portal.asset_requests.rules import Action
from portal.library.notices import service as notices
from portal.library.notices.rules import Topic

SAID_MOST = 200
TOPICS = {
    Action.ACKNOWLEDGE: Topic.REQUEST_ACKNOWLEDGED,
    Action.TAKE_ON: Topic.REQUEST_TAKEN,
    Action.WAIT: Topic.REQUEST_WAITING,
    Action.DELIVER: Topic.REQUEST_DELIVERED,
    Action.DECLINE: Topic.REQUEST_DECLINED,
}
"""What those who wait are told."""
ANSWERS = {
    Action.ANSWER: Topic.REQUEST_COMMENT,
    Action.ACCEPT: Topic.REQUEST_ACCEPTED,
    Action.REOPEN: Topic.REQUEST_REOPENED,
    Action.CHANGE: Topic.REQUEST_CHANGED,
}
"""What those who answer are told."""


def tell(
    it: AssetRequest,
    topic: Topic,
    people: Iterable[int],
    *,
    actor_id: int | None,
    said: str = "",
    mark: str | None = None,
) -> int:
    """Tell people something about a request; returns how many had not been told."""
    detail = {"title": it.title}
    if said:
        detail["said"] = said[:SAID_MOST]
    return notices.tell(
        people, topic, actor_id=actor_id, path=request_path(it.id), detail=detail, mark=mark
    )


def answering(it: AssetRequest) -> list[int]:
    """Return who answers a request: who has taken it on and is here, else its department."""
    if it.assignee is not None and it.assignee.active:
        return [it.assignee.id]
    return queries.answerers(it.department)


def moved(it: AssetRequest, action: Action, *, actor_id: int, said: str = "") -> None:
    """Tell those concerned that a request was moved, or says something else."""
    if action is Action.WITHDRAW:
        people = {*queries.waiting(it.id), *answering(it)}
        tell(it, Topic.REQUEST_WITHDRAWN, people, actor_id=actor_id, said=said)
    elif action in TOPICS:
        tell(it, TOPICS[action], queries.waiting(it.id), actor_id=actor_id, said=said)
    elif action in ANSWERS and (action is not Action.CHANGE or it.assignee_id is not None):
        tell(it, ANSWERS[action], answering(it), actor_id=actor_id, said=said)
