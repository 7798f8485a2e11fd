"""When a deal's end is asked about, who may answer, and how long an answer may be changed."""

from datetime import datetime, timedelta

from portal.accounts import policy
from portal.accounts.acts import Act
from portal.accounts.policy import Person, Thing
from portal.accounts.rules import Role

ASKED_FOR = timedelta(days=14)
"""How long ago a deal may have ended to be asked about: an import brings years of them."""
CHANGEABLE = timedelta(days=7)
MISSING_MOST = 2000
LISTED = 30
"""Assets asked about: those used last."""


def is_asked(outcome: str, closed_at: datetime | None, now: datetime) -> bool:
    """Whether a deal has ended so lately that its owner is asked about it."""
    return outcome != "open" and closed_at is not None and now - closed_at <= ASKED_FOR


def may_answer(*, viewer_id: int, owner_id: int | None, asked_id: int | None) -> bool:
    """Whether somebody may say what helped: the deal's owner, or who was asked."""
    thing = Thing(owners=(owner_id, asked_id))
    return policy.may(Person(viewer_id, policy.LEAST), Act.FEEDBACK_ANSWER, thing)


def may_read(*, role: Role, viewer_id: int, owner_id: int | None, asked_id: int | None) -> bool:
    """Whether somebody may read what was said: who may answer, managers and admins."""
    thing = Thing(owners=(owner_id, asked_id))
    return policy.may(Person(viewer_id, role), Act.FEEDBACK_SEE, thing)


def may_change(answered_at: datetime | None, now: datetime) -> bool:
    """Whether what was said may still be said otherwise."""
    return answered_at is None or now - answered_at <= CHANGEABLE
