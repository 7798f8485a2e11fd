"""Fixtures: the application on SQLite and PostgreSQL, a transaction a test, a client that reads pages.

The whole suite runs on SQLite, and again on PostgreSQL when PORTAL_TEST_DATABASE_URL names a server
(`postgresql://user@host:port/name`; databases called name_<worker> are dropped and made there).
"""

import os

import pytest

from portal.app import create_app
from portal.config import Config
from portal.db import Base
from portal.db import db as _db
from tests import make
from tests.browser import QUIET, chromium
from tests.page import Client

SECRET = "not a secret: only tests use this one"
POSTGRESQL = os.environ.get("PORTAL_TEST_DATABASE_URL", "")
DATABASES = ["sqlite", *(["postgresql"] if POSTGRESQL else [])]


def make_config(folder, database, suffix=""):
    """Settings for an empty database of the kind asked for; the worker's own."""
    url = ""
    if database == "postgresql":
        worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
        url = f"{POSTGRESQL}_{worker}{suffix}"
        fresh_postgresql(url)
    return Config(
        data_dir=folder, database_url=url, secret_key=SECRET, base_url="http://127.0.0.1:8000"
    )


def fresh_postgresql(url):
    """Make the worker's own database anew, so that tests start from nothing."""
    import psycopg

    server, name = url.rsplit("/", 1)
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}"')


@pytest.fixture(scope="session", autouse=True)
def _no_settings_of_yours():
    """A portal that is tried out on this machine must not decide what the tests see."""
    for name in [name for name in os.environ if name.startswith("PORTAL_")]:
        del os.environ[name]


@pytest.fixture(scope="session", params=DATABASES)
def config(request, tmp_path_factory):
    return make_config(tmp_path_factory.mktemp("data"), request.param)


@pytest.fixture(scope="session")
def app(config):
    app = create_app(config)
    app.testing = True
    with app.app_context():
        Base.metadata.create_all(_db.engine)
    yield app
    with app.app_context():
        _db.engine.dispose()


@pytest.fixture(params=DATABASES)
def empty(request, tmp_path):
    """An application on an empty database that no other test uses; commits are real there."""
    app = create_app(make_config(tmp_path, request.param, "_own"))
    app.testing = True
    yield app
    with app.app_context():
        _db.session.remove()
        _db.engine.dispose()


@pytest.fixture
def db(app):
    """One outer transaction a test, rolled back at the end; a commit becomes a savepoint."""
    with app.app_context():
        engine = _db.engines[None]
        connection = engine.connect()
        outer = connection.begin()
        _db.engines[None] = connection
        _db.session.session_factory.configure(join_transaction_mode="create_savepoint")
        try:
            yield _db
        finally:
            _db.session.remove()
            _db.session.session_factory.configure(join_transaction_mode="conditional_savepoint")
            _db.engines[None] = engine
            outer.rollback()
            connection.close()


@pytest.fixture
def _no_csrf(app, monkeypatch):
    """Forms are sent without tokens; that they are needed is a test of its own."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)


@pytest.fixture
def client(app, db, _no_csrf):
    return Client(app)


@pytest.fixture
def visitor(app, db, _no_csrf):
    """More browsers."""
    return lambda: Client(app)


@pytest.fixture
def as_(client, db):
    """Return the client, signed in with a role."""
    return lambda role: client.sign_in(make.user(role=role))


@pytest.fixture(scope="session")
def engine():
    """One Chromium a worker: two can not be driven by one process."""
    path = chromium()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        yield browser
        browser.close()


def _never_skip(report):
    """On CI a test that could not run has failed: nobody reads what was skipped."""
    if os.environ.get("CI") == "true" and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"CI skips nothing, but: {reason}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport():
    return _never_skip((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report():
    return _never_skip((yield))
