"""The SELECTs behind notices: what a person was told, and how much of it is unread."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from portal.db import db
from portal.library.models import Asset, AssetText
from portal.library.notices.models import Notice


def unread_count(user_id: int) -> int:
    """Return how many notices a person has not read."""
    query = select(func.count()).where(Notice.user_id == user_id, Notice.read_at.is_(None))
    return db.session.scalar(query) or 0


def count(user_id: int) -> int:
    """Return how many notices a person has, read or not."""
    return db.session.scalar(select(func.count()).where(Notice.user_id == user_id)) or 0


def notices(user_id: int, *, limit: int, offset: int = 0, unread: bool = False) -> Sequence[Notice]:
    """Return a person's notices with their assets, unread ones first, then the latest."""
    query = (
        select(Notice)
        .where(Notice.user_id == user_id)
        .options(
            joinedload(Notice.asset)
            .selectinload(Asset.texts)
            .load_only(AssetText.language, AssetText.title),
            joinedload(Notice.actor),
        )
        .order_by(Notice.read_at.is_not(None), Notice.at.desc(), Notice.id.desc())
        .limit(limit)
        .offset(offset)
    )
    if unread:
        query = query.where(Notice.read_at.is_(None))
    return db.session.scalars(query).all()


def notice(user_id: int, notice_id: int) -> Notice | None:
    """Return one of a person's own notices."""
    query = (
        select(Notice)
        .where(Notice.id == notice_id, Notice.user_id == user_id)
        .options(joinedload(Notice.asset))
    )
    return db.session.scalars(query).first()
