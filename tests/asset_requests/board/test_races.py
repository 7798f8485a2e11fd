"""Several who move at one moment, each on a connection of their own, with real commits."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import func, select

from portal.asset_requests import queries
from portal.asset_requests.asking import service as asking
from portal.asset_requests.asking.rules import Draft
from portal.asset_requests.board import service
from portal.asset_requests.board.rules import Batch, Task, Wish
from portal.asset_requests.models import RequestEvent
from portal.asset_requests.rules import State
from portal.db import Base
from portal.db import db as _db
from portal.errors import Conflict, PortalError
from tests import make
from tests.asset_requests.board.conftest import acts


@pytest.fixture
def filled(empty):
    """Four marketers, and the numbers of three requests."""
    with empty.app_context():
        Base.metadata.create_all(_db.engine)
        people = [acts(make.user(role="marketer", department="marketing")) for _ in range(4)]
        rep = acts(make.user(department="sales"))
        numbers = [
            asking.ask(rep, Draft(f"No. {n}"), token=f"race-{n}", words=lambda _said: {}).id
            for n in range(3)
        ]
        _db.session.commit()
    return people, numbers


@pytest.fixture
def at_once(empty):
    """Do things in threads that begin together; returns what each returned or raised."""

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


def taken(number):
    """How often a request was taken on."""
    query = select(func.count()).where(
        RequestEvent.request_id == number, RequestEvent.action == "take-on"
    )
    return _db.session.scalar(query)


def test_one_of_four_takes_it_on(empty, filled, at_once):
    people, (number, *_) = filled
    wish = Wish(number, State.ASKED, State.TAKEN_ON)
    results = at_once(*[lambda who=who: service.move(who, wish) for who in people])
    assert [type(r) for r in results if r is not None] == [Conflict] * 3
    winner = people[results.index(None)]
    with empty.app_context():
        assert queries.by_number(number).assignee_id == winner.id
        assert taken(number) == 1


def test_two_batches_of_the_same_requests(empty, filled, at_once):
    people, numbers = filled
    orders = (numbers, numbers[::-1])
    reports = at_once(
        *[
            lambda who=who, ids=ids: service.run(who, Batch(Task.ASSIGN, ids, person_id=who.id))
            for who, ids in zip(people, orders, strict=False)
        ]
    )
    with empty.app_context():
        for number in numbers:
            assert taken(number) == 1  # the other one was given it after that
            assert queries.by_number(number).state == "taken-on"
    assert [len(r.done) for r in reports] == [3, 3]
