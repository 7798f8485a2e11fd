"""The SELECTs that put names to the numbers of the audit log, and numbers to names."""

from collections.abc import Collection, Sequence

from sqlalchemy import func, or_, select

from portal.accounts.models import User
from portal.accounts.rules import email_keys
from portal.db import db

FOUND_MOST = 200
"""How many people a part of a name may stand for."""


def names(ids: Collection[int]) -> dict[int, str]:
    """Return the names of people by their numbers; of who was erased it is a dash."""
    if not ids:
        return {}
    query = select(User.id, User.name).where(User.id.in_(sorted(ids))).order_by(User.id)
    return {row.id: row.name for row in db.session.execute(query)}


def people(said: str) -> Sequence[int]:
    """Return the numbers of those whose e-mail, or part of whose name, was said."""
    by_name = func.lower(User.name).contains(said.lower(), autoescape=True)
    exactly = User.name.contains(said, autoescape=True)  # SQLite's lower() knows ASCII alone
    query = select(User.id).where(or_(by_name, exactly, User.email_key.in_(email_keys(said))))
    return db.session.scalars(query.order_by(User.id).limit(FOUND_MOST)).all()
