"""The SELECTs behind collections: who sees which, who can change which, and their entries."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import joinedload

from portal.accounts import policy
from portal.accounts.acts import Act
from portal.accounts.models import User
from portal.accounts.policy import Tie
from portal.db import db
from portal.library.collections.models import Collection, CollectionEntry
from portal.library.collections.rules import Facts, Reach, Viewer
from portal.library.models import Asset, AssetText
from portal.library.pinning.models import CollectionPin
from portal.library.rules import State, pick_language


def by_id(collection_id: int, *, lock: bool = False) -> Collection | None:
    """Return a collection; `lock`: nobody else changes it until the commit."""
    query = select(Collection).where(Collection.id == collection_id)
    if lock:
        return db.session.scalars(
            query.with_for_update().execution_options(populate_existing=True)
        ).first()
    return db.session.scalars(query.options(joinedload(Collection.owner))).first()


def just_made(owner_id: int, facts: Facts, *, since: datetime) -> Collection | None:
    """Return the collection of this name and words that somebody made since then, if any.

    Until the commit nobody else makes one of theirs.
    """
    db.session.execute(select(User.id).where(User.id == owner_id).with_for_update(key_share=True))
    query = select(Collection).where(
        Collection.owner_id == owner_id,
        Collection.created_at >= since,
        Collection.name == facts.name,
        Collection.description == facts.description,
        Collection.language == facts.language,
        Collection.reach == facts.reach.value,
    )
    return db.session.scalars(query.order_by(Collection.id).limit(1)).first()


def entries(collection_id: int) -> list[CollectionEntry]:
    """Return the entries of a collection in their order, as they are now."""
    query = (
        select(CollectionEntry)
        .where(CollectionEntry.collection_id == collection_id)
        .order_by(CollectionEntry.position, CollectionEntry.id)
        .execution_options(populate_existing=True)
    )
    return list(db.session.scalars(query))


@dataclass(frozen=True, slots=True)
class EntryLine:
    """An entry as a page shows it, in the reader's best language."""

    id: int
    note: str
    slug: str
    kind: str
    state: str
    language: str
    title: str
    summary: str
    checked_on: date | None
    owner: str


def entry_lines(collection_id: int, reader: str) -> list[EntryLine]:
    """Return the entries of a collection with their assets, in every state, in order."""
    query = (
        select(
            CollectionEntry.id,
            CollectionEntry.note,
            Asset.slug,
            Asset.kind,
            Asset.state,
            Asset.checked_on,
            func.coalesce(User.name, "").label("owner"),
            AssetText.language,
            AssetText.title,
            AssetText.summary,
        )
        .join(Asset, Asset.id == CollectionEntry.asset_id)
        .outerjoin(AssetText, AssetText.asset_id == Asset.id)
        .outerjoin(User, User.id == Asset.owner_id)
        .where(CollectionEntry.collection_id == collection_id)
        .order_by(CollectionEntry.position, CollectionEntry.id, AssetText.id)
    )
    found: dict[int, dict[str | None, Any]] = {}
    for row in db.session.execute(query):
        found.setdefault(row.id, {})[row.language] = row
    return [_line(rows, reader) for rows in found.values()]


def _line(rows: dict[str | None, Any], reader: str) -> EntryLine:
    texts = {language: row for language, row in rows.items() if language}
    row = texts[pick_language(texts, reader).value] if texts else rows[None]
    return EntryLine(
        id=row.id,
        note=row.note,
        slug=row.slug,
        kind=row.kind,
        state=row.state if texts else State.DRAFT.value,
        language=row.language or reader,
        title=row.title or row.slug,
        summary=row.summary or "",
        checked_on=row.checked_on,
        owner=row.owner,
    )


def _visible(viewer: Viewer) -> ColumnElement[bool]:
    """The condition of `rules.sees`."""
    team: ColumnElement[bool] = Collection.reach == Reach.TEAM.value
    if not policy.granted(viewer.role, Act.COLLECTION_SEE, (Tie.TEAMS,)):
        team = and_(team, Collection.team_id == viewer.team_id)
    return or_(Collection.owner_id == viewer.id, Collection.reach == Reach.ALL.value, team)


def _editable(viewer: Viewer) -> ColumnElement[bool]:
    """The condition of `rules.edits`."""
    reaches = (
        [Reach.ALL.value] if policy.granted(viewer.role, Act.COLLECTION_EDIT, (Tie.OPEN,)) else []
    )
    reaches += (
        [Reach.TEAM.value] if policy.granted(viewer.role, Act.COLLECTION_EDIT, (Tie.TEAMS,)) else []
    )
    return or_(Collection.owner_id == viewer.id, Collection.reach.in_(reaches))


@dataclass(frozen=True, slots=True)
class CollectionLine:
    """A collection in a list; `assets` counts what readers see of it."""

    id: int
    name: str
    description: str
    language: str
    reach: str
    owner_id: int
    owner: str
    updated_at: datetime
    assets: int
    pinned: bool


def _lines(viewer: Viewer) -> Any:  # noqa: ANN401  # a Select of the columns of CollectionLine
    shown = (
        select(func.count())
        .select_from(CollectionEntry)
        .join(Asset, Asset.id == CollectionEntry.asset_id)
        .where(CollectionEntry.collection_id == Collection.id, Asset.state == State.PUBLISHED.value)
        .correlate(Collection)
        .scalar_subquery()
    )
    pinned = exists().where(
        CollectionPin.collection_id == Collection.id, CollectionPin.team_id == viewer.team_id
    )
    return select(
        Collection.id,
        Collection.name,
        Collection.description,
        Collection.language,
        Collection.reach,
        Collection.owner_id,
        User.name,
        Collection.updated_at,
        shown,
        pinned.label("pinned"),
    ).join(User, User.id == Collection.owner_id)


def count(viewer: Viewer, *, mine: bool) -> int:
    """Return how many collections somebody sees, or has made."""
    told = Collection.owner_id == viewer.id if mine else _visible(viewer)
    return db.session.scalar(select(func.count(Collection.id)).where(told)) or 0


def visible(viewer: Viewer, *, mine: bool, limit: int, offset: int = 0) -> list[CollectionLine]:
    """Return a page of the collections somebody sees, pinned ones first, then the last changed."""
    told = Collection.owner_id == viewer.id if mine else _visible(viewer)
    query = _lines(viewer).where(told)
    pinned = query.selected_columns.pinned
    query = query.order_by(pinned.desc(), Collection.updated_at.desc(), Collection.id.desc())
    rows = db.session.execute(query.limit(limit).offset(offset))
    return [CollectionLine(*row) for row in rows]


def editable(viewer: Viewer, limit: int) -> list[CollectionLine]:
    """Return the collections somebody can add to, their own first, then the last changed."""
    query = (
        _lines(viewer)
        .where(_editable(viewer))
        .order_by(
            (Collection.owner_id == viewer.id).desc(),
            Collection.updated_at.desc(),
            Collection.id.desc(),
        )
        .limit(limit)
    )
    return [CollectionLine(*row) for row in db.session.execute(query)]


def holding(asset_id: int) -> set[int]:
    """Return the collections an asset is in."""
    query = select(CollectionEntry.collection_id).where(CollectionEntry.asset_id == asset_id)
    return set(db.session.scalars(query.order_by(CollectionEntry.collection_id)))


def published(slug: str, *, lock: bool = False) -> Asset | None:
    """Return an asset that readers see."""
    query = select(Asset).where(Asset.slug == slug, Asset.state == State.PUBLISHED.value)
    return db.session.scalars(query.with_for_update() if lock else query).first()


def title_of(asset_id: int, reader: str) -> tuple[str, str] | None:
    """Return an asset's title in the reader's best language, and that language."""
    query = select(AssetText.language, AssetText.title).where(AssetText.asset_id == asset_id)
    titles = {row.language: row.title for row in db.session.execute(query)}
    if not titles:
        return None
    language = pick_language(titles, reader).value
    return titles[language], language
