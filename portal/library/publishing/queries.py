"""The SELECTs behind the desk: an asset in the works, revisions, comments, the timeline."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from portal.accounts import policy
from portal.accounts.acts import Act
from portal.accounts.models import User
from portal.accounts.rules import Role
from portal.db import db
from portal.library.models import Asset, AssetText
from portal.library.publishing import timing
from portal.library.publishing.models import (
    AssetEvent,
    Autosave,
    ReviewComment,
    Reviewer,
    TextRevision,
)
from portal.library.publishing.rules import Action


def asset_by_slug(slug: str, *, lock: bool = False) -> Asset | None:
    """Return an asset with its texts; `lock`: nobody else changes it until the commit."""
    query = select(Asset).where(Asset.slug == slug).options(selectinload(Asset.texts))
    if lock:
        query = query.with_for_update()
    return db.session.scalars(query.execution_options(populate_existing=lock)).first()


def asset_by_id(asset_id: int, *, lock: bool = False) -> Asset | None:
    """Return an asset with its texts; `lock`: nobody else changes it until the commit."""
    query = select(Asset).where(Asset.id == asset_id).options(selectinload(Asset.texts))
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


def wanted(asset: Asset, newest: TextRevision) -> TextRevision | AssetText | None:
    """Return what somebody goes on from: the newest revision, unless it was discarded: the served.

    None when it was discarded and nothing is served in its language.
    """
    if newest.discarded_at is None:
        return newest
    return next((text for text in asset.texts if text.language == newest.language), None)


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


LATE_MOST = 500


def late_times(now: datetime) -> list[tuple[str, int]]:
    """Return (name of the job, asset) of times that have passed and still stand."""
    found = []
    for name, column in ((timing.PUBLISH, Asset.publish_at), (timing.RETIRE, Asset.retire_at)):
        query = select(Asset.id).where(column <= now).order_by(column, Asset.id).limit(LATE_MOST)
        found += [(name, asset_id) for asset_id in db.session.scalars(query)]
    return found


def last_schedule(asset_id: int) -> AssetEvent | None:
    """Return the line of the timeline that says who set an asset's times last."""
    query = (
        select(AssetEvent)
        .where(AssetEvent.asset_id == asset_id, AssetEvent.action == Action.SCHEDULE.value)
        .order_by(AssetEvent.at.desc(), AssetEvent.id.desc())
        .limit(1)
    )
    return db.session.scalars(query).first()


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


def active_reviewers() -> list[tuple[str | None, str | None, int]]:
    """Return (kind, department, person) of the reviewers who are here and may review."""
    query = (
        select(Reviewer.kind, Reviewer.department, Reviewer.user_id)
        .join(User, User.id == Reviewer.user_id)
        .where(User.active.is_(True), User.role.in_(policy.roles(Act.ASSET_EDIT)))
        .order_by(Reviewer.user_id, Reviewer.id)
    )
    return [(row.kind, row.department, row.user_id) for row in db.session.execute(query)]


def names(user_ids: Collection[int]) -> list[str]:
    """Return the names of people, in alphabetical order."""
    query = select(User.name).where(User.id.in_(user_ids)).order_by(User.name, User.id)
    return list(db.session.scalars(query))


def active_with_role(roles: Collection[Role]) -> list[int]:
    """Return who is here and has one of these roles."""
    wanted = [role.value for role in roles]
    query = select(User.id).where(User.active.is_(True), User.role.in_(wanted))
    return list(db.session.scalars(query.order_by(User.id)))


def last_submitter(asset_id: int) -> int | None:
    """Return who has asked for a review of an asset last."""
    query = (
        select(AssetEvent.user_id)
        .where(AssetEvent.asset_id == asset_id, AssetEvent.action == "submit")
        .order_by(AssetEvent.id.desc())
        .limit(1)
    )
    return db.session.scalar(query)


def commenters(asset_id: int) -> list[int]:
    """Return who has said something about an asset that is not settled yet."""
    query = select(ReviewComment.author_id).where(
        ReviewComment.asset_id == asset_id, ReviewComment.settled_at.is_(None)
    )
    return sorted(set(db.session.scalars(query.order_by(ReviewComment.author_id))))
