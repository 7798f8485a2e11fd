"""One code, sent by many at the same moment, works for one."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from portal import clock
from portal.accounts import once, throttle
from portal.accounts.factors import rules, service
from portal.db import Base
from portal.db import db as _db
from tests import make
from tests.accounts.factors.conftest import CONTENT

MANY = 8
SECRET = "not a secret: only tests use this one"


@pytest.fixture
def person(empty, monkeypatch):
    """Somebody with an app and a recovery code, on a database where commits are real."""
    monkeypatch.setattr(throttle, "seconds_to_wait", lambda *_, **__: 0)
    with empty.app_context():
        Base.metadata.create_all(_db.engine)
        user = make.user("mai@example.com")
        before = clock.now() - timedelta(minutes=5)
        monkeypatch.setattr(clock, "now", lambda: before)
        code = rules.code_at(CONTENT, rules.counter_at(before))
        service.set_up_app(user.id, CONTENT, code, secret=SECRET)
        paper = service.new_codes(user.id, secret=SECRET)
        _db.session.commit()
        monkeypatch.undo()
        monkeypatch.setattr(throttle, "seconds_to_wait", lambda *_, **__: 0)
        return user.id, paper[0]


def all_at_once(app, do):
    def one(_):
        with app.app_context():
            try:
                return do()
            finally:
                _db.session.remove()

    with ThreadPoolExecutor(MANY) as pool:
        return list(pool.map(one, range(MANY)))


@pytest.mark.parametrize("kind", ["app", "paper"])
def test_a_code_works_once_however_many_send_it(empty, person, kind):
    user_id, paper = person
    now = clock.now()
    code = paper if kind == "paper" else rules.code_at(CONTENT, rules.counter_at(now))

    def check():
        try:
            service.check(user_id, "mai@example.com", code, address="192.0.2.1", secret=SECRET)
        except service.WrongCode:
            return False
        return True

    assert sum(all_at_once(empty, check)) == 1


def test_a_token_is_spent_once_however_many_send_it(empty, person):
    assert sum(all_at_once(empty, lambda: once.spend_apart("oidc", "token"))) == 1
