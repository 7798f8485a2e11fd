"""The SELECTs of the page for people."""

from collections.abc import Sequence

from sqlalchemy import func, select

from portal.accounts.erasing import DOMAIN
from portal.accounts.models import SignInSession, Team, User
from portal.accounts.people.rules import Line
from portal.accounts.tickets.models import Ticket
from portal.accounts.tickets.rules import Purpose
from portal.db import db


def lines() -> list[Line]:
    """Return everybody who was not erased, by name."""
    seen = (
        select(SignInSession.user_id, func.max(SignInSession.last_seen_at).label("at"))
        .group_by(SignInSession.user_id)
        .subquery()
    )
    asked = (
        select(Ticket.user_id)
        .where(Ticket.purpose == Purpose.INVITATION.value)
        .distinct()
        .subquery()
    )
    query = (
        select(
            User.id,
            User.name,
            User.email,
            User.role,
            User.department,
            User.team_id,
            Team.name.label("team"),
            User.active,
            User.password_hash.is_not(None).label("has_password"),
            asked.c.user_id.is_not(None).label("invited"),
            seen.c.at.label("seen_at"),
        )
        .outerjoin(Team, Team.id == User.team_id)
        .outerjoin(seen, seen.c.user_id == User.id)
        .outerjoin(asked, asked.c.user_id == User.id)
        .where(~User.email.endswith(f"@{DOMAIN}", autoescape=True))
        .order_by(User.name, User.id)
    )
    return [Line(*row) for row in db.session.execute(query)]


def person(user_id: int, *, lock: bool = False) -> User | None:
    """Return a person who was not erased; `lock` keeps them from changing in this transaction."""
    query = select(User).where(
        User.id == user_id, ~User.email.endswith(f"@{DOMAIN}", autoescape=True)
    )
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(query).first()


def teams() -> Sequence[Team]:
    """Return all teams, by name."""
    return db.session.scalars(select(Team).order_by(Team.name_key, Team.id)).all()
