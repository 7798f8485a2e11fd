"""People to sign in, and clients that are signed in."""

from datetime import timedelta

import pytest

from portal.accounts import passwords, sessions
from portal.accounts.rules import Limits
from portal.config import Config
from portal.db import db as _db
from tests import make
from tests.page import Client

PASSWORD = "correct horse 42"


class Visitor(Client):
    """A client whose requests each have a context of their own, as on a server."""

    def __init__(self, app):
        super().__init__(app)
        self.app = app

    def get(self, url, **options):
        with self.app.app_context():
            return super().get(url, **options)

    def post(self, url, **options):
        with self.app.app_context():
            return super().post(url, **options)

    def sign_in(self, user):
        """Give this browser a session of a person, without the form."""
        config: Config = self.app.config["PORTAL"]
        limits = Limits(
            timedelta(hours=config.session_idle_hours), timedelta(days=config.session_days)
        )
        token = sessions.start(user.id, address="192.0.2.1", device="", limits=limits)
        _db.session.commit()
        with self.app.app_context(), self.raw.session_transaction() as cookie:
            cookie["_user_id"] = token
            cookie.permanent = True
        return self


@pytest.fixture
def _no_csrf(app, monkeypatch):
    """Forms are sent without tokens here; that they are needed is a test of its own."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)


@pytest.fixture
def client(app, db, _no_csrf):
    return Visitor(app)


@pytest.fixture
def visitor(app, db, _no_csrf):
    """More browsers."""
    return lambda: Visitor(app)


@pytest.fixture
def as_(client, db):
    """Return the client, signed in with a role."""
    return lambda role: client.sign_in(make.user(role=role))


@pytest.fixture(scope="session")
def hashed():
    return passwords.hash_password(PASSWORD)


@pytest.fixture
def person(db, hashed):
    user = make.user("mai@example.com", name="Đỗ Thanh Mai", password_hash=hashed)
    db.session.commit()
    return user
