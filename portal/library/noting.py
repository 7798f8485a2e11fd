"""The SELECT that tells whether what a page says was used can have been read by who says so."""

from sqlalchemy import exists, select

from portal.db import db
from portal.library.models import Asset, AssetText
from portal.library.publishing.models import TextRevision
from portal.library.rules import State


def is_readable(
    asset_id: int, *, language: str | None, revision: int | None, unpublished: bool
) -> bool:
    """Whether an asset has a text in that language that has come as far as that revision.

    A language or a revision that is not told is not asked for. `unpublished`: whether the reader
    may see what is not published. An older revision is fine: the page may have been open a while;
    one in the works or discarded is not: no reader has seen it.
    """
    query = (
        select(AssetText.id)
        .join(Asset, Asset.id == AssetText.asset_id)
        .where(AssetText.asset_id == asset_id, AssetText.revision >= (revision or 1))
        .limit(1)
    )
    if revision:
        kept = exists().where(
            TextRevision.asset_id == AssetText.asset_id,
            TextRevision.language == AssetText.language,
            TextRevision.number == revision,
            TextRevision.discarded_at.is_(None),
        )
        query = query.where(kept)
    if language:
        query = query.where(AssetText.language == language)
    if not unpublished:
        query = query.where(Asset.state == State.PUBLISHED.value)
    return db.session.scalar(query) is not None
