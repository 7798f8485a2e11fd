"""Both sides of the drill of mail, each in processes that may be killed: the server, the workers.

`python -m tests.bench.mail_sides serve PORT FOLDER PAUSE` is the mail server: what it has taken lies
in a file of its own, on the disk, before it says so, up to PAUSE seconds later. `… worker` is one
of the workers; `… worker asked 7` kills itself at its 7th mail, where that hurts most: when it has
kept that it hands over and has not said so (`asked`), or when the last line goes out and the answer
is not heard yet (`answered`).
"""

import itertools
import os
import random
import signal
import sys
import uuid
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from portal import work
from portal.app import create_app
from portal.cli.worker import build, free_locks, listen
from portal.config import load
from portal.db import db

LEASE = timedelta(seconds=3)


def serve(port, folder, pause):
    """Take mail until killed; slow at random, where a kill hurts most when there is a pause."""
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
            if pause:
                await asyncio.sleep(random.random() * pause)  # it has it, and has not said so
            return "250 2.0.0 kept"

    async def run():
        loop = asyncio.get_running_loop()
        server = await loop.create_server(
            lambda: SMTP(Store(), enable_SMTPUTF8=True, hostname="mail.test"), "127.0.0.1", port
        )
        await server.serve_forever()

    asyncio.run(run())


def die_at(place, mail):
    """Let this process kill itself at a place of handing over its n-th mail."""
    from portal.library.mail import carrying
    from portal.library.mail.carrying import Courier

    hand_over, tell, numbers = carrying.hand_over, Courier.tell, itertools.count(1)
    is_last = False

    def die():
        os.kill(os.getpid(), signal.SIGKILL)

    def fatal(*args, last_moment):
        nonlocal is_last
        is_last = next(numbers) == mail

        def moment():
            last_moment()
            if is_last and place == "asked":
                die()

        return hand_over(*args, last_moment=moment)

    def told(self, line):
        tell(self, line)
        if is_last and line == carrying.GO:
            die()

    carrying.hand_over, Courier.tell = fatal, told


def be_worker(fate=()):
    """Be a worker that does nothing but send, with a short lease, until the drill is gone."""
    if fate:
        die_at(fate[0], int(fate[1]))
    settings = load()
    app = create_app(settings)
    with app.app_context():
        free_locks(db.engine, LEASE.total_seconds())
    send = replace(work.HANDLERS["mail"], lease=LEASE)
    runner = build(app, settings, child_of=os.getppid())
    runner.handlers, runner.duties, runner.poll = {"mail": send}, (), 0.2
    listen(runner)
    runner.run()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        if sys.argv[1:2] == ["serve"]:
            serve(int(sys.argv[2]), Path(sys.argv[3]), float(sys.argv[4]))
        else:
            be_worker(sys.argv[2:4])
