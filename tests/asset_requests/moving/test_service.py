"""Moves change, keep and tell; refused moves change nothing."""

import pytest
from sqlalchemy import select

from portal.asset_requests import queries
from portal.asset_requests.agreement import queries as agreements
from portal.asset_requests.asking import service as asking
from portal.asset_requests.models import RequestWord
from portal.asset_requests.moving import service
from portal.asset_requests.rules import Action, State
from portal.errors import Conflict, Forbidden, Invalid
from portal.library.notices.models import Notice
from tests import make
from tests.asset_requests.conftest import as_person, words


def topics(db, user):
    return list(
        db.session.scalars(
            select(Notice.topic).where(Notice.user_id == user.id).order_by(Notice.id)
        )
    )


def test_the_whole_way(db, ask, lan, tom):
    it, rep, marketer = ask(), as_person(lan), as_person(tom)
    service.move(marketer, it, Action.ACKNOWLEDGE)
    service.move(marketer, it, Action.TAKE_ON)
    assert it.assignee_id == tom.id
    service.move(marketer, it, Action.WAIT, note="Which product?")
    assert agreements.terms_of(it.id).deliver_due_at is None
    assert agreements.terms_of(it.id).context_due_at is not None
    service.move(rep, it, Action.ANSWER, note="Hub")
    assert (it.state, it.assignee_id) == ("taken-on", tom.id)
    assert agreements.terms_of(it.id).deliver_due_at is not None
    service.move(marketer, it, Action.DECLINE, note="It is in the FAQ.", instead=make.asset("faq"))
    assert (it.state, it.alternative.slug) == ("declined", "faq")
    assert not db.session.scalars(select(RequestWord)).all()
    service.move(rep, it, Action.REOPEN, note="It is not.", words=words)
    assert db.session.scalars(select(RequestWord)).all()
    steps = [(e.came_from, e.led_to) for e in queries.steps(it.id)]
    assert steps == [
        ("asked", "acknowledged"),
        ("acknowledged", "taken-on"),
        ("taken-on", "waiting"),
        ("waiting", "taken-on"),
        ("taken-on", "declined"),
        ("declined", "reopened"),
    ]
    assert topics(db, lan) == [
        "request_acknowledged",
        "request_taken",
        "request_waiting",
        "request_declined",
    ]
    assert topics(db, tom) == ["request_asked", "request_comment", "request_reopened"]


def test_an_answer_to_what_nobody_has_goes_back_to_the_queue(ask, lan, tom):
    it = ask()
    service.move(as_person(tom), it, Action.WAIT, note="Which?")
    service.move(as_person(lan), it, Action.ANSWER, note="Hub")
    assert (it.state, it.assignee_id) == ("acknowledged", None)


def test_of_two_who_take_it_on_the_second_is_told(ask, tom):
    it = ask()
    service.move(as_person(tom), it, Action.TAKE_ON)
    with pytest.raises(Conflict):
        service.move(as_person(make.user(role="marketer")), it, Action.TAKE_ON)
    assert it.assignee_id == tom.id


def test_words_are_needed_where_the_table_says(ask, tom):
    it = ask()
    for action in (Action.WAIT, Action.DECLINE):
        with pytest.raises(Invalid):
            service.move(as_person(tom), it, action, note="  ")
    assert it.state == "asked"


def test_a_rep_does_not_answer_and_a_stranger_does_not_withdraw(ask, lan):
    it = ask()
    with pytest.raises(Forbidden):
        service.move(as_person(lan), it, Action.TAKE_ON)
    with pytest.raises(Forbidden):
        service.move(as_person(make.user()), it, Action.WITHDRAW)
    service.move(as_person(lan), it, Action.WITHDRAW)
    assert it.state == "withdrawn"


def test_given_to_somebody_who_can_answer(db, ask, lan, tom):
    it = ask(department="product")
    huy = make.user(role="contributor", department="product")
    service.assign(as_person(tom), it, huy.id)
    assert (it.state, it.assignee_id) == ("taken-on", huy.id)
    assert topics(db, huy)[-1] == "request_assigned"
    assert topics(db, lan) == ["request_taken"]
    for wrong in (lan.id, 10**6):
        with pytest.raises(Invalid):
            service.assign(as_person(tom), it, wrong)
    service.move(as_person(huy), it, Action.RELEASE)
    assert (it.state, it.assignee_id) == ("acknowledged", None)


def test_who_waits_and_who_works_on_it_are_told_that_it_is_not_needed(db, ask, lan, tom):
    it, mate = ask(), make.user()
    asking.support(as_person(mate), it)
    service.move(as_person(tom), it, Action.TAKE_ON)
    service.move(as_person(lan), it, Action.WITHDRAW)
    assert topics(db, mate)[-1] == topics(db, tom)[-1] == "request_withdrawn"


def test_what_was_taken_on_by_nobody_can_still_be_given(ask, tom):
    it = ask()
    it.state = State.TAKEN_ON.value
    service.assign(as_person(tom), it, tom.id)
    assert it.assignee_id == tom.id
