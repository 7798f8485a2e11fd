"""A worker: claims what is due, does it, ends it under its fencing token, and says that it lives.

It alone commits beside a request's one commit: a claim must be seen by others before the work
begins, and the work commits together with the mark that it is done.
"""

import logging
import os
import select
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete
from sqlalchemy.exc import DBAPIError

from portal import clock, logs, tracing
from portal.db import db, inserting, reading, writing
from portal.jobs import claiming, duties, queries
from portal.jobs.claiming import Claimed, LeaseLostError, NotYet
from portal.jobs.models import JobWorker
from portal.jobs.rules import Duty, Handler, State
from portal.jobs.watching import Watch

log = logging.getLogger(__name__)

POLL = 1.0
"""Seconds between two looks for work."""
AFTER_TROUBLE = 5.0
"""Seconds to leave a database alone that can not be used."""


class Interrupted(BaseException):  # like KeyboardInterrupt: no handler may catch it
    """The attempt is to end now: the worker has to, or the job takes too long."""


@dataclass
class Tally:
    """What a worker has done so far."""

    done: int = 0
    failed: int = 0
    lost: int = 0


def _nothing() -> None:
    """Do nothing after a job."""


@dataclass
class Runner:
    """One worker; `context` opens the application's, `after` follows each job that was done.

    `interrupt` is called, from another thread, when a job has run longer than its handler allows.
    """

    name: str
    context: Callable[[], AbstractContextManager[Any]]
    handlers: Mapping[str, Handler]
    duties: Iterable[Duty] = ()
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    after: Callable[[], None] = _nothing
    interrupt: Callable[[], None] = _nothing
    is_orphan: Callable[[], bool] = lambda: False
    poll: float = POLL
    tally: Tally = field(default_factory=Tally)
    stopping: bool = False
    at_work: bool = False  # a handler runs, and may be interrupted

    def __post_init__(self) -> None:
        """Open the pipe that wakes it: a signal's handler may write to it, and take no lock."""
        self._woken, self._wake = os.pipe()
        os.set_blocking(self._wake, False)
        self._watch = Watch(self.context, self.name, self.interrupt)

    def stop(self, *, within: float | None = None) -> None:
        """Begin nothing more; safe to call from a signal's handler and from other threads.

        `within` so many seconds the process has ended, whatever it does.
        """
        self.stopping = True
        self._watch.give(within)
        with suppress(OSError):
            os.write(self._wake, b".")

    def run(self, *, once: bool = False) -> Tally:
        """Work until told to stop; `once`: until nothing is due."""
        with self._watch:
            self._begin(patient=not once)
            while not self.stopping:
                try:
                    busy = self.step()
                except DBAPIError as error:
                    if once:
                        raise
                    log.warning("the database can not be used: %s", logs.kind(error))
                    self._rest(AFTER_TROUBLE)
                    continue
                if once and not busy:
                    break
                if not busy:
                    self._rest(self.poll)
                if self.is_orphan():
                    log.info("the server is gone: ending")
                    break
            self._leave()
        return self.tally

    def _rest(self, seconds: float) -> None:
        ready, _, _ = select.select([self._woken], [], [], seconds)
        if ready:
            os.read(self._woken, 100)

    def _begin(self, *, patient: bool) -> None:
        """Say that it is there, and make the rows of the duties."""
        while not self.stopping:
            try:
                with self.context():
                    now = clock.now()
                    insert = inserting(JobWorker)
                    insert = insert.values(name=self.name, started_at=now, seen_at=now)
                    db.session.execute(
                        insert.on_conflict_do_update(
                            index_elements=[JobWorker.name],
                            set_={"started_at": now, "seen_at": now},
                        )
                    )
                    duties.install(self.duties, now=now, zone=self.zone)
                    db.session.commit()
            except DBAPIError as error:
                if not patient:
                    raise
                log.warning("the database can not be used: %s", logs.kind(error))
                self._rest(AFTER_TROUBLE)
            else:
                return

    def _leave(self) -> None:
        with suppress(DBAPIError), self.context():
            db.session.execute(delete(JobWorker).where(JobWorker.name == self.name))
            db.session.commit()

    def step(self) -> bool:
        """Do one job, if there is one to do; whether there was."""
        job = self._claim()
        if job is None:
            return False
        handler = self.handlers[job.name]
        self._watch.begin(job, handler)
        try:
            with tracing.doing(job.request_id or tracing.fresh()):
                self._perform(job, handler)
        finally:
            self._watch.end()
        return True

    def _claim(self) -> Claimed | None:
        with self.context():
            now = clock.now()
            with reading():
                is_time = duties.are_due(self.duties, now=now)
                is_due = queries.is_due(self.handlers, now)
                db.session.rollback()
            if is_time:
                duties.tick(self.duties, now=now, zone=self.zone)
                db.session.commit()
            if not is_due and not is_time:
                return None
            job = claiming.claim(self.handlers, self.name)
            db.session.commit()
            return job

    def _perform(self, job: Claimed, handler: Handler) -> None:
        """Let the handler work; its effects and the mark that it is done commit as one."""
        with self.context():
            try:
                self.at_work = True
                result = handler.work(job)
                claiming.complete(job, result)
                db.session.commit()
                self.at_work = False
            except LeaseLostError:
                self.at_work = False
                db.session.rollback()
                self.tally.lost += 1
                log.warning("job %d (%s) was taken over: nothing of it is kept", job.id, job.name)
            except NotYet as wait:
                self.at_work = False
                db.session.rollback()
                claiming.release(job, wait.until)
                db.session.commit()
            except Interrupted as why:
                self._abandon(job, handler, why)
            except Exception as error:  # noqa: BLE001  # whatever a handler does, the worker goes on
                self._failed(job, handler, error)
            else:
                self.tally.done += 1
                self._tell(job, result)
                self._follow()

    def _tell(self, job: Claimed, result: str | None) -> None:
        regular = (job.key or "").startswith("duty:")
        level = logging.DEBUG if regular else logging.INFO
        log.log(level, "job %d (%s) is done: %s", job.id, job.name, result or "-")

    def _follow(self) -> None:
        try:
            self.after()
        except Exception:
            db.session.rollback()
            log.exception("what follows a job has failed")

    def _abandon(self, job: Claimed, handler: Handler, why: BaseException) -> None:
        """End an attempt that has no more time: put the job back, or count it as failed."""
        self.at_work = False
        db.session.rollback()
        if self.stopping:
            claiming.release(job)
            db.session.commit()
            log.info("job %d (%s) was put back: this worker ends", job.id, job.name)
        else:
            self._failed(job, handler, TimeoutError(str(why)))

    def _failed(self, job: Claimed, handler: Handler, error: BaseException) -> None:
        """Keep that an attempt has failed; when even that fails, the lease will run out."""
        self.at_work = False
        db.session.rollback()
        log.warning("job %d (%s) has failed", job.id, job.name, exc_info=error)
        with writing():
            state = claiming.fail(job, error, handler)
            db.session.commit()
        self.tally.failed += 1
        if state is State.DEAD:
            log.error("job %d (%s) was given up after %d tries", job.id, job.name, job.tries)
