"""The SELECTs behind ratings."""

from collections.abc import Sequence

from sqlalchemy import select

from portal.calls.ratings.models import Rating
from portal.db import db


def given(user_id: int, asset_id: int, language: str, call_id: int | None) -> Rating | None:
    """Return what somebody said of an asset on a call, or, with None, without one; locked."""
    on_call = Rating.call_id.is_(None) if call_id is None else Rating.call_id == call_id
    query = (
        select(Rating)
        .where(
            Rating.user_id == user_id,
            Rating.asset_id == asset_id,
            Rating.language == language,
            on_call,
        )
        .with_for_update()
    )
    return db.session.scalars(query).first()


def of_call(call_id: int) -> Sequence[Rating]:
    """Return the ratings given for a call, by asset and language."""
    query = (
        select(Rating)
        .where(Rating.call_id == call_id)
        .order_by(Rating.asset_id, Rating.language, Rating.id)
    )
    return db.session.scalars(query).all()
