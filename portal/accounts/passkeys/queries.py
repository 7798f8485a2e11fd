"""Every SELECT about passkeys."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from portal.accounts.models import User
from portal.accounts.passkeys.models import Passkey
from portal.db import db


def of_user(user_id: int) -> Sequence[Passkey]:
    """Return a person's passkeys, oldest first."""
    query = select(Passkey).where(Passkey.user_id == user_id).order_by(Passkey.id)
    return db.session.scalars(query).all()


def of_active(credential_id: str) -> Passkey | None:
    """Return a passkey whose person may sign in, with the person."""
    query = (
        select(Passkey)
        .join(Passkey.user)
        .options(contains_eager(Passkey.user))
        .where(Passkey.credential_id == credential_id, User.active.is_(True))
    )
    return db.session.scalars(query).one_or_none()


def own(user_id: int, number: int) -> Passkey | None:
    """Return one of a person's passkeys."""
    query = select(Passkey).where(Passkey.id == number, Passkey.user_id == user_id)
    return db.session.scalars(query).one_or_none()
