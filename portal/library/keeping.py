"""Pages of assets kept as they were drawn, and what tells whether one would be drawn the same."""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import String, bindparam, cast, func, select
from sqlalchemy.sql.selectable import ScalarSelect

from portal.accounts.models import User
from portal.db import db
from portal.library.cache import ByteCache
from portal.library.freshness.queries import MONTHS
from portal.library.models import Asset, AssetText, FacetTerm, asset_facets
from portal.library.publishing.models import AssetEvent, TextRevision
from portal.library.queries import HAS_FILES

LIMIT = 10 * 1024 * 1024
"""Bytes of pages kept: about 500 of them, in one language and for one kind of reader each."""
BESIDE = 1500
"""Bytes a page takes besides what was drawn, at most."""
MINUTES = 10
"""Minutes a page is kept at most."""

Mark = tuple[Any, ...]
"""What a page depends on; a page kept with another mark than today's is not shown."""

_assets, _people, _links = Asset.__table__.c, User.__table__.c, asset_facets.c


def _newest(column: Any) -> ScalarSelect[Any]:  # noqa: ANN401  # a column of any table
    return select(func.max(column)).scalar_subquery()


_TERMS = (
    select(func.aggregate_strings(cast(_links.term_id, String), ","))
    .where(_links.asset_id == _assets.id)
    .correlate(Asset.__table__)
    .scalar_subquery()
)
# The version stands for the asset's own columns and texts: who changes a text changes its asset.
# The last four stand for other assets, which may be related to it: any save or move leaves one.
_MARK = (
    select(
        _assets.id,
        _assets.version,
        _assets.updated_at,
        _assets.state,
        MONTHS,
        _people.name,
        _people.active,
        HAS_FILES,
        _TERMS,
        select(func.sum(FacetTerm.version)).scalar_subquery(),
        select(func.count(FacetTerm.id)).scalar_subquery(),
        _newest(FacetTerm.id),
        _newest(AssetEvent.id),
        _newest(TextRevision.id),
        _newest(AssetText.id),
        _newest(Asset.id),
    )
    .select_from(Asset.__table__.outerjoin(User.__table__, _people.id == _assets.owner_id))
    .where(_assets.slug == bindparam("slug"))
)


def mark(slug: str, *, now: datetime, today: date) -> Mark | None:
    """Return what the page of an asset depends on now; None when there is no such asset.

    All of it is asked anew, with one exception: what is related may change by something that
    leaves no trace, such as terms a load adds to another asset. So no page is kept for more than
    ten minutes, and not all are drawn anew at the same time.
    """
    row = db.session.connection().execute(_MARK, {"slug": slug}).first()
    if row is None:
        return None
    return (*row, today, (now.timestamp() // 60 + row.id) // MINUTES)


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
    """Pages by asked address and kind of reader; one a process."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._kept: ByteCache[Hashable, tuple[Mark, Page]] = ByteCache(limit)

    def get(self, key: Hashable, current: Mark | None) -> Page | None:
        """Return a page if it is kept with this mark."""
        kept = self._kept.get(key)
        return kept[1] if kept and kept[0] == current else None

    def keep(self, key: Hashable, found: Mark, page: Page) -> None:
        """Keep a page; `found` was asked for before what the page is made of."""
        self._kept.put(key, (found, page), BESIDE + len(page.main))
