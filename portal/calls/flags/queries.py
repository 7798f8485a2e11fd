"""The SELECTs behind remarks: to be answered, one's own, one by its number or its form."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from portal.accounts import policy
from portal.accounts.acts import Act
from portal.accounts.models import User
from portal.accounts.rules import Role
from portal.calls.flags.rules import State
from portal.calls.ratings.models import AssetFlag
from portal.calls.rules import NUMBER_MOST
from portal.db import db
from portal.library.models import Asset


def by_token(token: str) -> AssetFlag | None:
    """Return the remark a form has become."""
    return db.session.scalars(select(AssetFlag).where(AssetFlag.token == token)).first()


def locked(flag_id: int) -> AssetFlag | None:
    """Return a remark by its number, held until the transaction ends."""
    if not 0 < flag_id <= NUMBER_MOST:
        return None
    query = select(AssetFlag).where(AssetFlag.id == flag_id).with_for_update()
    return db.session.scalars(query.execution_options(populate_existing=True)).first()


def _listed(user_id: int, role: Role, *, mine: bool, slug: str) -> Select[Any]:
    query = select(AssetFlag).join(Asset, Asset.id == AssetFlag.asset_id)
    if mine:
        query = query.where(AssetFlag.user_id == user_id)
    elif not policy.granted(role, Act.FLAG_ANSWER):
        query = query.where(or_(Asset.owner_id == user_id, Asset.backup_owner_id == user_id))
    return query.where(Asset.slug == slug) if slug else query


def count(user_id: int, role: Role, *, mine: bool, slug: str = "") -> int:
    """Return how many remarks a person may see."""
    found = _listed(user_id, role, mine=mine, slug=slug).subquery()
    return db.session.scalar(select(func.count()).select_from(found)) or 0


def flags(
    user_id: int, role: Role, *, mine: bool, slug: str = "", limit: int, offset: int
) -> Sequence[AssetFlag]:
    """Return a page of remarks, open ones first, then the latest."""
    query = (
        _listed(user_id, role, mine=mine, slug=slug)
        .options(
            joinedload(AssetFlag.user),
            joinedload(AssetFlag.answered_by),
            joinedload(AssetFlag.asset).selectinload(Asset.texts),
        )
        .order_by(AssetFlag.state != State.OPEN.value, AssetFlag.at.desc(), AssetFlag.id.desc())
        .limit(limit)
        .offset(offset)
    )
    return db.session.scalars(query).all()


def with_asset(flag_id: int) -> AssetFlag | None:
    """Return a remark with all that is shown of it."""
    query = (
        select(AssetFlag)
        .where(AssetFlag.id == flag_id)
        .options(
            joinedload(AssetFlag.user),
            joinedload(AssetFlag.answered_by),
            joinedload(AssetFlag.asset).options(selectinload(Asset.texts)),
        )
    )
    return db.session.scalars(query).first()


def here(user_ids: Sequence[int | None]) -> list[int]:
    """Return those of these people who can sign in."""
    query = select(User.id).where(User.id.in_([i for i in user_ids if i]), User.active.is_(True))
    return list(db.session.scalars(query.order_by(User.id)))
