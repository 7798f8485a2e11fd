"""What a rating says, and how long it may be changed."""

from datetime import datetime, timedelta
from enum import StrEnum


class Helped(StrEnum):
    """What an asset did on a call, in the eyes of who used it."""

    HELPED = "helped"
    DID_NOT = "did-not"
    HURT = "hurt"


STARS = (1, 2, 3, 4, 5)
WHY_MOST = 300
CHANGEABLE = timedelta(days=7)
"""How long who rated may change their mind."""


def may_change(rated_at: datetime, now: datetime) -> bool:
    """Whether a rating given then may still be changed."""
    return now - rated_at <= CHANGEABLE
