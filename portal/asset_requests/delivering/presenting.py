"""A replayed search in words: where the asset came, why, and what to add."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import current_app
from flask_babel import gettext

from portal.asset_requests.delivering.rules import Replay, Replayed, Why
from portal.asset_requests.models import AssetRequest
from portal.library.models import Asset
from portal.web import locale, words


@dataclass(frozen=True, slots=True)
class ReplayView:
    """What a deliverer is told."""

    query: str
    is_found: bool
    says: str
    todo: str
    words: Sequence[str]
    ahead: Sequence[tuple[str, str]]


def replay_view(it: Replayed) -> ReplayView:
    """Say where an asset came."""
    says, todo, named = _said(it)
    return ReplayView(it.query, it.is_found, says, todo, named, it.ahead)


def _said(it: Replayed) -> tuple[str, str, Sequence[str]]:
    if it.why is Why.FOUND:
        return gettext("It comes as number %(n)s of %(total)s.", n=it.rank, total=it.total), "", ()
    if it.why is Why.UNPUBLISHED:
        return gettext("It is not published: nobody can find it yet."), gettext("Publish it."), ()
    if it.why is Why.BEHIND:
        return (
            gettext("The index has not followed yet."),
            gettext("Look again in a minute."),
            (),
        )
    place = (
        gettext("It comes as number %(n)s only.", n=it.rank)
        if it.rank
        else gettext("It is not among the results.")
    )
    if it.why is Why.FILTERED:
        names = [words.label(words.FACETS, name) for name in it.filters]
        todo = gettext("The search was narrowed by what it does not have. Add this to its facts:")
        return place, todo, names
    if it.why is Why.WORDS:
        todo = gettext(
            "These words of the search do not stand in it. Add them to its title or text:"
        )
        return place, todo, it.missing
    todo = gettext(
        "Others have these words in a better place. Put them into its title or a heading:"
    )
    return place, todo, it.weak


def replay_of(it: AssetRequest, asset: Asset) -> Replayed:
    """Search as the request began, or for its title, and look for an asset."""
    replay: Replay = current_app.extensions["arsenal.replay"]
    text = it.query or it.title
    reader = it.language or it.requester.language or locale.code().value
    if asset.state != "published":
        return Replayed(text, None, 0, Why.UNPUBLISHED)
    return replay(text, it.filters if it.query else {}, slug=asset.slug, reader=reader)
