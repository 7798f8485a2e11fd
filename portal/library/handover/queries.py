"""The SELECTs behind a hand-over: who still stands for how much, and which assets those are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select

from portal.accounts.models import User
from portal.db import db
from portal.library.models import Asset
from portal.library.publishing.models import Reviewer


@dataclass(frozen=True, slots=True)
class Load:
    """How much hangs on a person: assets owned, assets to stand in for, kinds to review."""

    id: int
    name: str
    is_active: bool
    owns: int
    backs: int
    reviews: int

    @property
    def is_nothing(self) -> bool:
        """Whether nothing hangs on them."""
        return not (self.owns or self.backs or self.reviews)


def _loads() -> Any:  # noqa: ANN401  # a Select of six columns
    owns = select(func.count()).where(Asset.owner_id == User.id).scalar_subquery()
    backs = select(func.count()).where(Asset.backup_owner_id == User.id).scalar_subquery()
    reviews = select(func.count()).where(Reviewer.user_id == User.id).scalar_subquery()
    anything = or_(
        User.id.in_(select(Asset.owner_id).where(Asset.owner_id.is_not(None))),
        User.id.in_(select(Asset.backup_owner_id).where(Asset.backup_owner_id.is_not(None))),
        User.id.in_(select(Reviewer.user_id)),
    )
    return (
        select(User.id, User.name, User.active, owns, backs, reviews)
        .where(anything)
        .order_by(User.active, User.name, User.id)
    )


def loads() -> list[Load]:
    """Return everybody on whom something hangs, those who have left first."""
    return [Load(*row) for row in db.session.execute(_loads())]


def left() -> list[Load]:
    """Return those who have left and on whom something still hangs."""
    return [Load(*row) for row in db.session.execute(_loads().where(User.active.is_(False)))]


def load_of(user_id: int) -> Load | None:
    """Return how much hangs on one person, or None when nothing does."""
    row = db.session.execute(_loads().where(User.id == user_id)).first()
    return Load(*row) if row else None


def person(user_id: int) -> User | None:
    """Return a person, active or not."""
    return db.session.get(User, user_id)


def assets_of(user_id: int) -> Sequence[Asset]:
    """Return the assets a person owns or stands in for, locked until the commit."""
    query = (
        select(Asset)
        .where(or_(Asset.owner_id == user_id, Asset.backup_owner_id == user_id))
        .order_by(Asset.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return db.session.scalars(query).all()


def reviews_of(user_ids: Sequence[int]) -> Sequence[Reviewer]:
    """Return what people are named to review."""
    query = select(Reviewer).where(Reviewer.user_id.in_(user_ids)).order_by(Reviewer.id)
    return db.session.scalars(query).all()
