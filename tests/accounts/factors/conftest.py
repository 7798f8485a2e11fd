"""A person with a password and an app that makes codes."""

from datetime import timedelta

import pytest

from portal import clock
from portal.accounts import passwords
from portal.accounts.factors import rules, service
from tests import make

PASSWORD = "correct horse 42"
CONTENT = b"12345678901234567890"


@pytest.fixture(scope="session")
def hashed():
    return passwords.hash_password(PASSWORD)


@pytest.fixture
def now(monkeypatch):
    """A clock that stands, and moves by its `move`."""

    class Clock:
        def __init__(self):
            self.at = clock.now().replace(second=0, microsecond=0)

        def move(self, **by):
            self.at += timedelta(**by)

        def code(self, off=0):
            return rules.code_at(CONTENT, rules.counter_at(self.at) + off)

    told = Clock()
    monkeypatch.setattr(clock, "now", lambda: told.at)
    return told


@pytest.fixture
def secret(app):
    return app.config["PORTAL"].secret_key


@pytest.fixture
def mai(db, hashed):
    user = make.user("mai@example.com", name="Đỗ Thanh Mai", password_hash=hashed)
    db.session.commit()
    return user


@pytest.fixture
def with_app(db, mai, now, secret):
    """Mai with an app; the code of now was used to set it up, a minute ago."""
    service.set_up_app(mai.id, CONTENT, now.code(), secret=secret)
    db.session.commit()
    now.move(minutes=1)
    return mai


@pytest.fixture
def required(app, monkeypatch):
    """Managers must have a second factor."""
    config = app.config["PORTAL"].model_copy(update={"second_factor_roles": "manager,admin"})
    monkeypatch.setitem(app.config, "PORTAL", config)
