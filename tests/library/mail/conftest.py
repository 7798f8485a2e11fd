"""A portal that sends mail to a server within the test."""

import pytest
from sqlalchemy import update

from portal import work
from portal.app import create_app
from portal.config import Config
from portal.db import Base
from portal.db import db as _db
from portal.jobs.models import QueuedJob
from portal.jobs.runner import Runner
from tests.conftest import DATABASES, make_config
from tests.library.mail.mailbox import Mailbox, serving


@pytest.fixture
def box():
    """A mail server that is there."""
    box = Mailbox()
    box.server = serving(box)
    box.server.start()
    yield box
    box.server.stop()


@pytest.fixture(params=DATABASES)
def portal(request, tmp_path, box):
    """A portal on a database of its own that sends to that server."""
    told = make_config(tmp_path, request.param, "_mail").model_dump()
    told |= {
        "smtp_host": "127.0.0.1", "smtp_port": box.server.port, "smtp_tls": "none",
        "mail_from": "Arsenal <arsenal@example.com>", "base_url": "https://arsenal.example.com",
    }  # fmt: skip
    app = create_app(Config(**told))
    app.testing = True
    with app.app_context():
        Base.metadata.create_all(_db.engine)
    yield app
    with app.app_context():
        _db.session.remove()
        _db.engine.dispose()


@pytest.fixture
def go(portal):
    """Let a worker send what waits, at once; returns what it did."""

    def run():
        with portal.app_context():
            _db.session.execute(update(QueuedJob).values(due_at=QueuedJob.created_at))
            _db.session.commit()
        return Runner("one", portal.app_context, work.HANDLERS).run(once=True)

    return run
