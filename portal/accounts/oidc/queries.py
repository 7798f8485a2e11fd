"""Every SELECT about who the company's sign-in knows."""

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from portal.accounts.models import User
from portal.accounts.oidc.models import UserIdentity
from portal.db import db


def person(issuer: str, subject: str) -> User | None:
    """Return the person an issuer calls by a subject."""
    query = (
        select(UserIdentity)
        .join(UserIdentity.user)
        .options(contains_eager(UserIdentity.user))
        .where(UserIdentity.issuer == issuer, UserIdentity.subject == subject)
    )
    found = db.session.scalars(query).one_or_none()
    return found.user if found else None


def is_known(user_id: int, issuer: str, own: Session | None = None) -> bool:
    """Whether an issuer calls a person by some subject."""
    query = select(UserIdentity.id).where(
        UserIdentity.user_id == user_id, UserIdentity.issuer == issuer
    )
    return (own or db.session()).scalar(query) is not None
