"""Workers in this process: on a database of their own, with handlers a test makes up."""

from contextlib import contextmanager
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from portal import clock, jobs
from portal.db import Base
from portal.db import db as _db
from portal.jobs import queries
from portal.jobs.models import QueuedJob
from portal.jobs.runner import Runner


@pytest.fixture
def portal(empty):
    """An application with the tables; commits are real."""
    with empty.app_context():
        Base.metadata.create_all(_db.engine)
    return empty


@pytest.fixture
def worker(portal):
    """Make a worker with these handlers, by name."""

    def make(name="one", *, duties=(), **handlers):
        known = {
            key.replace("_", "-"): h if isinstance(h, jobs.Handler) else jobs.Handler(h)
            for key, h in handlers.items()
        }
        return Runner(name, portal.app_context, known, duties, ZoneInfo("UTC"), poll=0.01)

    return make


class Queue:
    """The queue as a test looks at it."""

    def __init__(self, app):
        self.app = app

    @contextmanager
    def unit(self):
        with self.app.app_context():
            yield
            _db.session.commit()

    def add(self, name="work", payload=None, **options):
        with self.unit():
            return jobs.enqueue(name, payload or {}, **options)

    def row(self, job_id):
        with self.app.app_context():
            row = queries.job(job_id)
            if row is not None:
                _db.session.expunge(row)
            return row

    def counts(self):
        with self.app.app_context():
            return {name: n for name, n in queries.counts().items() if n}

    def make_due(self, job_id=None):
        """Let time pass for what waits or runs."""
        with self.unit():
            query = _db.session.query(QueuedJob)
            if job_id is not None:
                query = query.filter(QueuedJob.id == job_id)
            query.update({"due_at": clock.now() - timedelta(seconds=1)})


@pytest.fixture
def queue(portal):
    return Queue(portal)
