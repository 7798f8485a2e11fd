"""One gentle reminder a call, the next morning of the company, of what is not rated yet."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from portal import work
from portal.calls.ratings import reminding
from portal.jobs import Daily
from portal.library.mail.models import NoticeChoice
from portal.library.notices.models import Notice
from tests import make
from tests.calls.conftest import use

TODAY = datetime(2026, 11, 30, tzinfo=UTC)


@pytest.fixture
def call(lan, deal, kestrel, story):
    at = TODAY - timedelta(hours=6)
    return use(make.call(deal, lan, at=at, logged_at=at), kestrel, story)


def told(db):
    return db.session.scalars(select(Notice).order_by(Notice.id)).all()


def test_once_a_call(db, call, lan):
    assert reminding.run(TODAY) == 1
    assert reminding.run(TODAY) == 0
    assert reminding.run(TODAY + timedelta(days=1)) == 0
    (notice,) = told(db)
    assert (notice.user_id, notice.topic, notice.path) == (lan.id, "rate_call", "/ratings/")
    assert notice.detail == {"title": "Delta cold store"}


def test_not_when_all_is_rated_nor_before_the_morning_nor_long_after(db, call, lan, kestrel, story):
    assert reminding.run(TODAY - timedelta(days=1)) == 0
    assert reminding.run(TODAY + timedelta(days=3)) == 0
    make.rating(lan, kestrel, 4, call=call)
    make.rating(lan, story, 4)  # without the call: that is another one
    assert reminding.run(TODAY) == 1
    db.session.query(Notice).delete()
    make.rating(lan, story, 4, call=call)
    assert reminding.run(TODAY) == 0


def test_nobody_who_has_left(db, call, lan):
    lan.active = False
    db.session.flush()
    assert reminding.run(TODAY) == 0


def test_it_can_be_muted(db, call, lan):
    db.session.add(NoticeChoice(user_id=lan.id, kind="field", way="muted"))
    db.session.flush()
    reminding.run(TODAY)
    assert [it.read_at is not None for it in told(db)] == [True]


def test_it_is_a_duty_of_the_morning():
    (duty,) = [it for it in work.DUTIES if it.name == reminding.JOB]
    assert isinstance(duty.when, Daily)
    assert reminding.JOB in work.HANDLERS
