"""What the page of background work shows: jobs in words, tabs, duties, whether anybody works."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import request, url_for
from flask_babel import gettext

from portal import clock
from portal.jobs import rules
from portal.jobs.models import JobDuty, JobWorker, QueuedJob
from portal.library.background import labels, queries
from portal.library.publishing.presenting import Tab
from portal.web import locale, paging, words

MAY_FIX = frozenset({"dead", "failed"})


@dataclass(frozen=True, slots=True)
class JobView:
    """One job."""

    id: int
    label: str
    subject: str
    subject_language: str
    subject_url: str
    when: str
    tries: str
    said: str
    may_fix: bool


def _asset_of(job: QueuedJob) -> int | None:
    number = job.payload.get("asset")
    return number if isinstance(number, int) else None


def job_views(jobs: Sequence[QueuedJob], state: str) -> list[JobView]:
    """Show a page of the jobs of a state."""
    ids = {number for job in jobs if (number := _asset_of(job)) is not None}
    subjects = queries.subjects(ids, locale.code()) if ids else {}
    return [_job_view(job, subjects.get(_asset_of(job) or 0), state) for job in jobs]


def _job_view(job: QueuedJob, subject: queries.Subject | None, state: str) -> JobView:
    return JobView(
        id=job.id,
        label=words.label(labels.JOBS, job.name),
        subject=subject.title if subject else "",
        subject_language=subject.language if subject else "",
        subject_url=url_for("publishing.show", slug=subject.slug) if subject else "",
        when=_when(job, state),
        tries=gettext("attempt %(n)s", n=job.attempts - job.forgiven) if job.attempts else "",
        said=job.error or job.result,
        may_fix=state in MAY_FIX,
    )


def _when(job: QueuedJob, state: str) -> str:
    if job.finished_at is not None:
        return locale.moment(job.finished_at)
    if state == "running":
        return str(gettext("since %(when)s", when=locale.moment(job.started_at)))
    return str(gettext("due %(when)s", when=locale.moment(job.due_at)))


def tabs(counts: Mapping[str, int], current: str) -> list[Tab]:
    """Return the states to look at, with how many jobs each has."""
    path, args = url_for("background.index"), list(request.args.items())
    args = [(name, value) for name, value in args if name != "page"]
    return [
        Tab(str(label), paging.with_args(path, args, {"state": name}), name == current, n)
        for name, label in labels.STATES.items()
        if (n := counts.get(name, 0)) or name == current
    ]


def first_state(counts: Mapping[str, int]) -> str:
    """Return the state to look at when none was asked for: what needs a person first."""
    return next((name for name in labels.STATES if counts.get(name, 0)), "waiting")


@dataclass(frozen=True, slots=True)
class DutyView:
    """One periodic duty."""

    label: str
    done_at: datetime | None
    next_at: datetime


def duty_views(duties: Sequence[JobDuty]) -> list[DutyView]:
    """Show the periodic duties."""
    return [DutyView(words.label(labels.JOBS, d.name), d.done_at, d.next_at) for d in duties]


def is_idle(workers: Sequence[JobWorker]) -> bool:
    """Whether no worker lives, so that nothing of this goes on."""
    now = clock.now()
    return not any(rules.is_alive(worker.seen_at, now) for worker in workers)
