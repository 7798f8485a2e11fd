"""A new app between being shown and being kept: sealed in the page, in no row."""

from datetime import timedelta

from portal import clock
from portal.accounts.factors import sealing, service

PURPOSE = "authenticator app being set up"
LIFE = timedelta(hours=1)
_STAMP = 8  # bytes


def begin(user_id: int, *, secret: str) -> tuple[bytes, str]:
    """Return what a new app is told, and the same sealed, for the form that comes back."""
    content = service.new_secret()
    stamp = int(clock.now().timestamp()).to_bytes(_STAMP, "big")
    return content, sealing.seal(secret, PURPOSE, stamp + content, of=str(user_id))


def shown(user_id: int, sealed: str, *, secret: str) -> bytes | None:
    """Return what an app was told within the last hour, to this person; None: nothing was."""
    raw = sealing.unseal(secret, PURPOSE, sealed, of=str(user_id))
    if raw is None:
        return None
    age = clock.now().timestamp() - int.from_bytes(raw[:_STAMP], "big")
    return raw[_STAMP:] if abs(age) < LIFE.total_seconds() else None
