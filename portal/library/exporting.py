"""The library back into files: every text, in every state, and the vocabulary, without loss."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.accounts.rules import Department
from portal.config import Language
from portal.db import db
from portal.errors import Invalid
from portal.library import files, relinking, vocabulary
from portal.library.files import SourceFile
from portal.library.models import Asset, AssetText
from portal.library.rules import Facet, Kind, State, export_path

CHUNK = 100


def source_of(asset: Asset, text: AssetText) -> SourceFile:
    """Return a text as the file it would be."""
    facets: dict[Facet, tuple[str, ...]] = {}
    for term in asset.facets:
        facet = Facet(term.facet)
        facets[facet] = (*facets.get(facet, ()), term.slug)
    extra = dict(text.extra)
    return SourceFile(
        path=export_path(asset.slug, asset.kind, text.language),
        slug=asset.slug,
        language=Language(text.language),
        kind=Kind(asset.kind),
        title=text.title,
        summary=text.summary,
        body=text.body,
        tags=tuple(text.tags),
        owner=asset.owner.email if asset.owner else _stranger(extra),
        department=Department(asset.department) if asset.department else None,
        state=State(asset.state),
        checked=asset.checked_on,
        facets=facets,
        fields=text.fields,
        extra=extra,
        targets=relinking.targets_of(text),
    )


def _stranger(extra: dict[str, Any]) -> str | None:
    """Take the owner a file named whom nobody knew when it was loaded: the last one put aside."""
    name = "x-owner"
    while f"x-{name}" in extra:
        name = f"x-{name}"
    told = extra.get(name)
    return str(extra.pop(name)) if isinstance(told, str) and told.strip() else None


def _assets() -> Iterator[Asset]:
    last = 0
    while True:
        query = (
            select(Asset)
            .where(Asset.id > last)
            .order_by(Asset.id)
            .limit(CHUNK)
            .options(
                selectinload(Asset.texts),
                selectinload(Asset.facets),
                selectinload(Asset.owner),
            )
        )
        assets = db.session.scalars(query).all()
        if not assets:
            return
        yield from assets
        last = assets[-1].id


def export_to(folder: Path) -> int:
    """Write every text to its `rules.export_path` in the folder; return how many.

    Raises:
        Invalid: when the folder can not be written.
    """
    count = 0
    try:
        for asset in _assets():
            for text in asset.texts:
                source = source_of(asset, text)
                _write(folder / source.path, files.write(source))
                count += 1
        words = vocabulary.dump()
        if words:
            _write(folder / vocabulary.FILE, words)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise Invalid(f"{error.filename or folder} can not be written ({reason})") from error
    return count


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode("utf-8"))
