"""Links that work once: made, looked at, used for a password; and what mails go with them."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete

from portal import clock, jobs
from portal.accounts import queries as people
from portal.accounts import service, throttle
from portal.accounts.models import User
from portal.accounts.rules import clean_email, email_key
from portal.accounts.tickets import queries
from portal.accounts.tickets.models import Ticket
from portal.accounts.tickets.rules import (
    CHANGED,
    HOLDS,
    TOKEN_MOST,
    Purpose,
    fingerprint,
    is_open,
    token,
)
from portal.accounts.tickets.voiding import void
from portal.audit import service as audit
from portal.db import apart, db, reading
from portal.errors import Conflict, NotFound

JOB = "reset-mail"
RESET = "reset"
"""Under which asking for a link is counted."""
KEPT = timedelta(days=365)
"""How long after its end a link is kept: who was invited may ask for another."""

Post = Callable[[int, str], object]
"""Posts a mail of a kind to a person: given by the part that sends mail, which is above."""


@dataclass(frozen=True, slots=True)
class Guest:
    """Whom a link is for."""

    user_id: int
    email: str
    name: str


def make(user: User, purpose: Purpose, secret: str) -> str:
    """Make a link of a person and return its token; the ones before it, for the same, work no more.

    Raises:
        Conflict: when the person is not active, or was invited and has a password already.
    """
    if not user.active:
        raise Conflict(f"{user.email} is not active")
    if purpose is Purpose.INVITATION and user.password_hash is not None:
        raise Conflict(f"{user.email} has a password already")
    now, nonce = clock.now(), secrets.token_urlsafe(32)
    void(user.id, purpose)
    made = token(secret, purpose, nonce)
    db.session.add(
        Ticket(
            purpose=purpose.value,
            user_id=user.id,
            nonce=nonce,
            token_hash=fingerprint(made),
            created_at=now,
            expires_at=now + HOLDS[purpose],
        )
    )
    db.session.execute(delete(Ticket).where(Ticket.expires_at < now - KEPT))
    db.session.flush()
    audit.record("user.link_made", kind="user", key=user.id, after={"for": purpose.value})
    return made


def open_token(user_id: int, purpose: Purpose, secret: str) -> str | None:
    """Return the token of a person's link that still works, to be put into the mail."""
    found = queries.open_of(db.session(), user_id, purpose, now=clock.now())
    return token(secret, purpose, found.nonce) if found else None


def find(given: str, purpose: Purpose) -> Guest:
    """Return whom a token is for.

    Raises:
        NotFound: when it is none of ours, was used, replaced, or is too old.
    """
    with reading(), apart() as own:
        found = queries.by_hash(own, purpose, fingerprint(given[: TOKEN_MOST + 1]))
        if found is None or not is_open(found.expires_at, found.used_at, now=clock.now()):
            raise NotFound
        return Guest(found.user_id, found.user.email, found.user.name)


def use(given: str, purpose: Purpose, password: str, post: Post) -> User:
    """Give the person of a link the password they chose: once; all their sessions end.

    Raises:
        NotFound: as `find`.
        Invalid: when the password can not be one; the link still works then.
    """
    found = queries.by_hash(db.session(), purpose, fingerprint(given[: TOKEN_MOST + 1]), lock=True)
    if found is None or not is_open(found.expires_at, found.used_at, now=clock.now()):
        raise NotFound
    audit.record("user.link_used", kind="user", key=found.user_id, actor=found.user_id)
    service.set_password(found.user, password)  # which ends this link and all others
    if purpose is Purpose.RESET:
        post(found.user_id, CHANGED)
    return found.user


def ask(email: str, address: str) -> None:
    """Let the worker send a link to whoever has this address, if anybody has.

    Nobody is looked up here, so that answer and time tell nothing about who has an account.

    Raises:
        TooMany: when it was asked for too often for this address, or from this network.
    """
    cleaned = clean_email(email)
    key = email_key(cleaned) if cleaned else "?"
    throttle.begin(key, address, of=RESET)
    jobs.enqueue(JOB, {"email": cleaned or ""})


def answer(email: str, secret: str, post: Post) -> str:
    """Send a link to the active person who has an address; returns what came of it."""
    user = people.by_email(email) if email else None
    if user is None or not user.active:
        return "nobody"
    if user.password_hash is None and not queries.was_invited(user.id):
        return "no password"  # they sign in by the company's own provider, and only so
    make(user, Purpose.RESET, secret)
    post(user.id, Purpose.RESET.value)
    return "posted"
