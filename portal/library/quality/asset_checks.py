"""Checks of an asset as a whole: owner, tags, languages, freshness; pure."""

from collections.abc import Iterator

from portal.library.freshness.rules import Condition, freshness
from portal.library.quality.rules import Around, Check, Found, Snapshot
from portal.library.rules import Facet, Kind, State

_TAGS = (Facet.PRODUCT, Facet.INDUSTRY, Facet.STAGE)


def owner(shot: Snapshot, _around: Around) -> Iterator[Found]:
    """Nobody answers for it, or somebody who has left."""
    if not shot.has_owner:
        yield Found(Check.OWNER, there="nobody")
    elif shot.owner:
        yield Found(Check.OWNER, detail={"name": shot.owner}, there=shot.owner)


def competitor(shot: Snapshot, _around: Around) -> Iterator[Found]:
    """A battlecard against nobody is found by nobody."""
    if shot.kind == Kind.BATTLECARD.value and not shot.facets.get(Facet.COMPETITOR.value):
        yield Found(Check.COMPETITOR)


def untagged(shot: Snapshot, _around: Around) -> Iterator[Found]:
    """Without product, industry and stage it is suggested to nobody."""
    if not any(shot.facets.get(facet.value) for facet in _TAGS):
        yield Found(Check.UNTAGGED)


def translation(shot: Snapshot, around: Around) -> Iterator[Found]:
    """A language the portal's people speak is missing."""
    present = {text.language for text in shot.texts}
    missing = [language for language in around.languages if language not in present]
    if present and missing:
        yield Found(Check.TRANSLATION, detail={"languages": missing}, there=" ".join(missing))


def stale(shot: Snapshot, around: Around) -> Iterator[Found]:
    """Nobody has looked at it for longer than managers, or its own interval, allow."""
    if shot.state != State.PUBLISHED.value:
        return
    if shot.checked_on is None:
        yield Found(Check.STALE, there="never")
    elif freshness(shot.checked_on, shot.months, around.today).condition is Condition.OVERDUE:
        day = shot.checked_on.isoformat()
        yield Found(Check.STALE, detail={"day": day}, there=day)


CHECKS = (owner, competitor, untagged, translation, stale)
