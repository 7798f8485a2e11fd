"""What the desk says of an asset that is kept in a folder."""

from dataclasses import dataclass
from datetime import datetime

from portal.library.models import Asset
from portal.library.sources import queries

SHORT = 12


@dataclass(frozen=True, slots=True)
class SourceView:
    """The source of an asset: its name, the files, which version of them was read when."""

    name: str
    paths: tuple[str, ...]
    revision: str
    synced_at: datetime | None
    is_gone: bool


def source_view(asset: Asset) -> SourceView | None:
    """Return where an asset is kept, or None when it is written here."""
    source = queries.by_id(asset.source_id) if asset.source_id is not None else None
    if source is None:
        return None
    return SourceView(
        name=source.name,
        paths=tuple(path for path in queries.paths_of(asset.id) if path),
        revision=(source.revision or "")[:SHORT],
        synced_at=source.synced_at,
        is_gone=asset.slug in source.gone,
    )
