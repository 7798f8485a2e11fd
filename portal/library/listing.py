"""The SELECTs behind the library's shelf: published assets by kind and language, page by page."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select

from portal.accounts.models import User
from portal.db import db
from portal.library.freshness.queries import MONTHS
from portal.library.models import Asset, AssetText
from portal.library.rules import State, pick_language


@dataclass(frozen=True, slots=True)
class Listed:
    """One published asset on the shelf, in the language the reader understands best."""

    asset_id: int
    slug: str
    kind: str
    language: str
    languages: Sequence[str]
    title: str
    summary: str
    owner: str
    checked_on: date | None
    months: int


def _shelf(kind: str | None, language: str | None) -> list[ColumnElement[bool]]:
    """Conditions of a shelf; an asset without any text is on none."""
    text = [AssetText.asset_id == Asset.id]
    if language:
        text.append(AssetText.language == language)
    conditions: list[ColumnElement[bool]] = [
        Asset.state == State.PUBLISHED.value,
        exists().where(*text),
    ]
    if kind:
        conditions.append(Asset.kind == kind)
    return conditions


def counts(language: str | None) -> dict[str, int]:
    """Return how many published assets there are of each kind."""
    query = (
        select(Asset.kind, func.count())
        .where(*_shelf(None, language))
        .group_by(Asset.kind)
        .order_by(Asset.kind)
    )
    return {row.kind: row[1] for row in db.session.execute(query)}


def shelf(
    *, kind: str | None, language: str | None, reader: str, limit: int, offset: int
) -> list[Listed]:
    """Return a page of a shelf, the last checked first, each asset once."""
    query = (
        select(
            Asset.id,
            Asset.slug,
            Asset.kind,
            User.name.label("owner"),
            Asset.checked_on,
            MONTHS.label("months"),
        )
        .outerjoin(User, User.id == Asset.owner_id)
        .where(*_shelf(kind, language))
        .order_by(func.coalesce(Asset.checked_on, date.min).desc(), Asset.slug)
        .limit(limit)
        .offset(offset)
    )
    rows = db.session.execute(query).all()
    texts = _texts([row.id for row in rows])
    listed = []
    for row in rows:
        chosen = pick_language(texts[row.id].keys(), language, reader)
        text = texts[row.id][chosen]
        listed.append(
            Listed(
                asset_id=row.id,
                slug=row.slug,
                kind=row.kind,
                language=chosen.value,
                languages=sorted(texts[row.id]),
                title=text.title,
                summary=text.summary,
                owner=row.owner or "",
                checked_on=row.checked_on,
                months=row.months,
            )
        )
    return listed


def _texts(asset_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Titles and summaries by asset and language."""
    found: dict[int, dict[str, Any]] = defaultdict(dict)
    query = (
        select(AssetText.asset_id, AssetText.language, AssetText.title, AssetText.summary)
        .where(AssetText.asset_id.in_(asset_ids))
        .order_by(AssetText.asset_id, AssetText.language)
    )
    for row in db.session.execute(query):
        found[row.asset_id][row.language] = row
    return found
