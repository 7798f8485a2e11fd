"""The SELECTs behind the desk: an asset in the works, revisions, comments, the timeline."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from portal.db import db
from portal.library.models import Asset
from portal.library.publishing.models import (
    AssetEvent,
    Autosave,
    ReviewComment,
    Reviewer,
    TextRevision,
)


def asset_by_slug(slug: str, *, lock: bool = False) -> Asset | None:
    """Return an asset with its texts; `lock`: nobody else changes it until the commit."""
    query = select(Asset).where(Asset.slug == slug).options(selectinload(Asset.texts))
    if lock:
        query = query.with_for_update()
    return db.session.scalars(query.execution_options(populate_existing=lock)).first()


def newest(asset_id: int, language: str) -> TextRevision | None:
    """Return the newest revision of an asset in a language."""
    query = (
        select(TextRevision)
        .where(TextRevision.asset_id == asset_id, TextRevision.language == language)
        .order_by(TextRevision.number.desc())
        .limit(1)
    )
    return db.session.scalars(query).first()


def newest_of(asset_id: int) -> dict[str, TextRevision]:
    """Return the newest revision in each language an asset has one in."""
    last = (
        select(TextRevision.language, func.max(TextRevision.number).label("number"))
        .where(TextRevision.asset_id == asset_id)
        .group_by(TextRevision.language)
        .subquery()
    )
    query = (
        select(TextRevision)
        .join(
            last,
            (TextRevision.language == last.c.language) & (TextRevision.number == last.c.number),
        )
        .where(TextRevision.asset_id == asset_id)
        .order_by(TextRevision.language)
    )
    return {revision.language: revision for revision in db.session.scalars(query)}


def revision(asset_id: int, language: str, number: int) -> TextRevision | None:
    """Return one revision."""
    query = select(TextRevision).where(
        TextRevision.asset_id == asset_id,
        TextRevision.language == language,
        TextRevision.number == number,
    )
    return db.session.scalars(query).first()


def autosave(user_id: int, asset_id: int, language: str) -> Autosave | None:
    """Return what a person has typed and not saved."""
    query = select(Autosave).where(
        Autosave.user_id == user_id, Autosave.asset_id == asset_id, Autosave.language == language
    )
    return db.session.scalars(query).first()


def comments(asset_id: int) -> Sequence[ReviewComment]:
    """Return the comments on an asset, those not settled first, then by age."""
    query = (
        select(ReviewComment)
        .where(ReviewComment.asset_id == asset_id)
        .options(joinedload(ReviewComment.author))
        .order_by(ReviewComment.settled_at.is_not(None), ReviewComment.at, ReviewComment.id)
    )
    return db.session.scalars(query).all()


def comment(comment_id: int) -> ReviewComment | None:
    """Return one comment."""
    return db.session.get(ReviewComment, comment_id)


def reviewer_scopes(user_id: int) -> list[tuple[str | None, str | None]]:
    """Return the (kind, department) a person is named as reviewer of; None stands for any."""
    query = select(Reviewer.kind, Reviewer.department).where(Reviewer.user_id == user_id)
    return [(row.kind, row.department) for row in db.session.execute(query.order_by(Reviewer.id))]


def reviewers() -> Sequence[Reviewer]:
    """Return who reviews what."""
    query = select(Reviewer).options(joinedload(Reviewer.user))
    return db.session.scalars(query.order_by(Reviewer.kind, Reviewer.department, Reviewer.id)).all()


def timeline(asset_id: int, *, limit: int, offset: int = 0) -> Sequence[Any]:
    """Return what happened to an asset, the latest first."""
    query = (
        select(AssetEvent)
        .where(AssetEvent.asset_id == asset_id)
        .options(joinedload(AssetEvent.user))
        .order_by(AssetEvent.at.desc(), AssetEvent.id.desc())
        .limit(limit)
        .offset(offset)
    )
    return db.session.scalars(query).all()
