"""The thread beside a worker: extends its lease, says that it lives, ends what hangs."""

import logging
import os
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Any, Self

from sqlalchemy import update
from sqlalchemy.exc import DBAPIError

from portal import clock, logs
from portal.db import apart, writing
from portal.jobs import claiming
from portal.jobs.claiming import Claimed
from portal.jobs.models import JobWorker
from portal.jobs.rules import SEEN_EVERY, Handler

log = logging.getLogger(__name__)

LOOK = 0.5
"""Seconds between two looks at the clock."""
DEAF = 15.0
"""Seconds after which a job that was interrupted and goes on takes the whole process along."""


class Watch:
    """Watches one worker from a thread of its own, which a stopped process stops as well."""

    def __init__(
        self,
        context: Callable[[], AbstractContextManager[Any]],
        name: str,
        interrupt: Callable[[], None],
    ) -> None:
        """Keep what it needs; it begins with the `with` block."""
        self._context, self._name, self._interrupt = context, name, interrupt
        self._over = threading.Event()
        self._lock = threading.Lock()
        self._job: tuple[Claimed, Handler, float] | None = None
        self._thread: threading.Thread | None = None
        self._beaten = self._seen = 0.0
        self._told = False
        self._deadline: float | None = None

    def give(self, seconds: float | None) -> None:
        """End the whole process in so many seconds; takes no lock, for signals' handlers."""
        self._deadline = None if seconds is None else time.monotonic() + seconds

    def __enter__(self) -> Self:
        """Begin to watch."""
        self._over.clear()
        self._thread = threading.Thread(target=self._watch, name="watch", daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End, without waiting long for a database that is busy."""
        self._over.set()
        if self._thread is not None:
            self._thread.join(1)

    def begin(self, job: Claimed, handler: Handler) -> None:
        """Watch over a job from now on."""
        with self._lock:
            self._beaten, self._told = time.monotonic(), False
            self._job = (job, handler, self._beaten)

    def end(self) -> None:
        """The job has ended, well or not."""
        with self._lock:
            self._job = None

    def _watch(self) -> None:
        while not self._over.wait(LOOK):
            if self._deadline is not None and time.monotonic() > self._deadline:
                log.critical("this worker can not finish: ending it")
                os._exit(1)
            try:
                self._look(time.monotonic())
            except DBAPIError as error:
                log.debug("no heartbeat: %s", logs.kind(error))

    def _look(self, now: float) -> None:
        with self._lock:
            watched = self._job
        if now - self._seen >= SEEN_EVERY.total_seconds():
            self._seen = now
            self._say_alive()
        if watched is None:
            return
        job, handler, begun = watched
        ran, limit = now - begun, handler.limit.total_seconds()
        if ran > limit + DEAF:
            log.critical("job %d (%s) does not end: ending this worker", job.id, job.name)
            os._exit(1)
        if ran > limit:
            if not self._told:
                self._told = True
                log.error("job %d (%s) takes longer than %.0f s", job.id, job.name, limit)
                self._interrupt()
            return
        if now - self._beaten >= job.lease.total_seconds() / 3:
            self._beaten = now
            self._extend(job)

    def _extend(self, job: Claimed) -> None:
        with self._context(), writing(), apart() as own:
            ours = claiming.extend(own, job)
            own.commit()
        if not ours:
            log.debug("job %d (%s) is not ours any more, or has just ended", job.id, job.name)

    def _say_alive(self) -> None:
        seen = update(JobWorker).where(JobWorker.name == self._name).values(seen_at=clock.now())
        with self._context(), writing(), apart() as own:
            own.execute(seen)
            own.commit()
