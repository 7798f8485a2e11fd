"""Empties words written about calls and deals; stars, results and counts stay."""

from datetime import datetime

from sqlalchemy import func, select, update

from portal.calls.feedback.models import DealFeedback
from portal.calls.models import Call
from portal.calls.ratings.models import AssetFlag, Rating
from portal.db import db
from portal.deals.models import Deal

AGEING = (
    (Call.id, Call.at, Call.note),
    (Rating.id, Rating.at, Rating.why),
    (AssetFlag.id, AssetFlag.at, AssetFlag.words),
    (DealFeedback.deal_id, DealFeedback.asked_at, DealFeedback.missing),
    (Deal.id, Deal.closed_at, Deal.loss_words),
)
"""Words that are emptied once they are old: the key of their row, since when, the words."""


def erase_words(user_id: int) -> None:
    """Empty all that somebody wrote in notes of calls, ratings, flags and feedback. Flushed."""
    for model, column in (
        (Call, "note"),
        (Call, "with_role"),
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
    for key, at, column in AGEING:
        old = db.session.scalars(
            select(key).where(at < before, func.length(column) > 0).order_by(key).limit(limit)
        ).all()
        if old:
            db.session.execute(
                update(column.class_)
                .where(key.in_(old))
                .values({column.key: ""})
                .execution_options(synchronize_session=False)
            )
        done += len(old)
    return done
