"""The second step of signing in: asked of whom, and ended once."""

import secrets
from collections.abc import Collection

from portal import clock
from portal.accounts import once
from portal.accounts.second import queries, rules
from portal.accounts.second.queries import Owing
from portal.accounts.second.rules import Half
from portal.db import apart, db, reading
from portal.errors import Forbidden


def owed(user_id: int, required: Collection[str]) -> Half | None:
    """Return the half-way state of who gave the right password; None when that is enough."""
    who = queries.owing(db.session(), user_id)
    if who is None or not (who.factors.any or who.role.value in required):
        return None
    return Half(
        user_id=user_id,
        mark=rules.mark(user_id, who.password_hash),
        nonce=secrets.token_urlsafe(24),
        begun=int(clock.now().timestamp()),
    )


def who(half: Half) -> Owing | None:
    """Return who is half in; None when they were deactivated or the password changed meanwhile."""
    with reading(), apart() as own:
        found = queries.owing(own, half.user_id)
    if found is None or rules.mark(half.user_id, found.password_hash) != half.mark:
        return None
    return found


def end(half: Half) -> None:
    """End the half-way state, which can be done once.

    Raises:
        Forbidden: when it was ended before, or is worth nothing any more.
    """
    if not once.spend("half", half.nonce, db.session()) or who(half) is None:
        raise Forbidden("this sign-in was finished before")
