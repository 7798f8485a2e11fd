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


def revision_of(said: str | None, newest: int) -> int:
    """Return the revision a page says it showed, or the newest when it can not have."""
    number = int(said) if said and said.isascii() and said.isdecimal() and len(said) < 10 else 0  # noqa: PLR2004
    return number if 0 < number <= newest else newest


FEW = 5
"""From so many voices on a mean is shown as stars; of fewer only in words."""
GOOD_FROM, WEAK_BELOW = 3.5, 2.5


class Word(StrEnum):
    """What few ratings say, without more precision than they have."""

    GOOD = "good"
    MIXED = "mixed"
    WEAK = "weak"


def in_a_word(believed: float, own: float) -> Word:
    """Return the word for few ratings: only good or weak when they say so themselves, too.

    What is believed leans on all other ratings; one star among good ones is not called good.
    """
    if min(believed, own) >= GOOD_FROM:
        return Word.GOOD
    if max(believed, own) < WEAK_BELOW:
        return Word.WEAK
    return Word.MIXED


REMINDED_FOR = timedelta(days=3)
"""How old a call may be when its rep is reminded: nobody is reminded of long ago."""
ASKED_FOR = timedelta(days=60)
"""How long what was used in a call is listed as still to rate."""
