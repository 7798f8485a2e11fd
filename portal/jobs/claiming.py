"""A job in a worker's hands: claimed with a lease, ended under its fencing token.

Nothing here commits but `checkpoint`, which exists for that; the runner does.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal import clock
from portal.db import db
from portal.errors import Conflict
from portal.jobs import queries, rules, service
from portal.jobs.models import JobDuty, QueuedJob
from portal.jobs.rules import Handler, State


class LeaseLostError(Conflict):
    """Another worker has the job now, or somebody has dropped it: nothing of ours may stay."""


class GiveUp(Exception):  # noqa: N818  # raise GiveUp, as in errors.py
    """A handler's word that trying again is of no use: the job becomes a dead letter at once."""


class NotYet(Exception):  # noqa: N818  # raise NotYet, as in errors.py
    """A handler's word that it can do nothing before a moment: the attempt does not count."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"not before {until.isoformat()}")
        self.until = until


@dataclass(frozen=True, slots=True)
class Claimed:
    """A job this worker has claimed; handlers see it as `rules.Job`."""

    id: int
    name: str
    key: str | None
    payload: dict[str, Any]
    token: int
    tries: int  # this is which attempt, since it was enqueued or retried by hand
    lease: timedelta
    request_id: str = ""

    def checkpoint(self) -> None:
        """Commit what was done so far, if the job is still ours, and take the lease anew.

        Raises:
            LeaseLostError: when it is not; nothing since the last checkpoint may stay.
        """
        if not extend(db.session(), self):
            raise LeaseLostError(f"job {self.id} was taken over")
        db.session.commit()


def claim(handlers: Mapping[str, Handler], worker: str) -> Claimed | None:
    """Claim the job that is due longest and that one of the handlers can do; None: there is none.

    A job whose workers were lost as often as it may be tried becomes a dead letter on the way.
    """
    now = clock.now()
    while (row := queries.claimable(handlers, now)) is not None:
        handler = handlers[row.name]
        if rules.is_spent(row.attempts, row.forgiven, handler.attempts):
            row.error = row.error or "its worker ended in the middle, every time"
            row.state, row.finished_at = State.DEAD.value, now
            if row.key:
                service.forget_dead(row.key, but=row.id)
            db.session.flush()
            continue
        row.state, row.worker, row.started_at = State.RUNNING.value, worker, now
        row.attempts += 1
        row.due_at = now + handler.lease
        db.session.flush()
        payload, request_id = rules.without_request(row.payload)
        return Claimed(
            id=row.id,
            name=row.name,
            key=row.key,
            payload=payload,
            token=row.attempts,
            tries=row.attempts - row.forgiven,
            lease=handler.lease,
            request_id=request_id,
        )
    return None


def _set(session: Session, job: Claimed, **values: object) -> bool:
    """Change the row of a job if it is still ours; whether it was."""
    done: Any = session.execute(
        update(QueuedJob)
        .where(
            QueuedJob.id == job.id,
            QueuedJob.attempts == job.token,
            QueuedJob.state == State.RUNNING.value,
        )
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    return bool(done.rowcount == 1)


def extend(session: Session, job: Claimed) -> bool:
    """Take the lease anew; False when the job is not ours any more."""
    return _set(session, job, due_at=clock.now() + job.lease)


def complete(job: Claimed, result: str | None) -> None:
    """Mark a job as done, in the transaction of what its handler has done.

    Raises:
        LeaseLostError: when it is not ours any more: that transaction must not commit.
    """
    now = clock.now()
    said = rules.storable(result or "")[: rules.RESULT_MOST]
    ended = _set(db.session(), job, state=State.DONE.value, finished_at=now, result=said, error="")
    if not ended:
        raise LeaseLostError(f"job {job.id} was taken over")
    if job.key is None:
        return
    service.forget_dead(job.key, but=job.id)
    if job.key == f"duty:{job.name}":  # the duty keeps what came of it; a row a minute says no more
        db.session.execute(delete(QueuedJob).where(QueuedJob.id == job.id))
        db.session.execute(
            update(JobDuty).where(JobDuty.name == job.name).values(done_at=now, result=said)
        )


def fail(job: Claimed, error: BaseException, handler: Handler) -> State | None:
    """Put a job that failed back for another attempt, or make it a dead letter.

    Returns what it is now, None when it is not ours any more. When the same work waits already,
    that takes its place.
    """
    now = clock.now()
    said = rules.one_line(error)
    if isinstance(error, GiveUp) or job.tries >= handler.attempts:
        if not _set(db.session(), job, state=State.DEAD.value, finished_at=now, error=said):
            return None
        if job.key:
            service.forget_dead(job.key, but=job.id)
        return State.DEAD
    due = now + rules.backoff(job.tries, random.random())  # noqa: S311  # spreads retries
    return _put_back(job, due_at=due, error=said)


def release(job: Claimed, until: datetime | None = None) -> State | None:
    """Put back a job that can not be finished now (or before `until`): the attempt is forgiven."""
    forgiven = QueuedJob.forgiven + 1
    return _put_back(job, due_at=until or clock.now(), forgiven=forgiven)


def _put_back(job: Claimed, **values: object) -> State | None:
    try:
        with db.session.begin_nested():
            ours = _set(db.session(), job, state=State.WAITING.value, **values)
    except IntegrityError:  # the same work was asked for again while this one ran
        ours = _set(
            db.session(), job, state=State.DROPPED.value, finished_at=clock.now(), **_kept(values)
        )
        return State.DROPPED if ours else None
    return State.WAITING if ours else None


def _kept(values: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in values.items() if name == "error"}
