"""Assets moved from phase to phase: submitted, sent back, published, retired, at once or later."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from portal import clock
from portal.db import db
from portal.errors import Invalid
from portal.library import service
from portal.library.attachments import lifecycle
from portal.library.models import Asset
from portal.library.publishing import notifying, queries, rules, timing
from portal.library.publishing.acting import Actor, groups, phase, record, require
from portal.library.publishing.models import TextRevision
from portal.library.publishing.rules import Action, Phase
from portal.library.publishing.service import draw
from portal.library.quality import service as quality


def move(
    actor: Actor,
    asset: Asset,
    action: Action,
    *,
    reason: str = "",
    decided_by: int | None = None,
    today: date | None = None,
    detail: Mapping[str, Any] | None = None,
) -> Phase:
    """Move a locked asset as the table of moves says; returns the phase it is in now.

    The portal itself gives no reason; the timeline keeps whose decision it follows.
    `today` is the company's day, on which what is published counts as checked (None: UTC's);
    `detail` is kept in the timeline besides what a move always keeps.

    Raises:
        Forbidden, Conflict: as `require`.
        Invalid: when a reason is needed and none is given.
    """
    require(actor, asset, action)
    told = rules.MOVES[action]
    if told.reason and actor.id is not None and not reason.strip():
        raise Invalid("say why")
    if action is Action.PUBLISH:
        numbers = _publish(asset, today)
    elif action is Action.DISCARD:
        numbers = _discard(asset)
    else:
        numbers = {}
    before, after = phase(asset), told.leads[phase(asset)]
    state, asset.change = rules.kept_as(after)
    asset.state = state.value
    if action in {Action.RETIRE, Action.UNPUBLISH}:
        _serve_newest(asset, queries.newest_of(asset.id).values())
        lifecycle.publish(asset)
    _clear_times(asset, action)
    asset.updated_at = clock.now()
    quality.check_asset(asset)
    told_of = {"from": before.value, "to": after.value, "numbers": numbers, **(detail or {})}
    if decided_by is not None:
        told_of["decided_by"] = decided_by
    note = reason.strip()[: rules.REASON_MOST]
    record(asset, action.value, actor, note=note, detail=told_of)
    db.session.flush()
    notifying.moved(actor, asset, action, reason=reason.strip())
    return after


def _clear_times(asset: Asset, action: Action) -> None:
    """Forget the times set for what has been done by hand."""
    times = (asset.publish_at, asset.retire_at)
    if action in {Action.RETIRE, Action.UNPUBLISH, Action.PUBLISH}:
        asset.publish_at = None
    if action is Action.RETIRE:
        asset.retire_at = None
    if times != (asset.publish_at, asset.retire_at):
        timing.keep_in_step(asset)


def _serve_newest(asset: Asset, revisions: Iterable[TextRevision]) -> dict[str, int]:
    """Serve revisions that are not yet and were not discarded; returns their numbers."""
    served = {text.language: text.revision for text in asset.texts}
    numbers = {}
    for revision in revisions:
        if revision.discarded_at is None and served.get(revision.language) != revision.number:
            content = service.kept_content(revision)
            document = None if revision.drawn else draw(asset, revision.language, content)
            service.serve(asset, revision, document)
            numbers[revision.language] = revision.number
    return numbers


def _publish(asset: Asset, today: date | None) -> dict[str, int]:
    newest = queries.newest_of(asset.id)
    if not newest:
        raise Invalid("there is no text to publish")
    numbers = _serve_newest(asset, newest.values())
    lifecycle.publish(asset)
    now = clock.now()
    asset.published_at = asset.published_at or now
    asset.checked_on = today or now.date()
    return numbers


def _discard(asset: Asset) -> dict[str, int]:
    """Leave what is ahead of the served texts aside; it stays among the revisions."""
    served = {text.language: text.revision for text in asset.texts}
    numbers = {}
    for language, revision in queries.newest_of(asset.id).items():
        if served.get(language) != revision.number:
            revision.discarded_at = clock.now()
            numbers[language] = revision.number
    lifecycle.discard(asset)
    return numbers


def schedule(
    actor: Actor, asset: Asset, *, publish_at: datetime | None, retire_at: datetime | None
) -> None:
    """Set when a locked asset is published and retired; None: not by itself.

    Raises:
        Forbidden, Conflict: as `require`.
        Invalid: when a moment has passed, or it would be retired before it is published.
    """
    require(actor, asset, Action.SCHEDULE)
    now = clock.now()
    for moment, kept in ((publish_at, asset.publish_at), (retire_at, asset.retire_at)):
        if moment is not None and moment != kept and moment <= now:
            raise Invalid("choose a moment that is still to come")
    if publish_at and retire_at and retire_at <= publish_at:
        raise Invalid("it would be retired before it is published")
    asset.publish_at, asset.retire_at = publish_at, retire_at
    timing.keep_in_step(asset)
    record(
        asset,
        Action.SCHEDULE.value,
        actor,
        detail={
            "publish_at": publish_at.isoformat() if publish_at else None,
            "retire_at": retire_at.isoformat() if retire_at else None,
            # whether who decided may publish what nobody has looked at: asked when the time comes
            "unseen": rules.may(groups(actor, asset), Action.PUBLISH, Phase.DRAFT),
        },
    )
    db.session.flush()
