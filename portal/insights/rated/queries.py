"""Every SELECT behind what reps say: rated assets, open remarks, what was written."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, func, or_, select, union
from sqlalchemy.orm import joinedload, selectinload

from portal.accounts.models import User
from portal.calls.flags.rules import State
from portal.calls.ratings.models import AssetFlag, Rating
from portal.db import UTCDateTime, db
from portal.library.models import Asset

OPEN = State.OPEN.value
LISTED = 200
"""Remarks listed at most: the oldest, which have waited longest."""


class Known(NamedTuple):
    """An asset somebody rated or says something of."""

    id: int
    slug: str
    kind: str
    state: str
    owner_id: int | None
    owner: str


def assets() -> list[Known]:
    """Return the assets with a rating or an open remark."""
    said = union(
        select(Rating.asset_id), select(AssetFlag.asset_id).where(AssetFlag.state == OPEN)
    ).subquery()
    query = (
        select(
            Asset.id, Asset.slug, Asset.kind, Asset.state, Asset.owner_id,
            func.coalesce(User.name, ""),
        )
        .join(said, said.c.asset_id == Asset.id)
        .outerjoin(User, User.id == Asset.owner_id)
        .order_by(Asset.id)
    )  # fmt: skip
    return [Known(*row) for row in db.session.execute(query)]


def open_flags() -> dict[int, tuple[int, datetime]]:
    """Return how many remarks on an asset are open, and since when the oldest is."""
    query = (
        select(AssetFlag.asset_id, func.count(), func.min(AssetFlag.at, type_=UTCDateTime()))
        .where(AssetFlag.state == OPEN)
        .group_by(AssetFlag.asset_id)
        .order_by(AssetFlag.asset_id)
    )
    return {row[0]: (row[1], row[2]) for row in db.session.execute(query)}


def _narrowed(query: Select[Any], kind: str, owner: int | None) -> Select[Any]:
    """Keep what is of a kind and an owner (0: nobody's)."""
    conditions: list[ColumnElement[bool]] = []
    if kind:
        conditions.append(Asset.kind == kind)
    if owner is not None:
        conditions.append(Asset.owner_id == owner if owner else Asset.owner_id.is_(None))
    return query.where(*conditions)


def flags(kind: str, owner: int | None) -> Sequence[AssetFlag]:
    """Return open remarks, the oldest first."""
    query = (
        select(AssetFlag)
        .join(AssetFlag.asset)
        .where(AssetFlag.state == OPEN)
        .options(
            joinedload(AssetFlag.asset).options(selectinload(Asset.texts), joinedload(Asset.owner))
        )
        .order_by(AssetFlag.at, AssetFlag.id)
        .limit(LISTED)
    )
    return db.session.scalars(_narrowed(query, kind, owner)).all()


def _written() -> ColumnElement[bool]:
    return or_(Rating.why != "", Rating.helped == "hurt")


def count_written(kind: str, owner: int | None) -> int:
    """Return on how many ratings somebody said why."""
    query = select(func.count()).select_from(Rating).join(Rating.asset).where(_written())
    return db.session.scalar(_narrowed(query, kind, owner)) or 0


def written(kind: str, owner: int | None, *, limit: int, offset: int) -> Sequence[Rating]:
    """Return ratings with what was written, the latest first."""
    query = (
        select(Rating)
        .join(Rating.asset)
        .where(_written())
        .options(joinedload(Rating.asset))
        .order_by(Rating.changed_at.desc(), Rating.id.desc())
        .limit(limit)
        .offset(offset)
    )
    return db.session.scalars(_narrowed(query, kind, owner)).all()
