"""Lets old facts of use forget whose they were; what was done, and how often, stays."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select, update

from portal.db import db
from portal.usage.models import UsageEvent
from portal.usage.rules import Action

SEARCHES = (Action.SEARCHED,)
USES = tuple(action for action in Action if action is not Action.SEARCHED)


def forget_people(actions: Collection[Action], before: datetime, limit: int) -> int:
    """Take the person off up to `limit` facts of these kinds from before then; returns how many."""
    old = oldest(actions, before, limit)
    take_off(old)
    return len(old)


def oldest(actions: Collection[Action], before: datetime, limit: int) -> Sequence[int]:
    """Return up to `limit` facts of these kinds from before then whose person is known."""
    return db.session.scalars(
        select(UsageEvent.id)
        .where(
            UsageEvent.action.in_([action.value for action in actions]),
            UsageEvent.at < before,
            UsageEvent.user_id.is_not(None),
        )
        .order_by(UsageEvent.at)
        .limit(limit)
    ).all()


def take_off(old: Sequence[int]) -> None:
    """Let facts forget whose they were."""
    if old:
        db.session.execute(
            update(UsageEvent)
            .where(UsageEvent.id.in_(old))
            .values(user_id=None)
            .execution_options(synchronize_session=False)
        )
