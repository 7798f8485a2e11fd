"""Decisions about background work without a database: states, retries, schedules, handlers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import Any, Protocol
from zoneinfo import ZoneInfo

KEY_MOST = 200
ERROR_MOST = 2000
RESULT_MOST = 300
KEPT = timedelta(days=7)
"""How long what is done, or was dropped, can still be looked at."""


class State(StrEnum):
    """Where a job is; one that failed and will be tried again is waiting, with its last error."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    DEAD = "dead"  # tried as often as its handler allows: a person has to look at it
    DROPPED = "dropped"  # a person has looked, and it is not wanted any more


class Job(Protocol):
    """What a handler is given: one job, claimed by this worker."""

    @property
    def id(self) -> int:
        """The job's number: with it an effect outside the database is made once."""

    @property
    def payload(self) -> dict[str, Any]:
        """What `enqueue` was given."""

    @property
    def token(self) -> int:
        """How often the job was claimed: higher than the token of any earlier attempt."""

    def checkpoint(self) -> None:
        """Commit what was done so far, if the job is still ours, and take the lease anew."""


@dataclass(frozen=True, slots=True)
class Handler:
    """How one kind of job is done; `work` returns a few words about what came of it.

    The lease is what a worker has before another may take the job over; it is extended while the
    worker lives, up to `limit`, after which the attempt is ended.
    """

    work: Callable[[Job], str | None]
    lease: timedelta = timedelta(seconds=60)
    limit: timedelta = timedelta(minutes=10)
    attempts: int = 8


# --- what a job was caused by --------------------------------------------------------------------

REQUEST = "request_id"
"""The key of a payload that names the request a job was enqueued by; handlers never see it."""


def with_request(payload: Mapping[str, Any], request_id: str) -> dict[str, Any]:
    """Return a payload that remembers which request has caused it, if one has."""
    return dict(payload) | ({REQUEST: request_id} if request_id else {})


def without_request(payload: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
    """Return what a handler is given, and the request that has caused it or an empty text."""
    given = dict(payload)
    return given, str(given.pop(REQUEST, ""))


# --- trying again -------------------------------------------------------------------------------

FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(hours=1)
DOUBLINGS = 20


def backoff(attempt: int, chance: float) -> timedelta:
    """Return how long to wait after the attempt of this number (from 1) has failed.

    It doubles from 5 seconds up to an hour; `chance`, from 0 to 1, spreads it from half to the
    whole of that, so that what failed together does not come back together.
    """
    whole: timedelta = min(FIRST_WAIT * 2 ** min(max(attempt, 1) - 1, DOUBLINGS), LONGEST_WAIT)
    return whole * (0.5 + chance / 2)


def is_spent(attempts: int, forgiven: int, most: int) -> bool:
    """Whether a job was tried as often as it may be, not counting attempts that were forgiven."""
    return attempts - forgiven >= most


# --- periodic duties ----------------------------------------------------------------------------

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Every:
    """At equal distances, counted from 1970, so that all workers mean the same moments."""

    period: timedelta

    def after(self, moment: datetime, zone: ZoneInfo) -> datetime:  # noqa: ARG002  # as Daily's
        """Return the first time after a moment."""
        return EPOCH + ((moment - EPOCH) // self.period + 1) * self.period

    def __str__(self) -> str:
        return f"every {self.period.total_seconds():.0f} s"


@dataclass(frozen=True, slots=True)
class Daily:
    """Once a day at a time of day in the company's time zone.

    On a day whose clock leaves that time out it is later by the gap; on a day that has it
    twice, the first one counts.
    """

    at: time

    def after(self, moment: datetime, zone: ZoneInfo) -> datetime:
        """Return the first time after a moment."""
        day = moment.astimezone(zone).date() - timedelta(days=1)
        while True:
            found = datetime.combine(day, self.at, tzinfo=zone).astimezone(UTC)
            if found > moment:
                return found
            day += timedelta(days=1)

    def __str__(self) -> str:
        return f"daily {self.at:%H:%M}"


@dataclass(frozen=True, slots=True)
class Duty:
    """A job that is enqueued by itself: the handler's name, and when."""

    name: str
    when: Every | Daily

    @property
    def key(self) -> str:
        """The key of its jobs: one at a time."""
        return f"duty:{self.name}"

    def rule(self, zone: ZoneInfo) -> str:
        """Return what its next time was reckoned by."""
        return f"{self.when} {zone.key}" if isinstance(self.when, Daily) else str(self.when)


def next_time(
    duty: Duty, *, kept: datetime | None, kept_rule: str, now: datetime, zone: ZoneInfo
) -> datetime:
    """Return when a duty is due next by what is kept of it; a moment that has passed: now.

    What was missed stays due and is done once. Another rule than the one it was reckoned by
    counts from now.
    """
    if kept is not None and (kept <= now or kept_rule == duty.rule(zone)):
        return kept
    return duty.when.after(now, zone)


# --- how workers are ----------------------------------------------------------------------------

SEEN_EVERY = timedelta(seconds=15)
LOST_AFTER = timedelta(seconds=60)
LATE_AFTER = timedelta(seconds=120)
"""A job that is due and has waited so long shows that something is wrong."""


def is_alive(seen_at: datetime, now: datetime) -> bool:
    """Whether a worker that was last seen then counts as running."""
    return now - seen_at <= LOST_AFTER


def one_line(error: BaseException, most: int = ERROR_MOST) -> str:
    """Return an error as it is kept: its kind and what it says, storable anywhere."""
    said = f"{type(error).__name__}: {error}".rstrip(": ")
    return storable(said)[:most]


def storable(text: str) -> str:
    """Return a text without what no database keeps: NUL and lone surrogates."""
    return "".join(c for c in text if c != "\x00" and not "\ud800" <= c <= "\udfff")
