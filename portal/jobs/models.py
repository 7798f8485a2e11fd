"""Tables of background work: jobs, the times of periodic duties, workers that are alive."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base

WAITING = text("state = 'waiting'")


class QueuedJob(Base):
    """Something to be done, written in the transaction of what causes it.

    `due_at`: when it is to be begun; of a running one, when its lease ends and another worker may
    take it. `attempts` only ever grows: it is the fencing token of whoever claimed the job last.
    """

    __tablename__ = "jobs"
    __table_args__ = (
        Index(None, "state", "due_at"),
        # one job waits for a key; another may be running
        Index(None, "key", unique=True, sqlite_where=WAITING, postgresql_where=WAITING),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    key: Mapped[str | None] = mapped_column(String(200))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(10))
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    forgiven: Mapped[int] = mapped_column(default=0)  # attempts a retry by hand does not count
    worker: Mapped[str] = mapped_column(String(120), default="")
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    result: Mapped[str] = mapped_column(String(300), default="")
    error: Mapped[str] = mapped_column(Text, default="")


class JobDuty(Base):
    """When a periodic duty is due next, and what came of the last time; one row for all workers."""

    __tablename__ = "job_duties"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    rule: Mapped[str] = mapped_column(String(80))
    next_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    result: Mapped[str] = mapped_column(String(300), default="")


class JobWorker(Base):
    """A worker process and when it last said that it lives; it takes its row along when it ends."""

    __tablename__ = "job_workers"

    name: Mapped[str] = mapped_column(String(120), primary_key=True)
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
