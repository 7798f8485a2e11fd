from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import select

from portal import clock, jobs
from portal.db import db as _db
from portal.errors import Conflict, NotFound
from portal.jobs import queries, service
from portal.jobs.models import QueuedJob
from portal.jobs.rules import KEPT, State
from tests import make

HOUR = timedelta(hours=1)


def only():
    return _db.session.scalars(select(QueuedJob)).one()


def test_a_job_goes_with_the_transaction_that_causes_it(portal, queue):
    with portal.app_context():
        make.user("lan@example.com")
        jobs.enqueue("work", {"số": 1})
        _db.session.rollback()
    assert queue.counts() == {}
    job_id = queue.add("work", {"số": 1})
    row = queue.row(job_id)
    assert (row.payload, row.state, row.attempts) == ({"số": 1}, "waiting", 0)


def test_one_waits_for_a_key_and_moves(db):
    first = jobs.enqueue("work", {"n": 1}, key="a", run_at=clock.now() + HOUR)
    later = clock.now() + 2 * HOUR
    assert jobs.enqueue("work", {"n": 2}, key="a", run_at=later) == first
    row = only()
    assert (row.payload, row.due_at) == ({"n": 2}, later)
    jobs.enqueue("work", key="b")
    jobs.enqueue("work")
    jobs.enqueue("work")
    assert queries.counts()["waiting"] == 4


def test_enqueuing_again_makes_what_failed_new(db):
    job_id = jobs.enqueue("work", key="a")
    row = queries.job(job_id)
    row.attempts, row.error = 3, "no"
    db.session.flush()
    assert queries.counts()["failed"] == 1
    jobs.enqueue("work", key="a")
    db.session.refresh(row)
    assert (row.attempts, row.forgiven, row.error) == (3, 3, "")
    assert queries.counts()["failed"] == 0


def test_what_runs_is_followed_not_changed(db):
    first = jobs.enqueue("work", key="a")
    queries.job(first).state = State.RUNNING.value
    db.session.flush()
    assert jobs.enqueue("work", key="a") != first
    assert jobs.cancel("a", "b") == 1
    assert only().id == first


def test_a_key_nobody_can_keep_is_refused(db):
    with pytest.raises(ValueError, match="at most 200"):
        jobs.enqueue("work", key="k" * 201)


def test_many_at_once_leave_one_for_a_key(portal, queue):
    barrier = Barrier(6)

    def add(n):
        with portal.app_context():
            barrier.wait()
            job_id = jobs.enqueue("work", {"n": n}, key="same")
            _db.session.commit()
            return job_id

    with ThreadPoolExecutor(6) as pool:
        assert len(set(pool.map(add, range(6)))) == 1
    assert queue.counts() == {"waiting": 1}


def dead(db, key=None):
    row = queries.job(jobs.enqueue("work", key=key))
    row.state, row.attempts, row.finished_at, row.error = "dead", 8, clock.now(), "no"
    db.session.flush()
    return row


def test_a_dead_letter_is_tried_again_as_if_new(db):
    row = dead(db)
    service.retry(row.id)
    assert (row.state, row.attempts, row.forgiven, row.finished_at) == ("waiting", 8, 8, None)
    assert queries.is_due(["work"], clock.now())


def test_a_dead_letter_whose_work_waits_again_is_done_with(db):
    row = dead(db, key="a")
    jobs.enqueue("work", key="a")
    service.retry(row.id)
    db.session.flush()
    assert row.state == "dropped"
    assert queries.counts()["waiting"] == 1


def test_all_dead_letters_of_a_key_become_one(db):
    dead(db, key="a")
    dead(db, key="a")
    dead(db)
    assert service.retry_dead() == 3
    counts = queries.counts()
    assert (counts["waiting"], counts["dropped"], counts["dead"]) == (2, 1, 0)


def test_what_failed_is_tried_at_once(db):
    row = queries.job(jobs.enqueue("work", run_at=clock.now() + HOUR))
    row.attempts = 1
    db.session.flush()
    service.retry(row.id)
    assert row.due_at <= clock.now()


@pytest.mark.parametrize("do", [service.retry, service.drop])
@pytest.mark.parametrize("state", ["waiting", "running", "done", "dropped"])
def test_what_has_not_failed_is_left_alone(db, do, state):
    row = queries.job(jobs.enqueue("work", run_at=clock.now() + HOUR))
    row.state = state
    db.session.flush()
    with pytest.raises(Conflict):
        do(row.id)
    with pytest.raises(NotFound):
        do(row.id + 1)


def test_what_was_dropped_is_not_claimed(db):
    row = dead(db)
    service.drop(row.id)
    assert row.state == "dropped"
    assert not queries.is_due(["work"], clock.now())


def test_old_work_is_swept(db):
    for state in ("done", "dropped", "dead"):
        for age in (KEPT + HOUR, KEPT - HOUR):
            row = dead(db)
            row.state, row.finished_at = state, clock.now() - age
    jobs.enqueue("work")
    db.session.flush()
    assert service.sweep() == 2
    counts = queries.counts()
    assert (counts["done"], counts["dropped"], counts["dead"], counts["waiting"]) == (1, 1, 2, 1)
