"""The SELECTs behind the line on an asset's page, written once: they run for every page read."""

from datetime import datetime

from sqlalchemy import bindparam, select

from portal.db import db
from portal.insights.helps.queries import Line, columns_of_line
from portal.insights.lift.models import AssetLift, LiftModel
from portal.library.models import Asset

_JUDGED = select(LiftModel.judged_at).order_by(LiftModel.id).limit(1)
_LINE = (
    select(*columns_of_line())
    .join(Asset, Asset.id == AssetLift.asset_id)
    .where(AssetLift.asset_id == bindparam("asset_id"))
)


def judged_at() -> datetime | None:
    """Return when assets were judged last."""
    return db.session.execute(_JUDGED).scalar()


def line(asset_id: int) -> Line | None:
    """Return what is said of an asset, if anything."""
    row = db.session.execute(_LINE, {"asset_id": asset_id}).first()
    return Line(*tuple(row)) if row else None
