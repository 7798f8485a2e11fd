"""Answers what customers say: by an asset, a request, or not at all; all alike at once."""

from portal import clock
from portal.accounts.rules import Department
from portal.calls.links import request_path
from portal.calls.models import CallPoint
from portal.calls.rules import Answer
from portal.calls.voice import queries
from portal.db import db
from portal.library.links import asset_path
from portal.library.models import Asset
from portal.library.notices import service as notices
from portal.library.notices.rules import Topic

SAID_MOST = 200


def answer(
    it: CallPoint, by: int, *, asset: Asset | None = None, request_id: int | None = None
) -> int:
    """Answer all that says the same and waits; returns how many. Who heard it is told; flushed."""
    found = _end(it, by, Answer.ANSWERED)
    for point in found:
        point.answer_asset_id = asset.id if asset else None
        point.request_id = request_id
    db.session.flush()
    if found and (asset is not None or request_id is not None):
        notices.tell(
            queries.heard_by([point.call_id for point in found]),
            Topic.VOICE_ANSWERED,
            actor_id=by,
            path=asset_path(asset.slug) if asset else request_path(request_id or 0),
            detail={"title": it.words[:SAID_MOST]},
            mark=f"voice-{it.id}-{asset.id if asset else f'r{request_id}'}",
        )
    return len(found)


def ask(it: CallPoint, request_id: int) -> None:
    """Say that a request asks for what answers this: it waits until that is delivered; flushed."""
    for point in queries.open_alike(it):
        point.request_id = request_id
    db.session.flush()


def deliver(request_id: int, by: int, asset: Asset) -> None:
    """Answer by its asset all that a request was made for; who heard it is told. Flushed."""
    waiting = queries.waiting_for(request_id)
    for point in waiting:
        if point.state == Answer.OPEN.value:  # not answered with those alike before it
            answer(point, by, asset=asset)
        elif point.state == Answer.ANSWERED.value and point.answer_asset_id is None:
            point.answer_asset_id = asset.id
        point.request_id = request_id
    db.session.flush()


def set_aside(it: CallPoint, by: int) -> int:
    """Leave all that says the same and waits without an answer; returns how many. Flushed."""
    found = _end(it, by, Answer.ASIDE)
    db.session.flush()
    return len(found)


def _end(it: CallPoint, by: int, state: Answer) -> list[CallPoint]:
    found = list(queries.open_alike(it))
    for point in found:
        point.state = state.value
        point.answered_by_id, point.answered_at = by, clock.now()
    return found


def reopen(it: CallPoint) -> None:
    """Let all that says the same wait again; flushed."""
    for point in queries.done_alike(it):
        point.state, point.answered_by_id, point.answered_at = Answer.OPEN.value, None, None
        point.answer_asset_id, point.request_id = None, None
    db.session.flush()


def route(it: CallPoint, department: Department) -> None:
    """Give all that says the same and waits to another department; flushed."""
    for point in queries.open_alike(it):
        point.department = department.value
    db.session.flush()
