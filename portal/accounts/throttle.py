"""Counts every guess at a secret in the database, so that all workers count together."""

from datetime import timedelta

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from portal import clock
from portal.accounts import queries
from portal.accounts.models import SignInAttempt
from portal.accounts.rules import EMAIL_KEY_MOST, WINDOW, address_key, seconds_to_wait
from portal.db import apart, writing
from portal.errors import TooMany

ATTEMPTS_KEPT = timedelta(days=1)
OWN = "own"
"""Guesses at one's own password by somebody signed in: no stranger at the door can use them up."""


def begin(account: str, address: str, *, of: str = "") -> int:
    """Write a guess down as failed before the secret is looked at; return its id.

    Written afterwards, a hundred tries at the same moment would all be let through. Guesses `of`
    something else than a password are counted apart. Call it before the request has begun a
    transaction: it writes in one of its own.

    Raises:
        TooMany: when the account or the address has failed too often of late.
    """
    now = clock.now()
    mark = f"{of}:" if of else ""
    account, key = (mark + account)[:EMAIL_KEY_MOST], mark + address_key(address)
    with writing(), apart() as own:
        if own.get_bind().dialect.name == "postgresql":  # SQLite has one writer anyway
            for lock in sorted({account, key}):  # an order, or two might wait for each other
                own.execute(select(func.pg_advisory_xact_lock(func.hashtext(lock))))
        known = queries.recent_attempts(own, account, key, after=now - WINDOW)
        wait = seconds_to_wait(known, account=account, address=key, now=now)
        if wait:
            raise TooMany("too many failed attempts", retry_after=wait)
        own.execute(delete(SignInAttempt).where(SignInAttempt.at < now - ATTEMPTS_KEPT))
        attempt: int = own.execute(
            insert(SignInAttempt)
            .values(at=now, account_key=account, address_key=key, succeeded=False)
            .returning(SignInAttempt.id)
        ).scalar_one()
        own.commit()
    return attempt


def was_right(attempt: int, own: Session) -> None:
    """Note in a session's transaction that a guess was none: the secret was right."""
    this = update(SignInAttempt).where(SignInAttempt.id == attempt)
    own.execute(this.values(succeeded=True))
