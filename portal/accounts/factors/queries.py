"""Every SELECT about second factors."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.accounts.factors.models import AuthenticatorApp, RecoveryCode
from portal.accounts.passkeys.models import Passkey
from portal.db import db


@dataclass(frozen=True, slots=True)
class Factors:
    """What a person can show besides the password."""

    app_since: datetime | None
    passkeys: int
    codes_left: int

    @property
    def any(self) -> bool:
        """Whether there is a second factor; recovery codes alone are none."""
        return self.app_since is not None or self.passkeys > 0


def of_user(own: Session, user_id: int) -> Factors:
    """Return a person's second factors, in one query."""
    app = select(AuthenticatorApp.created_at).where(AuthenticatorApp.user_id == user_id)
    keys = select(func.count(Passkey.id)).where(Passkey.user_id == user_id)
    codes = select(func.count(RecoveryCode.id)).where(
        RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None)
    )
    row = own.execute(
        select(app.scalar_subquery(), keys.scalar_subquery(), codes.scalar_subquery())
    ).one()
    return Factors(*row)


def mine(user_id: int) -> Factors:
    """Return a person's second factors, within the request's own transaction."""
    return of_user(db.session(), user_id)


def sealed_secret(own: Session, user_id: int) -> str | None:
    """Return the sealed secret of a person's app."""
    query = select(AuthenticatorApp.secret).where(AuthenticatorApp.user_id == user_id)
    return own.scalar(query)
