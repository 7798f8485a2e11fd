"""Takes a person out of what they did: counts stay, nobody can tell whose they are."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, or_, select

from portal.accounts import service
from portal.accounts.factors.models import AuthenticatorApp, RecoveryCode
from portal.accounts.models import SignInAttempt, SignInSession, User
from portal.accounts.oidc.models import UserIdentity
from portal.accounts.passkeys.models import Passkey
from portal.accounts.rules import email_key, email_keys
from portal.accounts.tickets.models import Ticket
from portal.accounts.tickets.service import JOB as ASKED
from portal.audit import service as audit
from portal.db import db
from portal.jobs.models import QueuedJob

NAME = "—"
DOMAIN = "erased.invalid"
"""By RFC 2606 no mail ever goes there."""


def is_erased(user: User) -> bool:
    """Whether a person has been taken out."""
    return user.email.endswith(f"@{DOMAIN}")


def erase(user: User) -> None:
    """Leave of a person a number, their role and team; sessions and sign-ins go. Flushed.

    Raises:
        Conflict: when nobody would be left to manage people.
    """
    service.deactivate(user)
    accounts = [*email_keys(user.email), user.email_key]
    db.session.execute(delete(SignInSession).where(SignInSession.user_id == user.id))
    for model in (UserIdentity, AuthenticatorApp, RecoveryCode, Passkey):
        db.session.execute(delete(model).where(model.user_id == user.id))
    db.session.execute(delete(Ticket).where(Ticket.user_id == user.id))
    _forget_asking(accounts)
    db.session.execute(delete(SignInAttempt).where(tries_at(accounts)))
    user.name, user.email = NAME, f"{user.id}@{DOMAIN}"
    user.email_key, user.password_hash, user.language = user.email, None, None
    db.session.flush()
    audit.record("user.erased", kind="user", key=user.id)
    audit.forget_person(user.id)


def tries_at(accounts: Sequence[str]) -> ColumnElement[bool]:
    """Return which tries at secrets were at these accounts, whatever was tried."""
    key = SignInAttempt.account_key
    return or_(key.in_(accounts), *(key.endswith(f":{it}", autoescape=True) for it in accounts))


def _forget_asking(accounts: Sequence[str]) -> None:
    """Forget that a link was asked for: what is kept of the work has the address."""
    asked = select(QueuedJob.id, QueuedJob.payload).where(QueuedJob.name == ASKED)
    theirs = [
        number
        for number, told in db.session.execute(asked.order_by(QueuedJob.id))
        if email_key(str(told.get("email", ""))) in accounts
    ]
    db.session.execute(delete(QueuedJob).where(QueuedJob.id.in_(theirs)))


def forget_sign_ins(before: datetime, limit: int) -> int:
    """Delete up to `limit` sign-ins from before then, and sessions that ended then; how many.

    The addresses the audit log has apart go with them.
    """
    attempts = _some(SignInAttempt.id, SignInAttempt.at < before, limit)
    db.session.execute(delete(SignInAttempt).where(SignInAttempt.id.in_(attempts)))
    last = func.coalesce(SignInSession.ended_at, SignInSession.last_seen_at)
    sessions = _some(SignInSession.id, last < before, limit)
    db.session.execute(delete(SignInSession).where(SignInSession.id.in_(sessions)))
    return len(attempts) + len(sessions) + audit.forget_before(before, limit)


def _some(key, condition, limit: int) -> Sequence[int]:  # type: ignore[no-untyped-def]  # noqa: ANN001
    return db.session.scalars(select(key).where(condition).order_by(key).limit(limit)).all()
