"""Empties words written about calls; stars, results and counts stay."""

from datetime import datetime

from sqlalchemy import func, select, update

from portal.calls.feedback.models import DealFeedback
from portal.calls.models import Call
from portal.calls.ratings.models import AssetFlag, Rating
from portal.db import db


def erase_words(user_id: int) -> None:
    """Empty all that somebody wrote in notes of calls, ratings, flags and feedback. Flushed."""
    for model, column in (
        (Call, "note"),
        (Rating, "why"),
        (AssetFlag, "words"),
        (DealFeedback, "missing"),
    ):
        db.session.execute(
            update(model)
            .where(model.user_id == user_id)
            .values({column: ""})
            .execution_options(synchronize_session=False)
        )
    db.session.expire_all()


def forget_words(before: datetime, limit: int) -> int:
    """Empty the notes of up to `limit` calls and ratings from before then; returns how many."""
    done = 0
    for model, column in ((Call, Call.note), (Rating, Rating.why)):
        old = db.session.scalars(
            select(model.id)
            .where(model.at < before, func.length(column) > 0)
            .order_by(model.id)
            .limit(limit)
        ).all()
        if old:
            db.session.execute(
                update(model)
                .where(model.id.in_(old))
                .values({column.key: ""})
                .execution_options(synchronize_session=False)
            )
        done += len(old)
    return done
