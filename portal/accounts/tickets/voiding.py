"""Ends a person's links; apart from `service`, which needs it for every change of a password."""

from sqlalchemy import update

from portal import clock
from portal.accounts.tickets.models import Ticket
from portal.accounts.tickets.rules import Purpose
from portal.db import db


def void(user_id: int, purpose: Purpose | None = None) -> None:
    """Let no link of a person work any more, or none of a purpose."""
    query = update(Ticket).where(Ticket.user_id == user_id, Ticket.used_at.is_(None))
    if purpose is not None:
        query = query.where(Ticket.purpose == purpose.value)
    db.session.execute(query.values(used_at=clock.now()))
