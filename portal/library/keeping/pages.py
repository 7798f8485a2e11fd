"""Pages of assets kept as they were drawn, up to so many bytes; one store a process."""

from collections.abc import Hashable
from dataclasses import dataclass, replace

from zlib_ng import zlib_ng

from portal.cache import ByteCache
from portal.library.keeping.queries import Mark

LIMIT = 5 * 1024 * 1024
"""Bytes of pages kept: about 800 of them, in one language and for one kind of reader each."""
FOLDED = 2
"""Level of packing: a quarter of the room, unpacked in 0.04 ms; the first level leaves more."""
BESIDE = 1500
"""Bytes a page takes besides what was drawn, at most."""


@dataclass(frozen=True, slots=True)
class Page:
    """The page of an asset in one language, drawn.

    `main` is its HTML within the frame, as bytes: one letter beyond Latin would double it as text.
    """

    asset_id: int
    language: str
    revision: int
    title: str
    main: bytes


class Pages:
    """Pages by asked address and kind of reader, kept folded; one a process."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._kept: ByteCache[Hashable, tuple[Mark, Page]] = ByteCache(limit)

    def get(self, key: Hashable, current: Mark | None) -> Page | None:
        """Return a page if it is kept with this mark."""
        kept = self._kept.get(key)
        if kept is None or kept[0] != current:
            return None
        return replace(kept[1], main=zlib_ng.decompress(kept[1].main))

    def keep(self, key: Hashable, found: Mark, page: Page) -> None:
        """Keep a page; `found` was asked for before what the page is made of."""
        small = zlib_ng.compress(page.main, FOLDED)
        self._kept.put(key, (found, replace(page, main=small)), BESIDE + len(small))
