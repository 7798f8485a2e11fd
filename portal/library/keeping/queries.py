"""The SELECT that tells whether the page of an asset would be drawn the same again."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import String, bindparam, cast, func, select
from sqlalchemy.sql.selectable import ScalarSelect

from portal.accounts.models import User
from portal.db import db
from portal.library.freshness.queries import MONTHS
from portal.library.models import Asset, AssetText, FacetTerm, asset_facets
from portal.library.publishing.models import AssetEvent, TextRevision
from portal.library.queries import HAS_FILES

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
