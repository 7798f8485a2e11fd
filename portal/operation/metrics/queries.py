"""What is asked of the database when somebody looks: queues, how far the index is behind, mails."""

from datetime import datetime

from sqlalchemy import func, select

from portal.db import db
from portal.jobs import queries as jobs
from portal.jobs import rules
from portal.library.mail.models import Mail
from portal.operation.metrics.meters import Gauges
from portal.search import outbox


def gauges(now: datetime) -> Gauges:
    """Return what waits, where."""
    waits = jobs.backlog(now)
    waiting, since = outbox.backlog()
    alive = sum(rules.is_alive(row.seen_at, now) for row in jobs.workers())
    mails = db.session.execute(
        select(Mail.state, func.count()).group_by(Mail.state).order_by(Mail.state)
    )
    return {
        "jobs": ("Jobs by state.", [({"state": k}, n) for k, n in jobs.counts().items()]),
        "jobs_due": ("Jobs that wait for a worker now.", [({}, waits.due)]),
        "jobs_late_seconds": ("How long the oldest of them waits.", [({}, _age(waits.since, now))]),
        "workers": ("Background workers alive.", [({}, alive)]),
        "index_waiting": ("Changes searches do not know yet.", [({}, waiting)]),
        "index_lag_seconds": ("How long the oldest of them waits.", [({}, _age(since, now))]),
        "mails": ("Mails by state.", [({"state": str(state)}, n) for state, n in mails]),
    }


def _age(since: datetime | None, now: datetime) -> float:
    return max((now - since).total_seconds(), 0.0) if since else 0.0
