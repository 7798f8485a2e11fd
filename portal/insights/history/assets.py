"""Takes in the assets of a history: known ones are noted, others made without a text to read.

What is made is retired: it counts in every figure, and no search or list gives a rep an empty page.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import update

from portal.config import Language
from portal.db import db
from portal.insights.history import bulk, queries
from portal.insights.history.known import Known
from portal.insights.history.models import HistoryAsset
from portal.insights.history.rules import AssetRow, FileReport, digest_of
from portal.library import service as library
from portal.library.models import Asset, AssetText
from portal.library.publishing.models import TextRevision
from portal.library.rules import Kind, State, kind_of
from portal.markup import slugify

SLUG_MOST = 180
OTHER = "other"


def keep(rows: Sequence[tuple[int, AssetRow]], known: Known, report: FileReport) -> None:
    """Write the assets of a chunk; flushed."""
    made: list[tuple[str, AssetRow]] = []
    noted: list[dict[str, Any]] = []
    for _, row in rows:
        digest = digest_of(row.title, row.type, row.published_at, row.archived_at, row.version)
        there = known.assets.get(row.asset_id)
        if there is None:
            ours = known.slugs.get(row.asset_id)
            slug = row.asset_id if ours is not None else _slug(row.title or row.asset_id, known)
            if ours is None:
                made.append((slug, row))
                known.slugs[slug] = 0
                report.created += 1
            else:
                report.unchanged += 1
            noted.append({"slug": slug, "row": row, "own": ours is None, "digest": digest})
        elif there[1] and there[2] != digest:
            _change(there[0], row, known, digest)
            report.updated += 1
        else:
            report.unchanged += 1
    _make(made, known)
    _note(noted, known)


def _make(made: Sequence[tuple[str, AssetRow]], known: Known) -> None:
    """Add assets with a title and nothing to read, as the library keeps them."""
    ids = bulk.added(
        Asset,
        [
            {
                "slug": slug, "kind": _kind(row), "state": State.RETIRED.value, "version": 1,
                "created_at": row.published_at or known.at, "updated_at": known.at,
                "published_at": row.published_at,
            }
            for slug, row in made
        ],
        "slug",
    )  # fmt: skip
    known.slugs |= ids
    revisions, texts = [], []
    for slug, row in made:
        content = library.content_of(title=row.title or row.asset_id, body="")
        same = content | {
            "asset_id": ids[slug],
            "language": Language.EN.value,
            "digest": library.digest_of(content),
        }
        revisions.append(same | {"number": 1, "at": known.at, "note": "", "drawn": None})
        drawn = {"path": "", "sections": [], "words": 0, "revision": 1, "updated_at": known.at}
        texts.append(same | drawn)
        known.languages[ids[slug]] = Language.EN.value
    bulk.put(TextRevision, revisions)
    bulk.put(AssetText, texts)


def _note(noted: Sequence[Mapping[str, Any]], known: Known) -> None:
    """Remember which asset of ours is what the source calls so."""
    rows = []
    for it in noted:
        row, asset_id = it["row"], known.slugs[it["slug"]]
        known.assets[row.asset_id] = (asset_id, it["own"], it["digest"])
        rows.append(
            {
                "source": known.source, "external_id": row.asset_id, "asset_id": asset_id,
                "own": it["own"], **_told(row), "digest": it["digest"],
            }
        )  # fmt: skip
    bulk.put(HistoryAsset, rows)


def _change(asset_id: int, row: AssetRow, known: Known, digest: str) -> None:
    """Let an asset the import has made be what its row says now, unless somebody wrote it anew."""
    asset = queries.asset(asset_id)
    if asset is not None and asset.state == State.RETIRED.value:
        asset.kind, asset.published_at = _kind(row), row.published_at
        title = row.title or row.asset_id
        library.save_text(asset, language=Language.EN.value, title=title, body="", claims=False)
    of = HistoryAsset.source == known.source, HistoryAsset.external_id == row.asset_id
    db.session.execute(update(HistoryAsset).where(*of).values(**_told(row), digest=digest))
    known.assets[row.asset_id] = (asset_id, True, digest)


def _told(row: AssetRow) -> dict[str, Any]:
    """Return what is kept of a row beside the asset itself."""
    kind = kind_of(row.type)
    known = kind.value if kind else OTHER if row.type else ""
    return {"type": row.type, "kind": known, "archived_at": row.archived_at}


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
