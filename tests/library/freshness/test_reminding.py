"""Reminders: to whom, when, and never twice."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal.accounts.rules import Role
from portal.library.freshness import reminding, service
from portal.library.freshness.rules import add_months
from portal.library.notices.models import Notice
from portal.library.publishing.acting import Actor
from portal.library.publishing.models import Reviewer
from tests import make

CHECKED = date(2026, 10, 25)
DUE = add_months(CHECKED, 1)


def told(db):
    query = select(Notice.user_id, Notice.topic, Notice.asset_id).order_by(Notice.id)
    return [tuple(row) for row in db.session.execute(query)]


@pytest.fixture
def owned(db):
    owner = make.user(role="marketer")
    return owner, make.asset(owner_id=owner.id, checked_on=CHECKED)


def test_once_before_and_once_on_the_day_however_often_it_runs(db, owned):
    owner, asset = owned
    for back in (9, 8):
        assert reminding.run(DUE - timedelta(days=back)).notices == 0
    for back in (7, 7, 6, 1):
        reminding.run(DUE - timedelta(days=back))
    assert told(db) == [(owner.id, "check-soon", asset.id)]
    for late in (0, 0, 1, 30):
        reminding.run(DUE + timedelta(days=late))
    assert told(db)[1:] == [(owner.id, "check-due", asset.id)]


def test_days_on_which_nothing_ran_are_made_up_for(db, owned):
    owner, asset = owned
    assert reminding.run(DUE + timedelta(days=12)).notices == 1
    assert told(db) == [(owner.id, "check-due", asset.id)]


def test_a_check_ends_the_reminder_and_begins_the_next_round(db, owned):
    owner, asset = owned
    reminding.run(DUE)
    service.confirm(Actor(owner.id, Role.MARKETER), asset, today=DUE)
    assert db.session.scalar(select(Notice.read_at)) is not None
    assert reminding.run(DUE).notices == 0
    assert reminding.run(add_months(DUE, 1)).notices == 1


@pytest.mark.parametrize("gone", ["left", "rep"])
def test_somebody_who_can_not_act_is_replaced_by_backup_reviewers_managers(db, gone):
    values = {"active": False, "role": "marketer"} if gone == "left" else {"role": "rep"}
    owner, backup, reviewer, manager = (
        make.user(**values),
        make.user(role="contributor"),
        make.user(role="contributor"),
        make.user(role="manager"),
    )
    asset = make.asset(owner_id=owner.id, backup_owner_id=backup.id, checked_on=CHECKED)
    reminding.run(DUE)
    backup.active = False
    db.session.add(Reviewer(kind=None, department=None, user_id=reviewer.id))
    db.session.flush()
    reminding.run(DUE)
    reviewer.active = False
    db.session.flush()
    reminding.run(DUE)
    assert told(db) == [(it.id, "check-due", asset.id) for it in (backup, reviewer, manager)]


def test_what_nobody_ever_checked_is_said_once(db):
    owner = make.user(role="contributor")
    make.asset(owner_id=owner.id, checked_on=None)
    make.asset(owner_id=owner.id, checked_on=None, state="draft")
    assert reminding.run(DUE).notices == 1
    assert reminding.run(DUE + timedelta(days=40)).notices == 0
