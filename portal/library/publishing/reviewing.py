"""What reviewers say about a text, and who reviews what."""

from portal import clock
from portal.db import db
from portal.errors import Invalid, NotFound
from portal.library.models import Asset
from portal.library.publishing import notifying, queries
from portal.library.publishing.acting import Actor, record, require
from portal.library.publishing.models import ReviewComment
from portal.library.publishing.rules import Action


def comment(actor: Actor, asset: Asset, *, language: str, anchor: str, body: str) -> ReviewComment:
    """Say something about the newest revision of a text.

    Raises:
        Forbidden, Conflict: as `require`.
        Invalid: when nothing is said.
        NotFound: when there is no text in this language.
    """
    require(actor, asset, Action.COMMENT)
    newest = queries.newest(asset.id, language)
    if newest is None or actor.id is None:
        raise NotFound
    if not body.strip():
        raise Invalid("say something")
    row = ReviewComment(
        asset_id=asset.id,
        language=language,
        number=newest.number,
        anchor=anchor[:200],
        body=body.strip(),
        author_id=actor.id,
        at=clock.now(),
    )
    db.session.add(row)
    record(asset, Action.COMMENT.value, actor, language=language, number=newest.number)
    db.session.flush()
    notifying.commented(actor, asset, row.body)
    return row


def settle(actor: Actor, asset: Asset, comment_id: int) -> None:
    """Mark a comment as settled, or open it again.

    Raises:
        Forbidden, Conflict: as `require`.
        NotFound: when the asset has no such comment.
    """
    require(actor, asset, Action.COMMENT)
    row = queries.comment(comment_id)
    if row is None or row.asset_id != asset.id:
        raise NotFound
    row.settled_at = None if row.settled_at else clock.now()
    row.settled_by_id = actor.id if row.settled_at else None
    db.session.flush()
