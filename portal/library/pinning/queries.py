"""The SELECTs behind pins: for which teams something is pinned, and what a person gets to see."""

from collections.abc import Collection as Some
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, bindparam, or_, select

from portal.accounts.models import Team, User
from portal.db import db
from portal.library.collections.models import Collection
from portal.library.collections.rules import Reach
from portal.library.pinning.models import AssetPin, CollectionPin, OwnPin


def teams() -> list[tuple[int, str]]:
    """Return all teams, by name."""
    query = select(Team.id, Team.name).order_by(Team.name_key, Team.id)
    return [(row.id, row.name) for row in db.session.execute(query)]


def teams_with_collection(collection_id: int) -> set[int]:
    """Return the teams a collection is pinned for."""
    query = select(CollectionPin.team_id).where(CollectionPin.collection_id == collection_id)
    return set(db.session.scalars(query.order_by(CollectionPin.team_id)))


def teams_with_asset(asset_id: int) -> set[int]:
    """Return the teams an asset is pinned for."""
    query = select(AssetPin.team_id).where(AssetPin.asset_id == asset_id)
    return set(db.session.scalars(query.order_by(AssetPin.team_id)))


@dataclass(frozen=True, slots=True)
class Pinned:
    """A collection on the home page of a team."""

    id: int
    name: str
    language: str


def pinned_collections(user_id: int, limit: int) -> Sequence[Pinned]:
    """Return what is pinned for a person's team and seen by it, the last pinned first."""
    query = (
        select(Collection.id, Collection.name, Collection.language)
        .join(CollectionPin, CollectionPin.collection_id == Collection.id)
        .join(User, User.team_id == CollectionPin.team_id)
        .where(
            User.id == user_id,
            or_(
                Collection.reach == Reach.ALL.value,
                and_(
                    Collection.reach == Reach.TEAM.value,
                    Collection.team_id == CollectionPin.team_id,
                ),
            ),
        )
        .order_by(CollectionPin.at.desc(), CollectionPin.id.desc())
        .limit(limit)
    )
    return [Pinned(*row) for row in db.session.execute(query)]


def pinned_assets(user_id: int, limit: int) -> list[int]:
    """Return the assets pinned for a person's team, the last pinned first."""
    query = (
        select(AssetPin.asset_id)
        .join(User, User.team_id == AssetPin.team_id)
        .where(User.id == user_id)
        .order_by(AssetPin.at.desc(), AssetPin.id.desc())
        .limit(limit)
    )
    return list(db.session.scalars(query))


# --- by people for themselves ---------------------------------------------------------------------

_own = OwnPin.__table__.c
_OWN_AMONG = select(_own.asset_id).where(
    _own.user_id == bindparam("user_id"), _own.asset_id.in_(bindparam("ids", expanding=True))
)


def own_assets(user_id: int, limit: int) -> list[int]:
    """Return the assets somebody has pinned, the last pinned first."""
    query = (
        select(OwnPin.asset_id)
        .where(OwnPin.user_id == user_id)
        .order_by(OwnPin.at.desc(), OwnPin.asset_id)
        .limit(limit)
    )
    return list(db.session.scalars(query))


def own_among(user_id: int, asset_ids: Some[int]) -> frozenset[int]:
    """Return which of these assets somebody has pinned."""
    if not asset_ids:
        return frozenset()
    told = {"user_id": user_id, "ids": list(asset_ids)}
    return frozenset(db.session.connection().execute(_OWN_AMONG, told).scalars())
