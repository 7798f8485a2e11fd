"""Takes in the assets of a history: known ones are noted, others made without a text to read.

What is made is retired: it counts in every figure, and no search or list gives a rep an empty page.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert, update

from portal.config import Language
from portal.db import db
from portal.insights.history import queries
from portal.insights.history.known import Known
from portal.insights.history.models import HistoryAsset
from portal.insights.history.rules import AssetRow, FileReport, digest_of
from portal.library import service as library
from portal.library.models import Asset
from portal.library.rules import Kind, State, kind_of
from portal.markup import slugify

SLUG_MOST = 180


def keep(rows: Sequence[tuple[int, AssetRow]], known: Known, report: FileReport) -> None:
    """Write the assets of a chunk; flushed."""
    for _, row in rows:
        digest = digest_of(
            row.title, row.type, row.published_at, row.archived_at, row.version
        )  # fmt: skip
        there = known.assets.get(row.asset_id)
        if there is None:
            report.created += _add(row, known, digest)
            report.unchanged += known.assets[row.asset_id][1] is False
        elif there[1] and there[2] != digest:
            _change(there[0], row, known, digest)
            report.updated += 1
        else:
            report.unchanged += 1


def _add(row: AssetRow, known: Known, digest: str) -> bool:
    """Note which asset of ours a row means, made if there is none; whether it was made."""
    asset_id = known.slugs.get(row.asset_id)
    own = asset_id is None
    if asset_id is None:
        asset = Asset(
            slug=_slug(row.title or row.asset_id, known), kind=_kind(row), state=State.RETIRED.value,
            created_at=row.published_at or known.at, updated_at=known.at,
            published_at=row.published_at,
        )  # fmt: skip
        _title(asset, row)
        asset_id = known.slugs[asset.slug] = asset.id
        known.languages[asset_id] = Language.EN.value
    told: dict[str, Any] = {"type": row.type, "archived_at": row.archived_at, "digest": digest}
    values = {"source": known.source, "external_id": row.asset_id, "asset_id": asset_id, "own": own}
    db.session.execute(insert(HistoryAsset), [values | told])
    known.assets[row.asset_id] = (asset_id, own, digest)
    return own


def _change(asset_id: int, row: AssetRow, known: Known, digest: str) -> None:
    """Let an asset the import has made be what its row says now."""
    asset = queries.asset(asset_id)
    if asset is not None and asset.state == State.RETIRED.value:
        asset.kind, asset.published_at = _kind(row), row.published_at
        _title(asset, row)
    of = HistoryAsset.source == known.source, HistoryAsset.external_id == row.asset_id
    told = {"type": row.type, "archived_at": row.archived_at, "digest": digest}
    db.session.execute(update(HistoryAsset).where(*of).values(**told))
    known.assets[row.asset_id] = (asset_id, True, digest)


def _title(asset: Asset, row: AssetRow) -> None:
    title = row.title or row.asset_id
    library.save_text(asset, language=Language.EN.value, title=title, body="", claims=False)


def _kind(row: AssetRow) -> str:
    """Return the kind a type is; of others the word is kept beside."""
    return (kind_of(row.type) or Kind.GUIDE).value


def _slug(title: str, known: Known) -> str:
    base = slugify(title, SLUG_MOST)
    number, slug = 1, base
    while slug in known.slugs:
        number += 1
        slug = f"{base}-{number}"
    return slug
