"""The SELECTs behind sources: by name, by asset, what a source has."""

from collections.abc import Sequence

from sqlalchemy import func, select

from portal.db import db
from portal.library.models import Asset, AssetText
from portal.library.sources.models import ContentSource


def sources() -> Sequence[ContentSource]:
    """Return all sources by name."""
    return db.session.scalars(select(ContentSource).order_by(ContentSource.name)).all()


def by_name(name: str) -> ContentSource | None:
    """Return the source of a name."""
    return db.session.scalars(select(ContentSource).where(ContentSource.name == name)).first()


def by_id(source_id: int) -> ContentSource | None:
    """Return a source as the database has it now."""
    return db.session.get(ContentSource, source_id, populate_existing=True)


def counts() -> dict[int, int]:
    """Return how many assets each source has, by id."""
    query = select(Asset.source_id, func.count()).where(Asset.source_id.is_not(None))
    rows = db.session.execute(query.group_by(Asset.source_id))
    return {source_id: count for source_id, count in rows if source_id is not None}


def assets_of(source_id: int) -> Sequence[Asset]:
    """Return the assets of a source by slug."""
    query = select(Asset).where(Asset.source_id == source_id).order_by(Asset.slug)
    return db.session.scalars(query).all()


def assets_named(slugs: Sequence[str]) -> Sequence[Asset]:
    """Return the assets of these slugs that have a source, by slug."""
    query = select(Asset).where(Asset.slug.in_(slugs), Asset.source_id.is_not(None))
    return db.session.scalars(query.order_by(Asset.slug)).all()


def paths_of(asset_id: int) -> list[str]:
    """Return where in the folder an asset's texts are, by language."""
    query = select(AssetText.path).where(AssetText.asset_id == asset_id)
    return list(db.session.scalars(query.order_by(AssetText.language)))
