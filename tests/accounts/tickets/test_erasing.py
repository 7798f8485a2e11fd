from sqlalchemy import func, select

from portal.accounts import erasing
from portal.accounts.models import SignInAttempt
from portal.accounts.tickets import service
from portal.accounts.tickets.models import Ticket
from portal.accounts.tickets.rules import Purpose
from portal.jobs.models import QueuedJob
from tests import make


def test_nothing_tells_that_somebody_who_was_erased_had_asked(db):
    user, other = make.user("mai@example.com"), make.user("anna@example.com")
    for it in (user, other):
        service.make(it, Purpose.RESET, "secret")
        service.ask(it.email, "192.0.2.1")
        db.session.commit()
    service.ask("nobody", "192.0.2.1")
    erasing.erase(user)
    db.session.commit()
    assert db.session.scalars(select(Ticket.user_id)).all() == [other.id]
    keys = db.session.scalars(select(SignInAttempt.account_key).order_by(SignInAttempt.id)).all()
    assert keys == ["reset:anna@example.com", "reset:?"]
    asked = select(func.count()).select_from(QueuedJob).where(QueuedJob.name == service.JOB)
    assert db.session.scalar(asked) == 2
