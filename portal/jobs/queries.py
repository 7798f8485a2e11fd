"""The SELECTs of background work: what can be claimed, what waits, what has failed, who works."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from portal.db import db
from portal.jobs.models import JobDuty, JobWorker, QueuedJob
from portal.jobs.rules import State

_LIVE = (State.WAITING.value, State.RUNNING.value)


def _due(names: Collection[str], now: datetime) -> list[ColumnElement[bool]]:
    return [
        QueuedJob.state.in_(_LIVE),
        QueuedJob.due_at <= now,
        QueuedJob.name.in_(sorted(names)),
    ]


def is_due(names: Collection[str], now: datetime) -> bool:
    """Whether there is a job to claim."""
    query = select(QueuedJob.id).where(*_due(names, now)).limit(1)
    return db.session.scalar(query) is not None


def claimable(names: Collection[str], now: datetime) -> QueuedJob | None:
    """Return the job that is due longest, locked; one that another worker holds is passed over."""
    query = (
        select(QueuedJob)
        .where(*_due(names, now))
        .order_by(QueuedJob.due_at, QueuedJob.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return db.session.scalars(query).first()


def job(job_id: int, *, lock: bool = False) -> QueuedJob | None:
    """Return one job."""
    query = select(QueuedJob).where(QueuedJob.id == job_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(query).first()


def waiting_for(key: str) -> QueuedJob | None:
    """Return the job that waits for a key."""
    query = select(QueuedJob).where(QueuedJob.key == key, QueuedJob.state == State.WAITING.value)
    return db.session.scalars(query).first()


def is_live(key: str) -> bool:
    """Whether a job of this key waits or runs."""
    query = select(QueuedJob.id).where(QueuedJob.key == key, QueuedJob.state.in_(_LIVE)).limit(1)
    return db.session.scalar(query) is not None


def unsettled(keys: Collection[str]) -> set[str]:
    """Return those of the keys for which a job waits, runs, has failed, or was given up."""
    query = select(QueuedJob.key).where(
        QueuedJob.key.in_(keys), QueuedJob.state != State.DONE.value
    )
    return {key for key in db.session.scalars(query.order_by(QueuedJob.key)) if key}


def dead_ids() -> list[int]:
    """Return the numbers of all dead letters, the oldest first."""
    query = select(QueuedJob.id).where(QueuedJob.state == State.DEAD.value)
    return list(db.session.scalars(query.order_by(QueuedJob.id)))


FAILED = "failed"
"""Waiting to be tried again: a state of its own for whoever looks."""


def _shown(state: str) -> list[ColumnElement[bool]]:
    if state == FAILED:
        return [QueuedJob.state == State.WAITING.value, QueuedJob.attempts > QueuedJob.forgiven]
    if state == State.WAITING.value:
        return [QueuedJob.state == state, QueuedJob.attempts <= QueuedJob.forgiven]
    return [QueuedJob.state == state]


def counts() -> dict[str, int]:
    """Return how many jobs there are of each state, failed ones apart from waiting ones."""
    again = QueuedJob.attempts > QueuedJob.forgiven
    query = select(QueuedJob.state, again, func.count()).group_by(QueuedJob.state, again)
    found = dict.fromkeys([*State, FAILED], 0)
    for state, failed, count in db.session.execute(query.order_by(QueuedJob.state)):
        found[FAILED if failed and state == State.WAITING.value else State(state)] += count
    return {str(name): count for name, count in found.items()}


def jobs(state: str, *, limit: int, offset: int = 0) -> Sequence[QueuedJob]:
    """Return a page of the jobs in a state: what is due next first, what has ended last first."""
    ended = state in {State.DONE, State.DEAD, State.DROPPED}
    order = (
        (QueuedJob.finished_at.desc(), QueuedJob.id.desc())
        if ended
        else (QueuedJob.due_at, QueuedJob.id)
    )
    query = select(QueuedJob).where(*_shown(state)).order_by(*order).limit(limit).offset(offset)
    return db.session.scalars(query).all()


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits too long: since when the oldest due job does, and how many dead letters lie."""

    due: int
    since: datetime | None
    dead: int


def backlog(now: datetime) -> Backlog:
    """Return what is due and nobody does, and what was given up on."""
    query = select(func.count(), func.min(QueuedJob.due_at)).where(
        QueuedJob.state.in_(_LIVE), QueuedJob.due_at <= now
    )
    due, since = db.session.execute(query).one()
    return Backlog(due, since, counts()[State.DEAD])


def duties() -> Sequence[JobDuty]:
    """Return the periodic duties."""
    return db.session.scalars(select(JobDuty).order_by(JobDuty.name)).all()


@dataclass(frozen=True, slots=True)
class DutyTime:
    """When a periodic duty is due next, and by which rule."""

    name: str
    rule: str
    next_at: datetime


def duty_times() -> list[DutyTime]:
    """Return the times of the periodic duties."""
    query = select(JobDuty.name, JobDuty.rule, JobDuty.next_at).order_by(JobDuty.name)
    return [DutyTime(row.name, row.rule, row.next_at) for row in db.session.execute(query)]


def duty(name: str) -> JobDuty | None:
    """Return a periodic duty, locked; None also when another worker is at it."""
    query = select(JobDuty).where(JobDuty.name == name).with_for_update(skip_locked=True)
    return db.session.scalars(query.execution_options(populate_existing=True)).first()


def workers() -> Sequence[JobWorker]:
    """Return the workers that have said that they live, the latest first."""
    return db.session.scalars(
        select(JobWorker).order_by(JobWorker.seen_at.desc(), JobWorker.name)
    ).all()
