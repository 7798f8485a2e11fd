"""Answering a request with an asset: linked or begun for it, delivered, told to all who looked."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from portal import clock, jobs
from portal.asset_requests import acting, queries, telling
from portal.asset_requests.acting import Person
from portal.asset_requests.asking.service import forget_words
from portal.asset_requests.delivering import queries as own
from portal.asset_requests.delivering.rules import Replayed
from portal.asset_requests.models import AssetRequest
from portal.asset_requests.moving import service as moving
from portal.asset_requests.rules import FACETS, MOVES, Action, State
from portal.calls.voice import service as voice
from portal.config import Language
from portal.db import db
from portal.errors import Invalid
from portal.jobs import Job
from portal.library.models import Asset
from portal.library.notices.rules import Topic
from portal.library.publishing.acting import Actor
from portal.library.rules import Kind
from portal.library.terms import queries as terms
from portal.library.writing import service as writing

LATELY = timedelta(days=90)
"""Who searched the same in vain for so long is told."""
TELL_SEARCHERS = "tell-searchers"


def deliver(who: Person, it: AssetRequest, asset: Asset, replayed: Replayed) -> None:
    """Answer a locked request with a published asset; flushed.

    Raises:
        Invalid: when the asset is not published.
        Conflict, Forbidden: as `acting.require`.
    """
    acting.require(who, it, Action.DELIVER)
    if asset.state != "published":
        raise Invalid("not published")
    if it.assignee_id is None:
        it.assignee_id = who.id
    it.delivered_id = asset.id
    db.session.flush()
    db.session.expire(it, ["assignee"])
    acting.go(it, Action.DELIVER, who, State.DELIVERED, detail=_kept(asset, replayed))
    forget_words(it)
    voice.deliver(it.id, who.id, asset)
    telling.moved(it, Action.DELIVER, actor_id=who.id)
    jobs.enqueue(TELL_SEARCHERS, {"request": it.id}, key=f"tell-searchers:{it.id}:{asset.id}")


def _kept(asset: Asset, replayed: Replayed) -> dict[str, Any]:
    return {
        "asset": asset.slug,
        "query": replayed.query,
        "rank": replayed.rank,
        "why": replayed.why.value,
    }


def tell_searchers(job: Job, words: Callable[[str], dict[str, int]]) -> str:
    """Tell everybody who searched the same in vain lately, but those who were told already."""
    it = queries.by_number(int(job.payload["request"]))
    if it is None or it.state not in {State.DELIVERED, State.ACCEPTED} or not it.query:
        return "0"
    since, wanted = clock.now() - LATELY, set(words(it.query))
    vain = {
        user for user, text in own.searches_in_vain(since) if wanted and set(words(text)) == wanted
    }
    vain |= set(own.searches_unopened(it.query, since))
    people = vain - set(queries.waiting(it.id))
    mark = f"answered:{it.id}:{it.delivered_id}"
    return str(telling.tell(it, Topic.REQUEST_ANSWERED, people, actor_id=it.assignee_id, mark=mark))


def begin(who: Person, it: AssetRequest, *, kind: Kind, language: Language, title: str) -> Asset:
    """Begin an asset for a locked request, with what was asked filled in; again: the same; flushed.

    Raises:
        Conflict, Forbidden: as `acting.require`.
    """
    acting.require(who, it, Action.DELIVER)
    if it.draft is not None:
        return it.draft
    asset = writing.begin(
        Actor(who.id, who.role, who.department),
        kind=kind,
        language=language,
        title=title,
        token=f"request:{it.id}",
        remark=it.situation,
    )
    asset.facets = [
        term
        for facet in FACETS
        if (slug := getattr(it, facet)) and (term := terms.found(facet, slug)) is not None
    ]
    it.draft_id = asset.id
    db.session.flush()
    db.session.expire(it, ["draft"])
    if it.assignee_id is None and State(it.state) in MOVES[Action.TAKE_ON].leads:
        moving.move(who, it, Action.TAKE_ON)
    return asset


def keep_tries(zone: str) -> int:
    """Stop the clocks of those who have tried what they were delivered; returns how many."""
    found = own.tried()
    for number, at in found:
        acting.wind(acting.locked(number), zone, used_at=[at])
    return len(found)


def keep_ratings(zone: str) -> int:
    """Stop the clocks of those who have rated what they were delivered; returns how many."""
    found = own.rated()
    for number, at in found:
        acting.wind(acting.locked(number), zone, rated_at=[at])
    return len(found)
