"""What works once: a token is spent by whoever comes first, whatever becomes of their request."""

import hashlib
from datetime import timedelta

from sqlalchemy import delete

from portal import clock
from portal.accounts.models import SpentToken
from portal.db import apart, inserting, writing

KEPT = timedelta(days=1)
"""Longer than anything lives that is spent here."""


def spend(kind: str, token: str) -> bool:
    """Whether nobody has used this before; from now on somebody has. Commits by itself."""
    now = clock.now()
    digest = hashlib.sha256(f"{kind} {token}".encode("utf-8", "replace")).hexdigest()
    with writing(), apart() as own:
        own.execute(delete(SpentToken).where(SpentToken.at < now - KEPT))
        row = inserting(SpentToken, own.connection()).values(token_hash=digest, at=now)
        spent = own.execute(row.on_conflict_do_nothing().returning(SpentToken.token_hash)).first()
        own.commit()
    return spent is not None
