"""500 notices by mail while the mail server and the workers are killed: each arrives, once.

As a mail server is (it answers when it has a mail), and with one that waits up to 20 ms with the
answer, so that a kill often falls where SMTP can not tell whether it has the mail. There both
answers to that are drilled (`PORTAL_MAIL_IN_DOUBT`, see `portal.library.mail.sending`). `again`:
two copies are allowed where the server was killed in between, are the same to the byte, and are one
to a store that knows a mail by its Message-ID. `hold`: the server gets no mail twice; what it may
have is held, and at the end the drill does what a person would: it looks whether the server has it,
and drops it or lets it be tried again.
"""

import os
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from email import message_from_bytes, policy
from pathlib import Path

from sqlalchemy import func, select

from portal.app import create_app
from portal.config import Config
from portal.db import Base, db
from tests.bench.table import Figure, show
from tests.browser import ROOT

NOTICES, PEOPLE, WORKERS = 500, 25, 2
KILLS, OUTAGES, DEATHS = 10, 10, 6
SLOW = 0.02
"""Seconds at most between a slow server's keeping a mail and its saying so."""
PATIENCE = 240
"""Seconds without a mail sent after which the drill gives up."""
SECRET = "not a secret: only this drill uses it"


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


class Drill:
    """One run on one database."""

    def __init__(
        self, folder: Path, url: str, *, in_doubt: str = "again", pause=0.0, seed: int = 11
    ):
        self.in_doubt, self.pause = in_doubt, pause
        self.random = random.Random(seed)
        self.spool = folder / "spool"
        self.spool.mkdir()
        self.port = free_port()
        told = {
            "data_dir": folder / "data", "database_url": url, "secret_key": SECRET,
            "base_url": "http://127.0.0.1:8000", "smtp_host": "127.0.0.1",
            "smtp_port": self.port, "smtp_tls": "none", "mail_from": "Arsenal <a@example.com>",
            "mail_in_doubt": in_doubt,
        }  # fmt: skip
        self.environ = {k: v for k, v in os.environ.items() if not k.startswith("PORTAL_")}
        self.environ |= {f"PORTAL_{k.upper()}": str(v) for k, v in told.items() if v}
        self.environ["PORTAL_LOG_LEVEL"] = "ERROR"
        self.app = create_app(Config(**told))
        self.workers, self.server = [], None
        self.did, self.deaths = Counter(), 0
        self.unaided = None  # what the server had before anybody looked at what was held

    def fill(self, count):
        """Tell people of something `count` times, in transactions of their own."""
        from portal.library.notices import service as notices
        from portal.library.notices.rules import Topic
        from tests import make

        with self.app.app_context():
            Base.metadata.create_all(db.engine)
            people = [make.user(language=("en", "vi", "ru")[n % 3]).id for n in range(PEOPLE)]
            actor = make.user(name="Tom Ở Đây", role="marketer").id
            for n in range(count):
                notices.tell(
                    [people[n % PEOPLE]], Topic.REQUEST_TAKEN, actor_id=actor,
                    path=f"/requests/{n}", detail={"title": f"Сравнение № {n}"},
                )  # fmt: skip
            db.session.commit()

    def _start(self, *told):
        return subprocess.Popen(
            [sys.executable, "-m", "tests.bench.mail_sides", *told], cwd=ROOT, env=self.environ,
            stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip

    def _serve(self):
        self.server = self._start("serve", str(self.port), str(self.spool), str(self.pause))

    def left(self):
        """How many jobs are not done."""
        from portal.jobs import queries

        with self.app.app_context():
            counts = queries.counts()
            db.session.rollback()
        return sum(counts.values()) - counts["done"] - counts["dropped"], counts["dead"]

    def taken(self):
        """What the server has, by its own record: the Message-ID of each file."""
        return Counter(
            message_from_bytes(path.read_bytes(), policy=policy.default)["Message-ID"]
            for path in self.spool.glob("*.eml")
        )

    def _decide(self):
        """Be the person who looks whether the server has what is held."""
        from portal.jobs import service as jobs
        from portal.jobs.models import QueuedJob

        taken = self.taken()
        with self.app.app_context():
            for row in db.session.scalars(select(QueuedJob).where(QueuedJob.state == "dead")):
                name = re.search(r"<\S+@\S+>$", row.error)[0]
                (jobs.drop if name in taken else jobs.retry)(row.id)
                self.did["held, and the server had it" if name in taken else "held, and not"] += 1
            db.session.commit()

    def _work(self):
        """Start a worker; one that is to die in the middle of a mail, until enough have."""
        if self.did["deaths"] >= self.deaths:
            return self._start("worker")
        place = ("asked", "answered")[self.did["deaths"] % 2]
        return self._start("worker", place, str(self.random.randint(1, 6)))

    def run(self, count, *, kills=KILLS, outages=OUTAGES, deaths=DEATHS, patience=PATIENCE):
        """Disturb both sides, spread over the work, until all is sent or patience ends."""
        self.fill(count)
        self.deaths = deaths
        begun = moved = time.monotonic()
        before = count
        try:
            self._serve()
            self.workers = [self._work() for _ in range(WORKERS)]
            while time.monotonic() < moved + patience:
                left, dead = self.left()
                if left != before:
                    before, moved = left, time.monotonic()
                share = 1 - left / count
                if left == dead and self.did["kills"] >= kills and self.did["outages"] >= outages:
                    if not dead or self.in_doubt != "hold":
                        break
                    self.unaided = self.taken()
                    self._decide()
                self._bury()
                if self.did["kills"] < kills and share >= self.did["kills"] / (kills + 1):
                    self._kill()
                if self.did["outages"] < outages and share >= (self.did["outages"] + 0.5) / (
                    outages + 1
                ):
                    self._outage()
                time.sleep(self.random.uniform(0.02, 0.2))
            return self._found(count, time.monotonic() - begun)
        finally:
            for process in [*self.workers, self.server]:
                if process is not None:
                    process.kill()
                    process.wait()
            with self.app.app_context():
                db.session.remove()
                db.engine.dispose()

    def _bury(self):
        """Put others in the place of workers that have died."""
        for died in [worker for worker in self.workers if worker.poll() is not None]:
            self.did["deaths" if died.returncode == -signal.SIGKILL else "faults"] += 1
            self.workers.remove(died)
            self.workers.append(self._work())

    def _kill(self):
        victim = self.random.choice(self.workers)
        victim.send_signal(signal.SIGKILL)
        victim.wait()
        self.workers.remove(victim)
        self.workers.append(self._work())
        self.did["kills"] += 1

    def _outage(self):
        self.server.kill()
        self.server.wait()
        time.sleep(self.random.uniform(0.1, 1.5))
        self._serve()
        self.did["outages"] += 1

    def _found(self, count, took):
        """Read the spool: every file is a mail the server has taken."""
        from portal.library.mail.models import Mail

        taken, texts = Counter(), set()
        about = {}
        for path in self.spool.glob("*.eml"):
            read = message_from_bytes(path.read_bytes(), policy=policy.default)
            text = read.get_body(("plain",)).get_content()
            number = int(re.search(r"/requests/(\d+)\s", text)[1])
            taken[read["Message-ID"]] += 1
            texts.add(path.read_bytes())
            about.setdefault(number, set()).add(read["Message-ID"])
        with self.app.app_context():
            doubts = db.session.scalar(select(func.sum(Mail.doubts))) or 0
            states = dict(
                db.session.execute(select(Mail.state, func.count()).group_by(Mail.state)).all()
            )
            db.session.rollback()
        return {
            "raw": taken.total(), "mails": len(taken), "notices": len(about), "texts": len(texts),
            "twice": sum(len(ids) > 1 for ids in about.values()),
            "lost": count - len(about), "doubts": int(doubts), "took": took,
            "sent": states.get("sent", 0), "did": dict(self.did),
            "held": self.did["held, and the server had it"] + self.did["held, and not"],
            "unaided": len(taken if self.unaided is None else self.unaided),
        }  # fmt: skip


def run(count=NOTICES):
    """Run the drill on SQLite, and on PostgreSQL when PORTAL_TEST_DATABASE_URL names a server."""
    from tests.conftest import POSTGRESQL, fresh_postgresql

    urls = {"SQLite": ""} | ({"PostgreSQL": f"{POSTGRESQL}_mail_drill"} if POSTGRESQL else {})
    seed = int(os.environ.get("DRILL_SEED", "11"))
    good = True
    for name, url in urls.items():
        for in_doubt, pause in (("again", 0.0), ("again", SLOW), ("hold", SLOW)):
            if url:
                fresh_postgresql(url)
            with tempfile.TemporaryDirectory() as folder:
                found = Drill(Path(folder), url, in_doubt=in_doubt, pause=pause, seed=seed).run(
                    count
                )
            server = "a server slow to answer" if pause else "a server that answers"
            title = f"{count} notices by mail, {WORKERS} workers, {name}, {server}, {in_doubt}"
            good &= show(title, _figures(count, found, in_doubt, pause))
    return good


def _figures(count, found, in_doubt, pause):
    did, copies = found["did"], found["raw"] - found["mails"]
    killed = f"{did.get('kills', 0)} at random, {did.get('deaths', 0)} in the middle of a mail"
    note = f"workers killed: {killed}; the server {did.get('outages', 0)} times"
    shared = [
        Figure("notices that arrived", found["notices"], "", least=count, note=note),
        Figure("lost", found["lost"], "", most=0),
        Figure("mails by Message-ID", found["mails"], "", least=count, most=count),
        Figure("notices in two mails", found["twice"], "", most=0),
        Figure("mails that differ", found["texts"], "", least=count, most=count),
    ]
    if in_doubt == "hold":
        had = did.get("held, and the server had it", 0)
        own = [
            Figure("mails the server got", found["raw"], "", least=count, most=count),
            Figure("mails it got twice", copies, "", most=0),
            Figure("arrived before anybody looked", found["unaided"], ""),
            Figure("held for a person", found["held"], "", note=f"the server had {had} of them"),
        ]
    else:
        own = [
            Figure("kept as sent", found["sent"], "", least=count),
            Figure("handed over again, in doubt", found["doubts"], ""),
            Figure("mails it got twice", copies, "", most=found["doubts"] if pause else 0),
        ]
    return [*shared, *own, Figure("seconds", found["took"], "s")]
