"""Jobs under random SIGKILL and SIGSTOP of three workers: as many effects as jobs, not one more.

`python -m tests.bench.jobs SECONDS` is one of those workers; the drill starts it, kills it, stops
it past its lease, lets it go on, and starts another one.
"""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import text

from portal import jobs
from portal.app import create_app
from portal.cli.worker import free_locks, listen, name_of_this
from portal.config import Config, load
from portal.db import Base, db
from portal.jobs import queries
from portal.jobs.runner import Runner
from tests.bench.table import Figure, show
from tests.browser import ROOT

JOBS, WORKERS = 300, 3
LEASE = 2.0
TABLES = (
    "CREATE TABLE effects (job INTEGER NOT NULL, token INTEGER NOT NULL)",
    "CREATE TABLE steps (job INTEGER NOT NULL, token INTEGER NOT NULL)",
)


def work(job):
    """Do something before, within and after the transaction that keeps the effect."""
    rest = random.Random().expovariate
    time.sleep(min(rest(15), 0.5))
    say = text("INSERT INTO effects (job, token) VALUES (:job, :token)")
    db.session.execute(say, {"job": job.payload["n"], "token": job.token})
    time.sleep(min(rest(60), 0.2))
    return str(job.payload["n"])


def steps(job):
    """The same in two steps; the first one may be repeated, the last one not."""
    say = text("INSERT INTO steps (job, token) VALUES (:job, :token)")
    db.session.execute(say, {"job": job.payload["n"], "token": job.token})
    job.checkpoint()
    return work(job)


def worker():
    """Be one of the workers, on the database of the environment, until the server is gone."""
    app = create_app(load())
    with app.app_context():
        free_locks(db.engine, LEASE)
    lease = timedelta(seconds=LEASE)
    parent = os.getppid()
    runner = Runner(
        name=name_of_this(),
        context=app.app_context,
        handlers={
            "work": jobs.Handler(work, lease=lease, attempts=10_000),
            "steps": jobs.Handler(steps, lease=lease, attempts=10_000),
        },
        zone=ZoneInfo("UTC"),
        is_orphan=lambda: os.getppid() != parent,
        poll=0.1,
    )
    listen(runner)
    runner.run()


class Drill:
    """One run on one database."""

    def __init__(self, folder: Path, url: str, *, seed: int = 7):
        self.random = random.Random(seed)
        self.config = Config(data_dir=folder, database_url=url)
        self.app = create_app(self.config)
        self.environ = {k: v for k, v in os.environ.items() if not k.startswith("PORTAL_")}
        self.environ |= {"PORTAL_DATA_DIR": str(folder), "PORTAL_LOG_LEVEL": "ERROR"}
        if url:
            self.environ["PORTAL_DATABASE_URL"] = url
        self.workers = []
        self.did = Counter()

    def fill(self, count):
        """Make the tables and enqueue the jobs."""
        with self.app.app_context():
            Base.metadata.create_all(db.engine)
            for table in TABLES:
                db.session.execute(text(table))
            for n in range(count):
                jobs.enqueue("steps" if n % 3 == 0 else "work", {"n": n}, key=f"n:{n}")
            db.session.commit()

    def _start(self):
        command = [sys.executable, "-m", "tests.bench.jobs"]
        process = subprocess.Popen(
            command, cwd=ROOT, env=self.environ, stderr=subprocess.DEVNULL, start_new_session=True
        )
        self.workers.append(process)

    def left(self):
        """How many jobs are not done yet."""
        with self.app.app_context():
            counts = queries.counts()
            db.session.rollback()
        return sum(counts.values()) - counts["done"]

    @contextmanager
    def _workers(self, count):
        try:
            for _ in range(count):
                self._start()
            yield
        finally:
            for process in self.workers:
                process.kill()
                process.wait()
            with self.app.app_context():
                db.session.remove()
                db.engine.dispose()

    def run(self, count, *, workers=WORKERS, kills, stops, patience):
        """Disturb the workers until each disturbance was made and every job is done, or patience ends."""
        self.fill(count)
        begun = time.monotonic()
        with self._workers(workers):
            while time.monotonic() < begun + patience:
                left = self.left()
                share = 1 - left / count
                if not left and self.did["kills"] >= kills and self.did["stops"] >= stops:
                    break
                # spread over the run: a disturbance each time as much of the work is done
                if self.did["kills"] < kills and share >= self.did["kills"] / (kills + 1):
                    self._kill()
                if self.did["stops"] < stops and share >= (self.did["stops"] + 0.5) / (stops + 1):
                    self._stop()
                time.sleep(self.random.uniform(0.05, 0.25))
            took = time.monotonic() - begun
            return took, self.left(), *self._effects()

    def _kill(self):
        victim = self.random.choice(self.workers)
        victim.kill()
        victim.wait()
        self.workers.remove(victim)
        self.did["kills"] += 1
        self._start()

    def _stop(self):
        """Stop a worker for longer than its lease, then let it go on with what it was doing."""
        victim = self.random.choice(self.workers)
        victim.send_signal(signal.SIGSTOP)
        time.sleep(LEASE * self.random.uniform(1.2, 2.0))
        victim.send_signal(signal.SIGCONT)
        self.did["stops"] += 1

    def _effects(self):
        """(effects, different ones, the highest token)."""
        query = "SELECT count(*), count(DISTINCT job), coalesce(max(token), 0) FROM effects"
        with self.app.app_context():
            found = tuple(db.session.execute(text(query)).one())
            db.session.rollback()
        return found


def run(count=JOBS):
    """Run the drill on SQLite, and on PostgreSQL when PORTAL_TEST_DATABASE_URL names a server."""
    from tests.conftest import POSTGRESQL, fresh_postgresql

    urls = {"SQLite": ""} | ({"PostgreSQL": f"{POSTGRESQL}_drill"} if POSTGRESQL else {})
    good = True
    for name, url in urls.items():
        if url:
            fresh_postgresql(url)
        with tempfile.TemporaryDirectory() as folder:
            drill = Drill(Path(folder), url)
            took, left, effects, different, token = drill.run(
                count, kills=count // 10, stops=count // 20, patience=900
            )
        did = f"{drill.did['kills']} SIGKILL, {drill.did['stops']} SIGSTOP past the lease"
        good &= show(
            f"{count} jobs, {WORKERS} workers, {name}",
            [
                Figure("effects", effects, "", least=count, most=count, note=did),
                Figure("jobs with an effect", different, "", least=count),
                Figure("jobs left", left, "", most=0),
                Figure("attempts of the unluckiest job", token, ""),
                Figure("seconds", took, "s"),
            ],
        )
    return good


if __name__ == "__main__":
    worker()
