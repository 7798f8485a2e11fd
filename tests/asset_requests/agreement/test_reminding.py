"""Reminders: who is told, when, under a mark that stays the same."""

from datetime import datetime

import pytest

from portal.asset_requests.agreement import reminding, service
from tests import make
from tests.asset_requests.agreement.conftest import ZONE, filed


def moment(text):
    return datetime.fromisoformat(f"2026-11-{text}+07:00")


@pytest.fixture
def people(db):
    lan = make.user(role="rep", department="sales")
    tom = make.user(role="marketer", department="marketing")
    linh = make.user(role="marketer", department="marketing")
    return lan, tom, linh


def told(now):
    return [(r.user_id, r.promise, r.is_over) for r in reminding.reminders(moment(now))]


def test_a_department_is_told_until_somebody_has_taken_it_on(people):
    lan, tom, linh = people
    asked = filed(moment("25T08:00"), requester=lan)
    service.set_due(asked, [], zone=ZONE)
    assert told("25T13:00") == []
    assert told("25T14:00") == [(tom.id, "acknowledge", False), (linh.id, "acknowledge", False)]
    asked.assignee = tom
    service.set_due(asked, [(moment("25T15:00"), "taken-on")], zone=ZONE)
    assert told("25T16:00") == []
    assert told("27T17:00") == [(tom.id, "deliver", False)]
    assert told("27T17:01") == [(tom.id, "deliver", True)]
    tom.active = False
    assert told("27T17:01") == [(linh.id, "deliver", True)]


def test_the_asker_is_told_of_a_question_and_of_what_to_try(people):
    lan, tom, _linh = people
    asked = filed(moment("25T08:00"), requester=lan, assignee=tom)
    steps = [(moment("25T08:30"), "waiting")]
    service.set_due(asked, steps, zone=ZONE)
    assert told("26T08:00") == [(lan.id, "context", False)]
    steps += [(moment("26T08:00"), "taken-on"), (moment("26T08:10"), "delivered")]
    service.set_due(asked, steps, zone=ZONE)
    assert told("28T08:00") == []
    assert [
        (r.user_id, r.promise)
        for r in reminding.reminders(moment("30T08:00").replace(month=12, day=10))
    ] == [(lan.id, "try")]


def test_each_is_told_once_however_often_it_runs(people):
    asked = filed(moment("25T08:00"), requester=people[0])
    service.set_due(asked, [], zone=ZONE)
    marks = set()

    def tell(reminder):
        new = (reminder.user_id, reminder.mark) not in marks
        marks.add((reminder.user_id, reminder.mark))
        return new

    assert reminding.run(moment("25T14:00"), tell) == (2, 2)
    assert reminding.run(moment("25T15:00"), tell) == (2, 0)
    assert reminding.run(moment("25T17:30"), tell) == (2, 2)
    assert max(len(mark) for _, mark in marks) <= 80


def test_what_is_long_over_is_left_to_the_ledger(people):
    service.set_due(filed(moment("25T08:00")), [], zone=ZONE)
    assert reminding.reminders(datetime.fromisoformat("2027-03-01T08:00+07:00")) == []
