"""Every SELECT about links that work once."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.accounts.models import User
from portal.accounts.tickets.models import Ticket
from portal.accounts.tickets.rules import Purpose
from portal.db import db


def by_hash(
    own: Session, purpose: Purpose, token_hash: str, *, lock: bool = False
) -> Ticket | None:
    """Return the link of a token's hash, of an active person; `lock` keeps it until the end."""
    query = (
        select(Ticket)
        .join(Ticket.user)
        .where(
            Ticket.token_hash == token_hash,
            Ticket.purpose == purpose.value,
            User.active.is_(True),
        )
    )
    query = query.with_for_update(of=Ticket) if lock else query.options(joinedload(Ticket.user))
    return own.scalars(query.execution_options(populate_existing=True)).first()


def open_of(own: Session, user_id: int, purpose: Purpose, *, now: datetime) -> Ticket | None:
    """Return the newest link of a person that still works."""
    query = (
        select(Ticket)
        .where(
            Ticket.user_id == user_id,
            Ticket.purpose == purpose.value,
            Ticket.used_at.is_(None),
            Ticket.expires_at > now,
        )
        .order_by(Ticket.id.desc())
    )
    return own.scalars(query).first()


def was_invited(user_id: int) -> bool:
    """Whether a person was ever invited to choose a password."""
    query = select(Ticket.id).where(
        Ticket.user_id == user_id, Ticket.purpose == Purpose.INVITATION.value
    )
    return db.session.scalars(query.order_by(Ticket.id).limit(1)).first() is not None
