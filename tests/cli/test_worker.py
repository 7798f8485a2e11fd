"""`portal worker`: does what is due, says what waits, ends when told, with its parent, at once."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta

import pytest

from portal import clock, jobs, work
from portal.app import create_app
from portal.db import db
from portal.jobs import queries
from portal.jobs.models import JobWorker
from portal.library.background.labels import JOBS
from tests.browser import ROOT
from tests.browser import portal as start

SECONDS = 60


@pytest.fixture
def unit(settings, ready):
    """Run something in a unit of work on the database of the commands."""

    def run(do):
        with create_app(settings).app_context():
            done = do()
            db.session.commit()
            db.session.remove()
            db.engine.dispose()
            return done

    return run


def add(state="waiting", name="late-times", **values):
    row = queries.job(jobs.enqueue(name))
    for key, value in {"state": state, **values}.items():
        setattr(row, key, value)
    if state == "dead":
        row.finished_at, row.attempts, row.error = clock.now(), 8, "ValueError: no"
    return row.id


@pytest.fixture
def _nothing_by_itself(monkeypatch):
    """The minute may turn between two commands."""
    monkeypatch.setattr(work, "DUTIES", ())


@pytest.mark.usefixtures("_nothing_by_itself")
def test_once_does_what_is_due(ready, unit):
    unit(add)
    unit(lambda: add(due_at=clock.now() + timedelta(days=1)))
    assert ready("worker", "--once").out == "1 done, 0 failed.\n"
    assert ready("worker", "--once", "--json").json == {"done": 0, "failed": 0, "lost": 0}
    counts = ready("worker", "status", "--json").json["jobs"]
    assert (counts["done"], counts["waiting"]) == (1, 1)


def test_json_of_what_never_ends_is_wrong_usage(ready):
    assert ready("worker", "--json").status == 2


def test_status(ready, unit):
    number = unit(lambda: add("dead"))
    unit(lambda: add(due_at=clock.now() - timedelta(seconds=90)))
    found = ready("worker", "status", "--json").json
    assert [(row["id"], row["error"]) for row in found["dead"]] == [(number, "ValueError: no")]
    assert found["due"] == 1
    assert found["oldest_due_seconds"] >= 90
    assert found["workers"] == []
    said = ready("worker", "status").out
    assert "0 worker(s) alive." in said
    assert "ValueError: no" in said
    ready("worker", "--once")
    assert {row["name"] for row in ready("worker", "status", "--json").json["duties"]} == {
        duty.name for duty in work.DUTIES
    }
    assert "index-drain" in ready("worker", "status").out


@pytest.mark.usefixtures("_nothing_by_itself")
def test_retry(ready, unit):
    number = unit(lambda: add("dead"))
    unit(lambda: add("dead"))
    assert ready("worker", "retry", number).out == "1 job(s) will be tried again.\n"
    assert ready("worker", "retry", "--all-dead").out == "1 job(s) will be tried again.\n"
    assert ready("worker", "--once", "--json").json["done"] == 2


@pytest.mark.parametrize("words", [(), ("1", "--all-dead"), ("0",), ("x",)], ids=str)
def test_retry_wants_one_of_two(ready, words):
    assert ready("worker", "retry", *words).status == 2


def test_retry_of_nothing_is_refused(ready):
    said = ready("worker", "retry", "7")
    assert (said.status, said.err) == (1, "there is no such job\n")


def test_half_told_settings_are_refused(ready, monkeypatch):
    monkeypatch.delenv("PORTAL_SECRET_KEY")
    assert "PORTAL_SECRET_KEY is not set" in ready("worker").err


# --- doctor -------------------------------------------------------------------------------------


def findings(ready):
    rows = ready("doctor", "--json").json["findings"]
    return {(row["name"], row["state"]): row["what"] for row in rows}


def test_the_doctor_looks_at_the_worker(ready, unit):
    found = findings(ready)
    assert found["worker", "warn"] == "none is running"
    assert found["jobs", "ok"] == "0 due"

    def alive():
        now = clock.now()
        db.session.add(JobWorker(name="one", started_at=now, seen_at=now))
        add("dead")
        add(due_at=now - timedelta(seconds=500))

    unit(alive)
    found = findings(ready)
    assert found["worker", "ok"] == "1 alive"
    assert ("jobs", "ok") not in found
    told = [
        row["what"] for row in ready("doctor", "--json").json["findings"] if row["name"] == "jobs"
    ]
    assert [what.split()[0] for what in told] == ["1", "1"]
    assert told[1] == "1 given up"


# --- what is registered -------------------------------------------------------------------------


def test_every_duty_and_handler_is_complete():
    assert {duty.name for duty in work.DUTIES} <= set(work.HANDLERS)
    assert set(work.HANDLERS) == set(JOBS), "each has words of its own on the desk's page"
    for handler in work.HANDLERS.values():
        assert handler.lease <= handler.limit
        assert handler.attempts > 0


# --- processes ----------------------------------------------------------------------------------


def until(true, seconds=SECONDS):
    deadline = time.monotonic() + seconds
    while not (found := true()) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert found
    return found


def alive(unit):
    return unit(lambda: [row.name for row in queries.workers()])


def environ():
    return {k: v for k, v in os.environ.items() if k.startswith("PORTAL_")}


@pytest.mark.slow
@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_ends_when_it_is_told(unit, sign):
    process = start("worker", environ=environ())
    try:
        until(lambda: alive(unit))
        process.send_signal(sign)
        assert process.wait(SECONDS) == 0
        assert alive(unit) == []
    finally:
        process.kill()
        process.wait()


BUSY = """
import sys, time
from portal import cli, jobs, work
from portal.cli import worker
worker.GRACE, worker.GONE = 1, {gone}
def busy(job):
    print("busy", flush=True)
    {body}
work.HANDLERS["late-times"] = jobs.Handler(busy)
sys.argv = ["portal", "worker"]
cli.main()
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("body", "gone", "state", "status"),
    [
        ("time.sleep(600)", 60, ("waiting", 1, 1), 0),
        ("while True:\\n        try: time.sleep(600)\\n        except BaseException: pass", 3, ("running", 1, 0), 1),
    ],
    ids=["a job that is put back", "a job that does not let go"],
)  # fmt: skip
def test_a_worker_in_the_middle_of_a_job_ends_soon(unit, body, gone, state, status):
    number = unit(add)
    code = BUSY.format(gone=gone, body=body.replace("\\n", "\n"))
    process = subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout.readline() == "busy\n"
        process.terminate()
        assert process.wait(SECONDS) == status

        def told():
            row = queries.job(number)
            return row.state, row.attempts, row.forgiven

        assert unit(told) == state
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def test_the_limits_keep_the_promise():
    from portal.cli.server import ALL_ENDS
    from portal.cli.worker import GONE, GRACE

    assert 0 < GRACE < GONE < ALL_ENDS <= 10
