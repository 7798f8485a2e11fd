"""The SELECTs behind a timeline: the events of a track."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from portal.db import db
from portal.library.publishing.models import AssetEvent
from portal.library.timeline.rules import ACTIONS, Track


def _conditions(asset_id: int, track: Track | None) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [AssetEvent.asset_id == asset_id]
    if track is not None and track in ACTIONS:
        found.append(AssetEvent.action.in_(sorted(ACTIONS[track])))
    elif track is Track.FACTS:
        others = sorted(set().union(*ACTIONS.values()))
        found.append(AssetEvent.action.not_in(others))
    return found


def count(asset_id: int, track: Track | None) -> int:
    """Return how many events there are of a track; None stands for all."""
    return db.session.scalar(select(func.count()).where(*_conditions(asset_id, track))) or 0


def events(asset_id: int, track: Track | None, *, limit: int) -> Sequence[AssetEvent]:
    """Return the latest events of a track, with who did them."""
    query = (
        select(AssetEvent)
        .where(*_conditions(asset_id, track))
        .options(joinedload(AssetEvent.user))
        .order_by(AssetEvent.at.desc(), AssetEvent.id.desc())
        .limit(limit)
    )
    return db.session.scalars(query).all()
