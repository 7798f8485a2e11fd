"""Signing in and out: the throttle, the password, and the session that follows."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import update

from portal.accounts import passwords, queries, service, sessions, throttle
from portal.accounts.models import User
from portal.accounts.rules import Limits, address_key, clean_email, email_key, email_keys
from portal.accounts.second import service as second
from portal.accounts.second.rules import Half
from portal.audit import service as audit
from portal.db import apart, db, reading
from portal.errors import Invalid, NotFound


class WrongPassword(Invalid):
    """E-mail and password do not belong together; which of the two is wrong is not said."""


@dataclass(frozen=True, slots=True)
class Browser:
    """Where somebody comes from, and how long they may stay."""

    address: str
    device: str
    limits: Limits


def sign_in(
    email: str, password: str, browser: Browser, second_factor: Collection[str] = ()
) -> str | Half:
    """Check e-mail and password and start a session; return its token.

    Who has a second factor, or a role of `second_factor`, owes the second step: no session yet.

    Call it before anything else has begun a transaction: an attempt is kept in one of its own.

    Raises:
        WrongPassword: when they do not belong together, or the person is not active.
        TooMany: when the account or the address has failed too often of late.
    """
    cleaned = clean_email(email)  # what is no e-mail is counted as its address's own account
    keys = email_keys(cleaned) if cleaned else [f"? {address_key(browser.address)}"]
    attempt = throttle.begin(keys[0], browser.address)
    with reading(), apart() as own:
        secret = queries.secret_of_account(own, keys)
    matches = passwords.verify(secret.password_hash if secret else None, password)
    if secret is None or not matches:
        who = secret.user_id if secret else ""
        audit.record_apart("session.refused", kind="user", key=who, after={"why": "password"})
        raise WrongPassword("e-mail and password do not belong together")
    _accept(attempt, secret)
    if passwords.is_outdated(secret.password_hash or ""):
        person = update(User).where(User.id == secret.user_id)
        db.session.execute(person.values(password_hash=passwords.hash_password(password)))
        db.session.flush()
    return second.owed(secret.user_id, second_factor) or _start(secret.user_id, browser)


def enter_demo(email: str, browser: Browser) -> str:
    """Start a session of one of the demo's people without a password; return its token.

    Raises:
        NotFound: when there is no such active person.
    """
    for person in queries.demo_people():
        if person.email == email:
            return _start(person.id, browser)
    raise NotFound


def change_own_password(user_id: int, current: str, new: str, browser: Browser) -> str:
    """Change a password its owner knows; all sessions end and one is started, whose token returns.

    Raises:
        WrongPassword: when the current one is wrong.
        TooMany: when it was wrong too often.
        Invalid: when the new one can not be used.
    """
    with reading(), apart() as own:
        secret = queries.secret_of_user(own, user_id)
    if secret is None:
        raise NotFound
    attempt = throttle.begin(email_key(secret.account), browser.address, of=throttle.OWN)
    if not passwords.verify(secret.password_hash, current):
        audit.record_apart("user.password_refused", kind="user", key=user_id)
        raise WrongPassword("the current password is another one")
    _accept(attempt, secret)
    service.set_password(db.session.get_one(User, user_id), new)
    return _start(user_id, browser)


def _accept(attempt: int, secret: queries.Secret) -> None:
    """Note that a password was right, unless it was changed while it was being checked."""
    if queries.secret_of_user(db.session(), secret.user_id, lock=True) != secret:
        raise WrongPassword("the password was changed at this very moment")
    throttle.was_right(attempt, db.session())


def _start(user_id: int, browser: Browser) -> str:
    return sessions.start(
        user_id, address=browser.address, device=browser.device, limits=browser.limits
    )
