import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal import clock, jobs
from portal.accounts.models import Team
from portal.db import db as _db
from portal.jobs import queries
from portal.jobs.rules import Daily, Duty, Every, Handler
from portal.jobs.runner import Interrupted
from tests import make


def effect(job):
    """Something in the database that a test can count."""
    return make.team(f"{job.id} by {job.token}").name


def effects(app):
    with app.app_context():
        return _db.session.scalars(select(Team.name).order_by(Team.id)).all()


def test_an_effect_commits_with_its_job(portal, queue, worker):
    ids = [queue.add(), queue.add()]
    assert worker(work=effect).run(once=True).done == 2
    assert queue.counts() == {"done": 2}
    assert effects(portal) == [f"{i} by 1" for i in ids]
    row = queue.row(ids[0])
    assert (row.result, row.worker) == (f"{ids[0]} by 1", "one")


def test_a_failure_leaves_no_effect_and_is_tried_again(portal, queue, worker):
    job_id = queue.add()

    def flaky(job):
        effect(job)
        if job.token < 3:
            raise ValueError("not yet")

    runner = worker(work=flaky)
    for _ in range(2):
        runner.run(once=True)
        assert queue.counts() == {"failed": 1}
        assert effects(portal) == []
        queue.make_due()
    runner.run(once=True)
    assert queue.counts() == {"done": 1}
    assert effects(portal) == [f"{job_id} by 3"]
    assert (runner.tally.done, runner.tally.failed) == (1, 2)


def test_a_broken_statement_does_not_break_the_worker(portal, queue, worker):
    def broken(_job):
        _db.session.execute(_db.text("SELECT nothing FROM nowhere"))

    first = queue.add("broken")
    queue.add()
    runner = worker(broken=broken, work=effect)
    runner.run(once=True)
    assert (runner.tally.done, runner.tally.failed) == (1, 1)
    assert "nowhere" in queue.row(first).error


def test_giving_up_makes_a_dead_letter_at_once(portal, queue, worker):
    def hopeless(_job):
        raise jobs.GiveUp("the file is gone")

    job_id = queue.add()
    worker(work=hopeless).run(once=True)
    assert queue.counts() == {"dead": 1}
    assert queue.row(job_id).error == "GiveUp: the file is gone"


def test_who_wakes_past_the_lease_leaves_nothing(portal, queue, worker):
    """A stopped worker, as its database sees it: another one does the job meanwhile."""
    job_id = queue.add()
    second = worker("two", work=effect)

    def stopped(job):
        queue.make_due()
        thread = threading.Thread(target=second.run, kwargs={"once": True})
        thread.start()
        thread.join()
        return effect(job)

    first = worker(work=stopped)
    first.run(once=True)
    assert (first.tally.lost, first.tally.done, second.tally.done) == (1, 0, 1)
    assert effects(portal) == [f"{job_id} by 2"]
    assert queue.row(job_id).worker == "two"


def test_steps_are_kept_up_to_the_last_checkpoint(portal, queue, worker):
    def steps(job):
        make.team(f"step one of {job.token}")
        job.checkpoint()
        make.team(f"step two of {job.token}")
        if job.token == 1:
            raise ValueError("in the middle")

    queue.add()
    runner = worker(work=steps)
    runner.run(once=True)
    assert effects(portal) == ["step one of 1"]
    queue.make_due()
    runner.run(once=True)
    assert effects(portal) == ["step one of 1", "step one of 2", "step two of 2"]


def test_a_step_of_a_lost_job_is_not_kept(portal, queue, worker):
    second = worker("two", work=effect)

    def stopped(job):
        queue.make_due()
        thread = threading.Thread(target=second.run, kwargs={"once": True})
        thread.start()
        thread.join()
        make.team("late")
        job.checkpoint()

    queue.add()
    first = worker(work=stopped)
    first.run(once=True)
    assert first.tally.lost == 1
    assert "late" not in effects(portal)


def test_a_long_job_keeps_its_lease(portal, queue, worker):
    """The watch extends it: the job ends although it takes many leases."""
    seen = threading.Event()
    job_id = queue.add()
    begun = []

    def long(_job):
        begun.append(queue.row(job_id).due_at)
        for _ in range(600):
            if queue.row(job_id).due_at > begun[0]:
                return "extended"
            seen.wait(0.1)
        return "never"

    runner = worker(work=Handler(long, lease=timedelta(seconds=3)))
    runner.run(once=True)
    assert queue.row(job_id).result == "extended"


def test_a_job_beyond_its_limit_is_interrupted(portal, queue, worker):
    told = threading.Event()

    def hangs(_job):
        assert told.wait(60)
        raise Interrupted("it took longer than it may")

    job_id = queue.add()
    runner = worker(work=Handler(hangs, limit=timedelta(0)))
    runner._watch._interrupt = told.set
    runner.run(once=True)
    assert queue.counts() == {"failed": 1}
    assert queue.row(job_id).error == "TimeoutError: it took longer than it may"


def test_who_has_to_end_puts_its_job_back(portal, queue, worker):
    job_id = queue.add()

    def slow(job):
        effect(job)
        runner.stop()
        raise Interrupted("no time left")

    runner = worker(work=slow)
    runner.run()
    row = queue.row(job_id)
    assert (row.state, row.attempts, row.forgiven) == ("waiting", 1, 1)
    assert effects(portal) == []
    worker("two", work=effect).run(once=True)
    assert queue.counts() == {"done": 1}


def test_a_worker_leaves_other_names_alone(queue, worker):
    queue.add("of a newer portal")
    worker(work=effect).run(once=True)
    assert queue.counts() == {"waiting": 1}


def test_a_worker_says_that_it_lives(portal, queue, worker):
    seen = []

    def look(_job):
        with portal.app_context():
            seen.extend(row.name for row in queries.workers())

    queue.add()
    worker(work=look).run(once=True)
    assert seen == ["one"]
    with portal.app_context():
        assert list(queries.workers()) == []


def test_what_follows_a_job_may_fail(queue, worker):
    def after():
        raise ValueError("no index")

    queue.add()
    queue.add()
    runner = worker(work=effect)
    runner.after = after
    assert runner.run(once=True).done == 2


def test_stopping_wakes_a_worker_that_rests(worker):
    runner = worker()
    runner.poll = 600
    thread = threading.Thread(target=runner.run)
    thread.start()
    runner.stop()
    thread.join(60)
    assert not thread.is_alive()


# --- duties -------------------------------------------------------------------------------------

# so seldom that no test meets the next time
SELDOM = Duty("work", Every(timedelta(days=30)))


def times(portal):
    with portal.app_context():
        return {row.name: row for row in queries.duties()}


def let_it_be_due(portal, days=0):
    with portal.app_context():
        for row in queries.duties():
            row.next_at = clock.now() - timedelta(days=days, seconds=1)
        _db.session.commit()


def test_a_duty_is_done_when_its_time_comes(portal, queue, worker):
    runner = worker(work=effect, duties=[SELDOM])
    runner.run(once=True)
    assert effects(portal) == []
    let_it_be_due(portal)
    runner.run(once=True)
    assert len(effects(portal)) == 1
    row = times(portal)["work"]
    assert row.next_at > clock.now()
    assert row.result == effects(portal)[0]
    assert row.done_at
    assert queue.counts() == {}  # the duty's row says it all


def test_a_duty_missed_for_days_is_done_once(portal, queue, worker):
    from datetime import time

    runner = worker(work=effect, duties=[Duty("work", Daily(time(2, 30)))])
    runner.run(once=True)
    let_it_be_due(portal, days=9)
    runner.run(once=True)
    runner.run(once=True)
    assert len(effects(portal)) == 1
    assert timedelta(0) < times(portal)["work"].next_at - clock.now() <= timedelta(days=1)


def test_many_workers_do_a_duty_once(portal, worker):
    runners = [worker(name, work=effect, duties=[SELDOM]) for name in "abcd"]
    runners[0].run(once=True)
    let_it_be_due(portal)
    threads = [threading.Thread(target=r.run, kwargs={"once": True}) for r in runners]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(effects(portal)) == 1


def test_a_duty_that_still_waits_is_not_doubled(portal, queue, worker):
    """A duty that fails keeps its distance: its next time does not hurry it."""

    def fails(_job):
        raise ValueError("no")

    runner = worker(work=fails, duties=[SELDOM])
    for _ in range(3):
        runner.run(once=True)
        let_it_be_due(portal)
    assert queue.counts() == {"failed": 1}
    with portal.app_context():
        attempts = _db.session.scalar(select(func.max(jobs.service.QueuedJob.attempts)))
    assert attempts == 1


@pytest.mark.parametrize("change", ["rule", "period"])
def test_another_rule_counts_anew(portal, worker, change):
    worker(work=effect, duties=[SELDOM]).run(once=True)
    rarer = Duty("work", Every(timedelta(days=9999)))
    worker(work=effect, duties=[rarer if change == "period" else SELDOM]).run(once=True)
    row = times(portal)["work"]
    far = row.next_at - clock.now() > timedelta(days=31)
    assert far == (change == "period")
