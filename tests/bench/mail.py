"""500 notices by mail while the mail server and the workers are killed: each arrives, once.

`python -m tests.bench.mail serve PORT FOLDER` is the mail server: what it has taken lies in a file
of its own, on the disk, before it says so. `… worker` is one of the workers.
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
import uuid
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

from sqlalchemy import func, select

from portal import work
from portal.app import create_app
from portal.cli.worker import build, free_locks, listen
from portal.config import Config, load
from portal.db import Base, db
from tests.bench.table import Figure, show
from tests.browser import ROOT

NOTICES, PEOPLE, WORKERS = 500, 25, 2
KILLS, OUTAGES = 10, 10
LEASE = timedelta(seconds=3)
SECRET = "not a secret: only this drill uses it"


def serve(port, folder):
    """Take mail until killed; slow at random, where a kill hurts most."""
    import asyncio

    from aiosmtpd.smtp import SMTP

    class Store:
        async def handle_DATA(self, server, session, envelope):  # noqa: N802
            await asyncio.sleep(random.random() * 0.01)
            path = folder / uuid.uuid4().hex
            with path.open("xb") as file:
                file.write(envelope.content)
                file.flush()
                os.fsync(file.fileno())
            path.rename(path.with_suffix(".eml"))
            await asyncio.sleep(random.random() * 0.02)  # it has it, and has not said so
            return "250 2.0.0 kept"

    async def run():
        loop = asyncio.get_running_loop()
        server = await loop.create_server(
            lambda: SMTP(Store(), enable_SMTPUTF8=True, hostname="mail.test"), "127.0.0.1", port
        )
        await server.serve_forever()

    asyncio.run(run())


def be_worker():
    """Be a worker that does nothing but send, with a short lease, until the drill is gone."""
    settings = load()
    app = create_app(settings)
    with app.app_context():
        free_locks(db.engine, LEASE.total_seconds())
    send = replace(work.HANDLERS["mail"], lease=LEASE)
    runner = build(app, settings, child_of=os.getppid())
    runner.handlers, runner.duties, runner.poll = {"mail": send}, (), 0.2
    listen(runner)
    runner.run()


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


class Drill:
    """One run on one database."""

    def __init__(self, folder: Path, url: str, *, seed: int = 11):
        self.random = random.Random(seed)
        self.spool = folder / "spool"
        self.spool.mkdir()
        self.port = free_port()
        told = {
            "data_dir": folder / "data", "database_url": url, "secret_key": SECRET,
            "base_url": "http://127.0.0.1:8000", "smtp_host": "127.0.0.1",
            "smtp_port": self.port, "smtp_tls": "none", "mail_from": "Arsenal <a@example.com>",
        }  # fmt: skip
        self.environ = {k: v for k, v in os.environ.items() if not k.startswith("PORTAL_")}
        self.environ |= {f"PORTAL_{k.upper()}": str(v) for k, v in told.items() if v}
        self.environ["PORTAL_LOG_LEVEL"] = "ERROR"
        self.app = create_app(Config(**told))
        self.workers, self.server = [], None
        self.did = Counter()

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
            [sys.executable, "-m", "tests.bench.mail", *told], cwd=ROOT, env=self.environ,
            stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip

    def _serve(self):
        self.server = self._start("serve", str(self.port), str(self.spool))

    def left(self):
        """How many jobs are not done."""
        from portal.jobs import queries

        with self.app.app_context():
            counts = queries.counts()
            db.session.rollback()
        return sum(counts.values()) - counts["done"], counts["dead"]

    def run(self, count, *, kills=KILLS, outages=OUTAGES, patience=600):
        """Disturb both sides, spread over the work, until all is sent or patience ends."""
        self.fill(count)
        begun = time.monotonic()
        try:
            self._serve()
            self.workers = [self._start("worker") for _ in range(WORKERS)]
            while time.monotonic() < begun + patience:
                left, dead = self.left()
                share = 1 - left / count
                if left == dead and self.did["kills"] >= kills and self.did["outages"] >= outages:
                    break
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

    def _kill(self):
        victim = self.random.choice(self.workers)
        victim.send_signal(signal.SIGKILL)
        victim.wait()
        self.workers.remove(victim)
        self.workers.append(self._start("worker"))
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

        taken = Counter()
        about = {}
        for path in self.spool.glob("*.eml"):
            read = message_from_bytes(path.read_bytes(), policy=policy.default)
            text = read.get_body(("plain",)).get_content()
            number = int(re.search(r"/requests/(\d+)\s", text)[1])
            taken[read["Message-ID"]] += 1
            about.setdefault(number, set()).add(read["Message-ID"])
        with self.app.app_context():
            doubts = db.session.scalar(select(func.sum(Mail.doubts))) or 0
            states = dict(
                db.session.execute(select(Mail.state, func.count()).group_by(Mail.state)).all()
            )
            db.session.rollback()
        return {
            "raw": taken.total(), "mails": len(taken), "notices": len(about),
            "twice": sum(len(ids) > 1 for ids in about.values()),
            "lost": count - len(about), "doubts": int(doubts), "took": took,
            "sent": states.get("sent", 0), "did": dict(self.did),
        }  # fmt: skip


def run(count=NOTICES):
    """Run the drill on SQLite, and on PostgreSQL when PORTAL_TEST_DATABASE_URL names a server."""
    from tests.conftest import POSTGRESQL, fresh_postgresql

    urls = {"SQLite": ""} | ({"PostgreSQL": f"{POSTGRESQL}_mail_drill"} if POSTGRESQL else {})
    good = True
    for name, url in urls.items():
        if url:
            fresh_postgresql(url)
        with tempfile.TemporaryDirectory() as folder:
            found = Drill(Path(folder), url).run(count)
        did = found["did"]
        note = (
            f"workers killed {did.get('kills', 0)} times, the server {did.get('outages', 0)} times"
        )
        good &= show(
            f"{count} notices by mail, {WORKERS} workers, {name}",
            [
                Figure("notices that arrived", found["notices"], "", least=count, note=note),
                Figure("lost", found["lost"], "", most=0),
                Figure("mails by Message-ID", found["mails"], "", least=count, most=count),
                Figure("notices in two mails", found["twice"], "", most=0),
                Figure("kept as sent", found["sent"], "", least=count),
                Figure("handed over again, in doubt", found["doubts"], ""),
                Figure("copies a store drops by Message-ID", found["raw"] - found["mails"], ""),
                Figure("seconds", found["took"], "s"),
            ],
        )
    return good


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        if sys.argv[1:2] == ["serve"]:
            serve(int(sys.argv[2]), Path(sys.argv[3]))
        else:
            be_worker()
