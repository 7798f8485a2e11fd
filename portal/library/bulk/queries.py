"""The SELECTs behind bulk actions: assets, locked; actions and what became of them."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from portal.db import db
from portal.library.bulk.models import BulkAction, BulkChange
from portal.library.models import Asset, FacetTerm
from portal.library.publishing.models import AssetEvent
from portal.library.publishing.rules import Action

BATCH = 500  # ids a query
_ASIDE = {Action.COMMENT, Action.CONFIRM, Action.ASSIGN}
MOVES = ["save", *(it.value for it in Action if it not in _ASIDE)]


def ids_of(slugs: Sequence[str]) -> list[int]:
    """Return the ids of assets by their slugs; unknown ones are left out."""
    query = select(Asset.id).where(Asset.slug.in_(slugs[:BATCH])).order_by(Asset.id)
    return list(db.session.scalars(query))


def assets(ids: Sequence[int], *, lock: bool = False) -> list[Asset]:
    """Return assets with texts and words; `lock`: nobody else changes them until the commit."""
    found: list[Asset] = []
    for start in range(0, len(ids), BATCH):
        query = (
            select(Asset)
            .where(Asset.id.in_(ids[start : start + BATCH]))
            .options(selectinload(Asset.texts), selectinload(Asset.facets))
            .order_by(Asset.id)
            .execution_options(populate_existing=lock)
        )
        found += db.session.scalars(query.with_for_update() if lock else query)
    return found


def by_token(token: str) -> BulkAction | None:
    """Return the action a form has begun."""
    return db.session.scalars(select(BulkAction).where(BulkAction.token == token)).first()


def action(bulk_id: int, *, lock: bool = False) -> BulkAction | None:
    """Return an action; `lock`: nobody else goes on with it until the commit."""
    query = select(BulkAction).where(BulkAction.id == bulk_id)
    query = query.with_for_update() if lock else query.options(joinedload(BulkAction.user))
    return db.session.scalars(query.execution_options(populate_existing=True)).first()


def actions(user_id: int | None, *, limit: int, offset: int) -> Sequence[BulkAction]:
    """Return what was done to many assets, by one person or by anybody, the latest first."""
    query = select(BulkAction).options(joinedload(BulkAction.user))
    if user_id is not None:
        query = query.where(BulkAction.user_id == user_id)
    query = query.order_by(BulkAction.at.desc(), BulkAction.id.desc())
    return db.session.scalars(query.limit(limit).offset(offset)).all()


def action_count(user_id: int | None) -> int:
    """Return how many actions there are, of one person or of anybody."""
    query = select(func.count()).select_from(BulkAction)
    if user_id is not None:
        query = query.where(BulkAction.user_id == user_id)
    return db.session.scalar(query) or 0


def touched(bulk_id: int) -> set[int]:
    """Return which assets an action has come to."""
    return set(db.session.scalars(select(BulkChange.asset_id).where(BulkChange.bulk_id == bulk_id)))


def tally(bulk_id: int) -> dict[tuple[str | None, str | None], int]:
    """Return how many assets had which (refusal, undone)."""
    query = (
        select(BulkChange.refusal, BulkChange.undone, func.count())
        .where(BulkChange.bulk_id == bulk_id)
        .group_by(BulkChange.refusal, BulkChange.undone)
    )
    return {(row.refusal, row.undone): row[2] for row in db.session.execute(query)}


def left_alone(bulk_id: int, *, limit: int) -> Sequence[BulkChange]:
    """Return what was not changed, or not undone, with the assets."""
    odd = BulkChange.refusal.is_not(None) | BulkChange.undone.not_in(["restored"])
    query = (
        select(BulkChange)
        .where(BulkChange.bulk_id == bulk_id, odd)
        .options(joinedload(BulkChange.asset).selectinload(Asset.texts))
        .order_by(BulkChange.refusal, BulkChange.asset_id)
        .limit(limit)
    )
    return db.session.scalars(query).all()


def to_undo(bulk_id: int, *, limit: int) -> Sequence[BulkChange]:
    """Return changes that are still to be undone."""
    query = (
        select(BulkChange)
        .where(
            BulkChange.bulk_id == bulk_id,
            BulkChange.refusal.is_(None),
            BulkChange.undone.is_(None),
        )
        .order_by(BulkChange.asset_id)
        .limit(limit)
    )
    return db.session.scalars(query).all()


def last_move(asset_id: int) -> int | None:
    """Return the newest line of an asset's timeline that says how its text or phase changed."""
    query = select(func.max(AssetEvent.id)).where(
        AssetEvent.asset_id == asset_id, AssetEvent.action.in_(MOVES)
    )
    return db.session.scalar(query)


def terms() -> Sequence[FacetTerm]:
    """Return the whole vocabulary, by facet."""
    query = select(FacetTerm).order_by(FacetTerm.facet, FacetTerm.slug)
    return db.session.scalars(query).all()


def term(term_id: int) -> FacetTerm | None:
    """Return a word of the vocabulary."""
    return db.session.get(FacetTerm, term_id)
