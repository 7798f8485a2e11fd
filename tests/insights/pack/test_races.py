"""Two at the same moment, from two connections: a pack goes out once, a form is kept once."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from portal import clock
from portal.accounts.rules import Department
from portal.db import Base
from portal.db import db as _db
from portal.errors import Conflict
from portal.insights.pack import queries, rules, service
from portal.insights.pack.models import PackAction
from portal.insights.pack.rules import Kind
from portal.insights.scorecard import service as scorecard
from portal.insights.scorecard.models import SidePromise
from portal.library.notices.models import Notice
from tests import make
from tests.together import at_once

ZONE = ZoneInfo("UTC")


@pytest.fixture
def boss(empty):
    """A manager: their number."""
    with empty.app_context():
        Base.metadata.create_all(_db.engine)
        person = make.user(role="manager")
        _db.session.commit()
        return person.id


@pytest.fixture
def week():
    return rules.latest(Kind.WEEK, clock.now().date())


def count(app, table):
    with app.app_context():
        return _db.session.scalar(select(func.count()).select_from(table))


def test_two_managers_send_it(empty, boss, week):
    def send():
        return service.send(week, ZONE, user_id=boss)

    assert sorted(at_once(empty, send, send)) == [0, 1]
    assert count(empty, Notice) == 1


def test_two_write_the_first_minutes(empty, boss, week):
    def write(words):
        return lambda: service.write(week, words, version=0, user_id=boss).minutes

    came = at_once(empty, write("one"), write("two"))
    assert sum(isinstance(it, Conflict) for it in came) == 1
    with empty.app_context():
        assert queries.pack(week).minutes in came


def test_a_form_that_is_sent_twice_is_kept_once(empty, boss, week):
    def add():
        made = service.add(
            week, "Call", token="t", owner_id=boss, due_on=date(2026, 12, 1), user_id=boss
        )
        return made.id

    def promise():
        made = scorecard.promise(
            Department.SALES, "Ten demos", token="t", month="2026-11", owner_id=boss,
            due_on=date(2026, 11, 30), user_id=boss,
        )  # fmt: skip
        return made.id

    assert len(set(at_once(empty, add, add))) == 1
    assert len(set(at_once(empty, promise, promise))) == 1
    assert (count(empty, PackAction), count(empty, SidePromise)) == (1, 1)
