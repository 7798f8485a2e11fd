"""The SELECTs behind synonyms: what was edited, when it last changed, who changed what."""

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from portal.db import db
from portal.search.synonyms.models import SynonymEvent, SynonymGroup

_STATE = select(
    func.coalesce(func.max(SynonymGroup.id), 0), func.coalesce(func.sum(SynonymGroup.version), 0)
)


def state() -> tuple[int, ...]:
    """Return what changes whenever a group is added, edited or removed; asked by every search."""
    return tuple(map(int, db.session.connection().execute(_STATE).one()))


def edited() -> dict[str, Mapping[str, Sequence[str]]]:
    """Return the groups people have made, by key; one that was removed has no words."""
    return {row.key: {} if row.removed else row.words for row in rows()}


def rows() -> Sequence[SynonymGroup]:
    """Return all groups people have made or removed."""
    return db.session.scalars(select(SynonymGroup).order_by(SynonymGroup.id)).all()


def row(key: str, *, lock: bool = False) -> SynonymGroup | None:
    """Return a group people have made; `lock`: nobody else changes it until the commit."""
    query = select(SynonymGroup).where(SynonymGroup.key == key)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(query).first()


def history(group_id: int | None, limit: int) -> Sequence[SynonymEvent]:
    """Return what was done to a group, or to all, the latest first."""
    query = select(SynonymEvent).options(joinedload(SynonymEvent.user))
    if group_id is not None:
        query = query.where(SynonymEvent.group_id == group_id)
    query = query.order_by(SynonymEvent.at.desc(), SynonymEvent.id.desc()).limit(limit)
    return db.session.scalars(query).all()
