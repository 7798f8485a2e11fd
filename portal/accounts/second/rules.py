"""The half-signed-in: who has given the password and owes the second factor."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

LIFE = timedelta(minutes=10)


def mark(user_id: int, password_hash: str | None) -> str:
    """Return what changes when the password does: a step from before is worth nothing then."""
    return hashlib.sha256(f"{user_id} {password_hash}".encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Half:
    """Somebody who gave the right password; opens nothing but the page of the second step."""

    user_id: int
    mark: str
    nonce: str
    begun: int  # seconds since 1970
    next: str = ""


def read(found: object, *, now: datetime) -> Half | None:
    """Return who is half in by what a cookie holds; None when it is too long ago."""
    try:
        half = Half(**found) if isinstance(found, dict) else None
    except TypeError:
        return None
    if half is None or abs(now.timestamp() - half.begun) >= LIFE.total_seconds():
        return None
    return half
