"""Jobs put into the queue, called off, tried again or dropped by hand, and swept when old."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, update

from portal import clock, tracing
from portal.db import db, inserting
from portal.errors import Conflict, NotFound
from portal.jobs import queries, rules
from portal.jobs.models import WAITING, JobWorker, QueuedJob
from portal.jobs.rules import State


def enqueue(
    name: str,
    payload: Mapping[str, Any] | None = None,
    *,
    run_at: datetime | None = None,
    key: str | None = None,
) -> int:
    """Put a job into the queue, in the caller's transaction; return its number.

    It is done once the transaction has committed, at `run_at` or as soon as a worker is free. At
    most one job waits for a `key`: enqueuing it again replaces the payload and the time, and
    what had failed begins anew. One that is running is left alone, and followed by this one.

    Raises:
        ValueError: when the key is too long to keep.
    """
    if key is not None and len(key) > rules.KEY_MOST:
        message = f"a job's key has at most {rules.KEY_MOST} characters"
        raise ValueError(message)
    now = clock.now()
    row = {
        "name": name,
        "key": key,
        "payload": rules.with_request(payload or {}, tracing.current()),
        "state": State.WAITING.value,
        "due_at": run_at or now,
        "attempts": 0,
        "forgiven": 0,
        "worker": "",
        "created_at": now,
        "result": "",
        "error": "",
    }
    insert = inserting(QueuedJob).values(row)
    if key is not None:
        insert = insert.on_conflict_do_update(
            index_elements=[QueuedJob.key],
            index_where=WAITING,
            set_={
                "name": insert.excluded.name,
                "payload": insert.excluded.payload,
                "due_at": insert.excluded.due_at,
                "forgiven": QueuedJob.attempts,
                "error": "",
            },
        )
    return int(db.session.execute(insert.returning(QueuedJob.id)).scalar_one())


def cancel(*keys: str) -> int:
    """Call off what waits for these keys; returns how many. What runs goes on, and must ask."""
    gone = delete(QueuedJob).where(QueuedJob.key.in_(keys), QueuedJob.state == State.WAITING.value)
    return _count(gone)


def retry(job_id: int) -> None:
    """Try a job that failed again, at once, as often as if it were new.

    Raises:
        NotFound: when there is no such job.
        Conflict: when it did not fail: it waits for its time, runs, or is done.
    """
    row = _failed(job_id)
    now = clock.now()
    waiting = queries.waiting_for(row.key) if row.key and row.state != State.WAITING.value else None
    if waiting is not None:  # the same work has been asked for again meanwhile
        row.state, row.finished_at = State.DROPPED.value, now
        return
    row.state, row.due_at, row.forgiven = State.WAITING.value, now, row.attempts
    row.finished_at = None
    db.session.flush()


def retry_dead() -> int:
    """Try every dead letter again; returns how many there were."""
    ids = queries.dead_ids()
    for job_id in ids:
        retry(job_id)
        db.session.flush()
    return len(ids)


def drop(job_id: int) -> None:
    """Give up a job that failed; it can be looked at for a week.

    Raises:
        NotFound, Conflict: as `retry`.
    """
    row = _failed(job_id)
    row.state, row.finished_at = State.DROPPED.value, clock.now()
    db.session.flush()


def _failed(job_id: int) -> QueuedJob:
    """Return a job that is dead or waits to be tried again, locked."""
    row = queries.job(job_id, lock=True)
    if row is None:
        raise NotFound("there is no such job")
    again = row.state == State.WAITING.value and row.attempts > row.forgiven
    if row.state != State.DEAD.value and not again:
        raise Conflict(f"the job is {row.state} and has not failed")
    return row


def sweep() -> int:
    """Forget what was done or dropped a week ago, and workers that are gone; returns how many."""
    now = clock.now()
    ended: Collection[str] = (State.DONE.value, State.DROPPED.value)
    old = delete(QueuedJob).where(
        QueuedJob.state.in_(ended), QueuedJob.finished_at <= now - rules.KEPT
    )
    gone = delete(JobWorker).where(JobWorker.seen_at <= now - rules.KEPT)
    db.session.execute(gone)
    return _count(old)


def forget_dead(key: str, but: int) -> None:
    """Drop the dead letters of a key other than one: what they stood for has been settled since."""
    db.session.execute(
        update(QueuedJob)
        .where(
            QueuedJob.key == key,
            QueuedJob.id != but,
            QueuedJob.state == State.DEAD.value,
        )
        .values(state=State.DROPPED.value, finished_at=clock.now())
        .execution_options(synchronize_session=False)
    )


def _count(statement: Any) -> int:  # noqa: ANN401  # a delete
    done: Any = db.session.execute(statement.execution_options(synchronize_session=False))
    return int(done.rowcount)
