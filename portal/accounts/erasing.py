"""Takes a person out of what they did: counts stay, nobody can tell whose they are."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select

from portal.accounts import service
from portal.accounts.factors.models import AuthenticatorApp, RecoveryCode
from portal.accounts.models import SignInAttempt, SignInSession, User
from portal.accounts.oidc.models import UserIdentity
from portal.accounts.passkeys.models import Passkey
from portal.accounts.rules import email_keys
from portal.audit import service as audit
from portal.db import db

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
    db.session.execute(delete(SignInAttempt).where(SignInAttempt.account_key.in_(accounts)))
    user.name, user.email = NAME, f"{user.id}@{DOMAIN}"
    user.email_key, user.password_hash, user.language = user.email, None, None
    db.session.flush()
    audit.record("user.erased", kind="user", key=user.id)
    audit.forget_person(user.id)


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
