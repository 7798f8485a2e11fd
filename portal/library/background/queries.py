"""The SELECT behind the subjects of jobs: the assets they are about."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from portal.db import db
from portal.library.models import Asset, AssetText
from portal.library.rules import pick_language


@dataclass(frozen=True, slots=True)
class Subject:
    """An asset by its slug and its title in a language."""

    slug: str
    title: str
    language: str


def subjects(asset_ids: Collection[int], reader: str) -> dict[int, Subject]:
    """Return these assets by their numbers, titled in the reader's language where they can be."""
    query = (
        select(Asset.id, Asset.slug, AssetText.language, AssetText.title)
        .outerjoin(AssetText, AssetText.asset_id == Asset.id)
        .where(Asset.id.in_(asset_ids))
        .order_by(Asset.id, AssetText.id)
    )
    slugs: dict[int, str] = {}
    titles: dict[int, dict[str, str]] = {}
    for row in db.session.execute(query):
        slugs[row.id] = row.slug
        if row.language:
            titles.setdefault(row.id, {})[row.language] = row.title
    found = {}
    for asset_id, slug in slugs.items():
        texts = titles.get(asset_id, {})
        language = pick_language(texts, reader).value if texts else reader
        found[asset_id] = Subject(slug, texts.get(language, slug), language)
    return found
