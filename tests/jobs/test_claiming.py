from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from portal import clock, jobs
from portal.db import db as _db
from portal.jobs import claiming, queries
from portal.jobs.claiming import GiveUp, LeaseLostError
from portal.jobs.rules import Handler, State

HANDLERS = {"work": Handler(lambda _job: None, attempts=2)}


@pytest.fixture
def claim(db):
    return lambda worker="one": claiming.claim(HANDLERS, worker)


def pass_time(db, job_id):
    row = queries.job(job_id)
    row.due_at = clock.now()
    db.session.flush()


def test_what_is_due_longest_comes_first(db, claim):
    now = clock.now()
    late = jobs.enqueue("work", {"n": 2}, run_at=now - timedelta(minutes=1))
    later = jobs.enqueue("work", {"n": 1}, run_at=now - timedelta(minutes=2))
    jobs.enqueue("work", run_at=now + timedelta(minutes=1))
    jobs.enqueue("unknown", run_at=now - timedelta(minutes=9))
    assert [claim().id, claim().id, claim()] == [later, late, None]


def test_a_claim_is_a_lease(db, claim):
    job_id = jobs.enqueue("work", {"n": 1})
    job = claim()
    row = queries.job(job_id)
    assert (job.payload, job.token, row.state, row.worker) == ({"n": 1}, 1, "running", "one")
    assert row.due_at - row.started_at == timedelta(seconds=60)
    assert claim("two") is None
    pass_time(db, job_id)
    assert claim("two").token == 2


def test_only_the_last_who_claimed_may_end_it(db, claim):
    job_id = jobs.enqueue("work")
    first = claim()
    pass_time(db, job_id)
    second = claim("two")
    assert not claiming.extend(db.session(), first)
    with pytest.raises(LeaseLostError):
        claiming.complete(first, "")
    with pytest.raises(LeaseLostError):
        first.checkpoint()
    assert claiming.fail(first, ValueError(), HANDLERS["work"]) is None
    assert claiming.release(first) is None
    assert claiming.extend(db.session(), second)
    claiming.complete(second, "good")
    db.session.expire_all()
    assert (queries.job(job_id).state, queries.job(job_id).result) == ("done", "good")
    with pytest.raises(LeaseLostError):
        claiming.complete(second, "twice")


def test_the_token_grows_over_a_retry_by_hand(db, claim):
    """A worker that was stopped before the retry must not end the job that was begun after it."""
    from portal.jobs import service

    job_id = jobs.enqueue("work")
    stopped = claim()
    claiming.fail(stopped, GiveUp("no"), HANDLERS["work"])
    db.session.expire_all()
    service.retry(job_id)
    again = claim()
    assert again.token > stopped.token
    assert again.tries == 1
    with pytest.raises(LeaseLostError):
        claiming.complete(stopped, "")


def test_a_failure_waits_then_is_given_up(db, claim):
    job_id = jobs.enqueue("work")
    assert claiming.fail(claim(), ValueError("a"), HANDLERS["work"]) is State.WAITING
    db.session.expire_all()
    row = queries.job(job_id)
    assert row.error == "ValueError: a"
    assert timedelta(seconds=2) < row.due_at - clock.now() <= timedelta(seconds=5)
    pass_time(db, job_id)
    assert claiming.fail(claim(), ValueError("b"), HANDLERS["work"]) is State.DEAD
    db.session.expire_all()
    assert (row.state, row.error) == ("dead", "ValueError: b")
    assert queries.backlog(clock.now()).dead == 1


def test_work_that_kills_its_worker_is_given_up(db, claim):
    """No handler lives to say that it failed: the claims count."""
    job_id = jobs.enqueue("work", key="a")
    for _ in range(2):
        assert claim() is not None
        pass_time(db, job_id)
    assert claim() is None
    row = queries.job(job_id)
    assert (row.state, row.error) == ("dead", "its worker ended in the middle, every time")


def test_a_failure_gives_way_to_the_same_work_asked_again(db, claim):
    first = jobs.enqueue("work", key="a")
    job = claim()
    second = jobs.enqueue("work", key="a")
    assert claiming.fail(job, ValueError("a"), HANDLERS["work"]) is State.DROPPED
    db.session.expire_all()
    assert (queries.job(first).state, queries.job(second).state) == ("dropped", "waiting")


def test_what_is_released_has_not_been_tried(db, claim):
    job_id = jobs.enqueue("work")
    for token in (1, 2, 3):
        job = claim()
        assert (job.token, job.tries) == (token, 1)
        assert claiming.release(job) is State.WAITING
        db.session.expire_all()
    assert queries.counts()["failed"] == 0
    assert queries.job(job_id).attempts == 3


def test_success_settles_older_dead_letters_of_the_key(db, claim):
    old = jobs.enqueue("work", key="a")
    claiming.fail(claim(), GiveUp("no"), HANDLERS["work"])
    other = jobs.enqueue("work", key="b")
    claiming.fail(claim(), GiveUp("no"), HANDLERS["work"])
    jobs.enqueue("work", key="a")
    claiming.complete(claim(), None)
    db.session.expire_all()
    assert (queries.job(old).state, queries.job(other).state) == ("dropped", "dead")


def test_many_workers_claim_each_job_once(portal, queue):
    for _ in range(40):
        queue.add()
    barrier = Barrier(4)

    def work(name):
        found = []
        with portal.app_context():
            barrier.wait()
            while (job := claiming.claim(HANDLERS, name)) is not None or queries.is_due(
                HANDLERS, clock.now()
            ):
                _db.session.commit()
                if job is not None:
                    found.append(job.id)
            _db.session.rollback()
        return found

    with ThreadPoolExecutor(4) as pool:
        claimed = [job for found in pool.map(work, "abcd") for job in found]
    assert len(claimed) == len(set(claimed)) == 40
