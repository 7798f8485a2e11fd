"""Several at once, each on a connection of its own, with real commits."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select

from portal.accounts import passwords, service, signing_in
from portal.accounts.models import SignInAttempt, User
from portal.accounts.rules import FREE_PER_ACCOUNT, Limits, Role
from portal.db import Base
from portal.db import db as _db
from portal.errors import Conflict, PortalError, TooMany
from tests import make
from tests.accounts.conftest import PASSWORD

BROWSER = signing_in.Browser(
    "192.0.2.1", "", Limits(idle=timedelta(hours=72), absolute=timedelta(days=30))
)


@pytest.fixture
def at_once(empty):
    """Do things in threads that begin together; returns what each returned or raised."""
    with empty.app_context():
        Base.metadata.create_all(_db.engine)

    def run(*jobs):
        barrier = Barrier(len(jobs))

        def one(job):
            with empty.app_context():
                barrier.wait()
                try:
                    result = job()
                    _db.session.commit()
                except PortalError as error:
                    _db.session.rollback()
                    return error
                return result

        with ThreadPoolExecutor(len(jobs)) as pool:
            return list(pool.map(one, jobs))

    return run


def test_many_guesses_at_the_same_moment_are_counted_all(empty, at_once, monkeypatch):
    monkeypatch.setattr(passwords, "verify", lambda _stored, _text: False)
    results = at_once(*[lambda: signing_in.sign_in("a@example.com", "guess", BROWSER)] * 8)
    with empty.app_context():
        tried = _db.session.scalar(select(func.count()).select_from(SignInAttempt))
    assert tried == FREE_PER_ACCOUNT
    assert len([r for r in results if isinstance(r, TooMany)]) == 8 - FREE_PER_ACCOUNT


def test_two_admins_can_not_demote_each_other(empty, at_once):
    with empty.app_context():
        ids = [make.user(role="admin").id for _ in range(2)]
        _db.session.commit()
    results = at_once(
        *[lambda i=i: service.set_role(_db.session.get(User, i), Role.REP) for i in ids]
    )
    assert sorted(type(r) for r in results if r is not None) == [Conflict]
    with empty.app_context():
        assert sorted(_db.session.scalars(select(User.role))) == ["admin", "rep"]


def test_one_email_is_added_once(empty, at_once):
    add = [
        lambda e=e: service.add_user(e, name="Lan", role=Role.REP, team="North").id
        for e in ("lan@example.com", "LAN@example.com", "Lan@Example.com")
    ]
    results = at_once(*add)
    assert len([r for r in results if isinstance(r, Conflict)]) == 2
    with empty.app_context():
        assert len(_db.session.scalars(select(User)).all()) == 1


def test_signing_in_does_not_wait_for_its_own_request(empty, monkeypatch):
    """An attempt is written on a connection of its own: the request must not hold SQLite's lock."""
    monkeypatch.setitem(empty.config, "WTF_CSRF_ENABLED", False)
    with empty.app_context():
        Base.metadata.create_all(_db.engine)
        service.add_user("lan@example.com", name="Lan", role=Role.REP, password=PASSWORD)
        _db.session.commit()
    browser = empty.test_client()
    right = {"email": "lan@example.com", "password": PASSWORD}
    change = {"current": PASSWORD, "new": "a new long one", "repeat": "a new long one"}
    assert browser.post("/sign-in", data=right).status_code == 303
    assert browser.post("/sign-in", data=right).status_code == 303  # once more, signed in already
    assert browser.post("/sign-in", data=right | {"password": "wrong"}).status_code == 422
    assert browser.post("/account/password", data=change).status_code == 303
    assert browser.get("/account").status_code == 200
    with empty.app_context():
        tried = _db.session.scalars(select(SignInAttempt.succeeded).order_by(SignInAttempt.id))
        assert tried.all() == [True, True, False, True]
