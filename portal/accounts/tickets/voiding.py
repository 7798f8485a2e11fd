"""Ends a person's links; apart from `service`, which needs it for every change of a password."""

from sqlalchemy import update

from portal import clock
from portal.accounts.tickets.models import Ticket
from portal.db import db


def void(user_id: int) -> None:
    """Let no link of a person work any more."""
    query = update(Ticket).where(Ticket.user_id == user_id, Ticket.used_at.is_(None))
    db.session.execute(query.values(used_at=clock.now()))
