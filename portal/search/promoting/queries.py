"""The SELECTs behind promotions; the first runs with each search."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, bindparam, func, not_, select
from sqlalchemy.orm import joinedload

from portal.db import db
from portal.library.models import Asset
from portal.search.promoting.models import Promotion, PromotionEdit
from portal.search.promoting.rules import EACH

_all = Promotion.__table__.c

# Put together once: every search asks it, in every process, so that a change is there at once.
_LIVE = (
    select(_all.asset_id, _all.ends_on)
    .where(
        _all.key == bindparam("key"), _all.ends_on >= bindparam("today"), _all.ended_at.is_(None)
    )
    .order_by(_all.id)
    .limit(EACH)
)


def live(key: str, today: date) -> dict[int, date]:
    """Return the assets promoted for a search today, the first promoted first, and until when."""
    if not key:
        return {}
    rows = db.session.connection().execute(_LIVE, {"key": key, "today": today})
    return {row.asset_id: row.ends_on for row in rows}


class Listed(StrEnum):
    """Which promotions are listed."""

    NOW = "now"
    ENDED = "ended"


def _is_live(today: date) -> ColumnElement[bool]:
    return and_(Promotion.ends_on >= today, Promotion.ended_at.is_(None))


def _of(which: Listed, today: date) -> ColumnElement[bool]:
    return _is_live(today) if which is Listed.NOW else not_(_is_live(today))


def count(which: Listed, today: date) -> int:
    """Return how many promotions are live, or have ended."""
    query = select(func.count()).select_from(Promotion).where(_of(which, today))
    return db.session.scalar(query) or 0


def page(which: Listed, today: date, limit: int, offset: int) -> Sequence[Promotion]:
    """Return a page of them: of those live the first to end first, else the last ended first."""
    order = Promotion.ends_on if which is Listed.NOW else Promotion.ends_on.desc()
    query = (
        select(Promotion)
        .options(
            joinedload(Promotion.asset).selectinload(Asset.texts),
            joinedload(Promotion.edits).joinedload(PromotionEdit.user),
        )
        .where(_of(which, today))
        .order_by(order, Promotion.id)
        .limit(limit)
        .offset(offset)
    )
    return db.session.scalars(query).unique().all()


def promotion(promotion_id: int, *, lock: bool = False) -> Promotion | None:
    """Return a promotion by its number."""
    query = select(Promotion).where(Promotion.id == promotion_id)
    return db.session.scalars(query.with_for_update() if lock else query).first()


def rivals(key: str, today: date, but: int | None) -> Sequence[Promotion]:
    """Return the live promotions of a search, but for one."""
    query = select(Promotion).where(Promotion.key == key, _is_live(today))
    if but is not None:
        query = query.where(Promotion.id != but)
    return db.session.scalars(query.order_by(Promotion.id)).all()
