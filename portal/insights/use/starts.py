"""When use begins: the first there is a record of; the first thirty days of assets."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from portal.db import db
from portal.insights.use.kept import PUBLISHED
from portal.insights.use.queries import Basis, day_of, per_day
from portal.insights.use.rules import NEW_DAYS, NOTHING, Dim
from portal.library.models import Asset
from portal.usage.queries import EPOCH
from portal.usage.rules import midnight

LIKE = 100
"""New assets another one is compared with."""


def begun(on: Basis) -> int:
    """Return the day of the first use there is a record of; today, when there is none."""
    always = replace(on, first=0, tail=replace(on.tail, start=None))
    return min(per_day(always, Dim.ALL)[0], default=on.today)


def nothing_before(on: Basis, longer: Basis) -> date | None:
    """Return since when use is recorded if that leaves no such time before to compare with."""
    first = begun(on)
    return day_of(first) if first > longer.first else None


def first_days(on: Basis, asset: Asset, zone: ZoneInfo) -> list[int] | None:
    """Return an asset's uses on each of its first 30 days up to today.

    None: it is not published, or was before there was any record of use.
    """
    if asset.published_at is None:
        return None
    day = _published(asset.published_at, zone)
    if day < begun(on):
        return None
    uses = _uses_from(on, {asset.id: day})[asset.id]
    return uses[: max(0, min(NEW_DAYS, on.today - day + 1))]


def usual_starts(on: Basis, zone: ZoneInfo, but: int = 0) -> list[list[int]]:
    """Return the uses on each of the first 30 days of the last assets that are that old."""
    before = midnight(day_of(on.today - NEW_DAYS), zone)
    since = midnight(day_of(begun(on)), zone)
    query = (
        select(Asset.id, Asset.published_at)
        .where(Asset.published_at >= since, Asset.published_at < before)
        .where(Asset.state == PUBLISHED, Asset.id != but)
        .order_by(Asset.published_at.desc(), Asset.id)
        .limit(LIKE)
    )
    rows: Sequence[Any] = db.session.execute(query).all()
    first = {row[0]: _published(row[1], zone) for row in rows}
    return list(_uses_from(on, first).values())


def _published(at: datetime, zone: ZoneInfo) -> int:
    return at.astimezone(zone).date().toordinal() - EPOCH


def _uses_from(on: Basis, first: dict[int, int]) -> dict[int, list[int]]:
    """Return the uses of assets on the 30 days from a day on."""
    if not first:
        return {}
    whole = replace(on, first=min(first.values()), tail=replace(on.tail, start=None))
    found = per_day(whole, Dim.ASSET, first)
    return {
        key: [found[key].get(day + n, NOTHING).uses for n in range(NEW_DAYS)]
        for key, day in first.items()
    }
