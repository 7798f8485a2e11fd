"""Saying that a translation follows its original, and which language the original is."""

from portal.db import db
from portal.errors import Conflict, NotFound
from portal.library.models import Asset
from portal.library.publishing.acting import Actor, record, require
from portal.library.publishing.models import TextRevision
from portal.library.publishing.rules import Action
from portal.library.translation import queries, rules
from portal.library.translation.rules import Head


def source_of(asset: Asset) -> Head | None:
    """Return how the original of an asset stands; None when it has no text."""
    heads = queries.heads(asset.id)
    language = rules.original(heads)
    return next((head for head in heads if head.language == language), None)


def follow(actor: Actor, asset: Asset, revision: TextRevision, number: int) -> None:
    """Say that a translation's revision follows a revision of the original; the asset is locked.

    Raises:
        Forbidden, Conflict: as `acting.require`.
        NotFound: when there is no such revision of an original.
    """
    require(actor, asset, Action.EDIT)
    source = source_of(asset)
    if source is None or source.language == revision.language:
        raise NotFound
    if not source.earliest <= number <= source.newest:
        raise NotFound
    if (revision.follows_language, revision.follows_number) == (source.language, number):
        return
    revision.follows_language, revision.follows_number = source.language, number
    record(
        asset, "follow", actor, language=revision.language, number=revision.number,
        detail={"follows": [source.language, number]},
    )  # fmt: skip
    db.session.flush()


def still_right(actor: Actor, asset: Asset, language: str, *, number: int, follows: int) -> None:
    """Say that a text's newest revision fits a revision of the original as it is.

    Raises:
        Forbidden, Conflict: as `acting.require`; Conflict, too, when the text has been changed.
        NotFound: when there is no such text.
    """
    revision = queries.newest_live(asset.id, language)
    if revision is None:
        raise NotFound
    if revision.number != number:
        raise Conflict("this text has been changed meanwhile")
    follow(actor, asset, revision, follows)


def make_original(actor: Actor, asset: Asset, language: str) -> None:
    """Make another language the original; what lagged or is not known is to be compared anew.

    Raises:
        Forbidden, Conflict: as `acting.require`.
        NotFound: when there is no text in that language.
    """
    require(actor, asset, Action.EDIT)
    heads = queries.heads(asset.id)
    source = source_of(asset)
    chosen = next((head for head in heads if head.language == language), None)
    if chosen is None or chosen.live is None or source is None:
        raise NotFound
    if language == source.language:
        return
    fits = rules.followed(chosen, source) == source.live
    for head in heads:
        row = queries.newest_live(asset.id, head.language)
        if row is None:
            continue
        if head.language == language:
            row.follows_language = row.follows_number = None
            continue
        level = head.language == source.language or rules.followed(head, source) == source.live
        row.follows_language = language
        row.follows_number = chosen.live if fits and level else 0
    record(asset, "original", actor, language=language)
    db.session.flush()
