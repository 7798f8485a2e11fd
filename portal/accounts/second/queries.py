"""Every SELECT of the second step."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.factors import queries as factors
from portal.accounts.models import User
from portal.accounts.rules import Role


@dataclass(frozen=True, slots=True)
class Owing:
    """Who owes a second factor, and what they have."""

    user_id: int
    email: str
    name: str
    role: Role
    password_hash: str | None
    factors: factors.Factors


def owing(own: Session, user_id: int) -> Owing | None:
    """Return an active person with their second factors."""
    query = select(User.id, User.email, User.name, User.role, User.password_hash).where(
        User.id == user_id, User.active.is_(True)
    )
    row = own.execute(query).one_or_none()
    if row is None:
        return None
    has = factors.of_user(own, user_id)
    return Owing(row.id, row.email, row.name, Role(row.role), row.password_hash, has)
