"""Whose files may say what an asset is: those of the source it is kept in, or anybody's."""

from dataclasses import dataclass

from portal.library.models import Asset


@dataclass(frozen=True, slots=True)
class Keeper:
    """The source that files belong to, and the slugs it has given back; nobody by default."""

    source: int | None = None
    released: frozenset[str] = frozenset()

    def refusal(self, asset: Asset) -> str:
        """Why these files may not say what an asset is that is there; empty when they may."""
        if asset.source_id not in (None, self.source):
            return "its asset is kept in another folder and changed there"
        if self.source is not None and asset.source_id is None and asset.change is not None:
            return "its asset has a revision at the desk: publish or discard it first"
        return ""

    def holds_back(self, asset: Asset) -> bool:
        """Whether these files say nothing of an asset: it is another's, or was given back."""
        return bool(self.refusal(asset)) or asset.slug in self.released

    def facts(self) -> dict[str, int]:
        """Return what an asset keeps of whose it is."""
        return {} if self.source is None else {"source_id": self.source}


ANYBODY = Keeper()
"""Files of no source."""
