"""What works once: a token is spent by whoever comes first."""

import hashlib
from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from portal import clock
from portal.accounts.models import SpentToken
from portal.db import apart, inserting, writing

KEPT = timedelta(days=1)
"""Longer than anything lives that is spent here."""


def spend(kind: str, token: str, own: Session) -> bool:
    """Whether nobody has used this before; from now on somebody has, with this transaction."""
    now = clock.now()
    digest = hashlib.sha256(f"{kind} {token}".encode("utf-8", "replace")).hexdigest()
    own.execute(delete(SpentToken).where(SpentToken.at < now - KEPT))
    row = inserting(SpentToken, own.connection()).values(token_hash=digest, at=now)
    spent = own.execute(row.on_conflict_do_nothing().returning(SpentToken.token_hash)).first()
    return spent is not None


def spend_apart(kind: str, token: str) -> bool:
    """Whether nobody has used this before, whatever becomes of this request."""
    with writing(), apart() as own:
        spent = spend(kind, token, own)
        own.commit()
    return spent
