"""The clocks of a request: who owes what until when, worked out from what has happened; pure.

Asking starts two clocks of the answering side: to acknowledge and to deliver. Asking back stops
the second until the asker answers, which is the first clock of the asking side; a delivery starts
its other ones, to try what came and to rate it. Reopening starts the delivery anew, in full.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from portal.asset_requests.agreement import working_time
from portal.asset_requests.agreement.terms import Terms
from portal.asset_requests.agreement.working_time import Calendar, Pause


class Promise(StrEnum):
    """What a clock is about; the value is what the table keeps."""

    ACKNOWLEDGE = "acknowledge"
    DELIVER = "deliver"
    CONTEXT = "context"  # the asker answers what was asked back
    TRY = "try"  # the asker tries what was delivered
    RATE = "rate"  # and rates it, in the same days


ANSWERING = frozenset({Promise.ACKNOWLEDGE, Promise.DELIVER})
"""What the answering departments owe; the rest is owed by those who ask."""
BY_DAYS = frozenset({Promise.TRY, Promise.RATE})
"""Promises whose time is days, not working hours."""


class Standing(StrEnum):
    """How a clock stands at a moment."""

    ON_TIME = "on-time"
    LATE = "late"
    RUNNING = "running"
    SOON = "soon"
    OVERDUE = "overdue"
    PAUSED = "paused"
    STOPPED = "stopped"  # not needed any more, before it was due


@dataclass(frozen=True, slots=True)
class Clock:
    """One promise: when it began, how much time it has, and how it ended.

    `due_at` is None while it is paused; `stopped_at` is when it ended without being kept. `allowed`
    is working time, but days for those in `BY_DAYS`.
    """

    promise: Promise
    round: int
    started_at: datetime
    allowed: timedelta
    due_at: datetime | None
    done_at: datetime | None = None
    stopped_at: datetime | None = None
    pauses: tuple[Pause, ...] = ()

    @property
    def ended_at(self) -> datetime | None:
        """When it ended, one way or the other."""
        return self.done_at or self.stopped_at

    def used(self, calendar: Calendar, now: datetime) -> timedelta:
        """Return the time used until it ended, or until now."""
        until = self.ended_at or max(now, self.started_at)
        if self.promise in BY_DAYS:
            return until - self.started_at
        return working_time.elapsed(calendar, self.started_at, until, self.pauses)

    def standing(self, now: datetime, soon_from: datetime | None = None) -> Standing:
        """Return how it stands; `soon_from` is when it begins to be due soon."""
        end = self.ended_at
        if end is not None and self.due_at is not None and end > self.due_at:
            return Standing.LATE
        if self.done_at is not None:
            return Standing.ON_TIME
        if self.stopped_at is not None:
            return Standing.STOPPED
        if self.due_at is None:
            return Standing.PAUSED
        if now > self.due_at:
            return Standing.OVERDUE
        return Standing.SOON if soon_from is not None and now >= soon_from else Standing.RUNNING


@dataclass(frozen=True, slots=True)
class Step:
    """A request has come into a state."""

    at: datetime
    state: str


ENDS = frozenset({"withdrawn", "merged"})
"""States in which nobody owes anything any more."""
SEEN = frozenset({"acknowledged", "taken-on", "waiting", "delivered", "declined"})
"""States that show that somebody has looked at what was asked."""


@dataclass(slots=True)
class _Watch:
    """Clocks while they are wound: the open ones by promise, and those that have ended."""

    terms: Terms
    calendar: Calendar
    deliver_in: timedelta
    open: dict[Promise, Clock] = field(default_factory=dict)
    ended: list[Clock] = field(default_factory=list)
    rounds: dict[Promise, int] = field(default_factory=dict)

    def start(self, promise: Promise, at: datetime, allowed: timedelta) -> None:
        if promise in self.open:
            return
        number = self.rounds[promise] = self.rounds.get(promise, 0) + 1
        due_at = (
            self.calendar.end_of_day(at, allowed.days)
            if promise in BY_DAYS
            else self.calendar.after(at, allowed)
        )
        self.open[promise] = Clock(promise, number, at, allowed, due_at)

    def done(self, promise: Promise, at: datetime) -> None:
        if promise in self.open:
            self.ended.append(replace(self.open.pop(promise), done_at=at))

    def stop(self, promises: Iterable[Promise], at: datetime) -> None:
        for promise in promises:
            if promise in self.open:
                self.ended.append(replace(self._running(self.open.pop(promise), at), stopped_at=at))

    def pause(self, at: datetime) -> None:
        clock = self.open.get(Promise.DELIVER)
        # What is overdue already stays so: asking back does not undo it.
        if clock is not None and clock.due_at is not None and at <= clock.due_at:
            self.open[Promise.DELIVER] = replace(
                clock, due_at=None, pauses=(*clock.pauses, (at, None))
            )

    def go_on(self, at: datetime) -> None:
        clock = self.open.get(Promise.DELIVER)
        if clock is not None:
            self.open[Promise.DELIVER] = self._running(clock, at)

    def _running(self, clock: Clock, at: datetime) -> Clock:
        """Return a clock whose pause, if one is open, ends at a moment."""
        if not clock.pauses or clock.pauses[-1][1] is not None:
            return clock
        pauses = (*clock.pauses[:-1], (clock.pauses[-1][0], at))
        due_at = working_time.after(self.calendar, clock.started_at, clock.allowed, pauses)
        return replace(clock, pauses=pauses, due_at=due_at)

    def reach(self, state: str, at: datetime) -> None:
        """Let the request come into a state."""
        if state in SEEN:
            self.done(Promise.ACKNOWLEDGE, at)
        if state == "waiting":
            self.pause(at)
            self.start(Promise.CONTEXT, at, timedelta(hours=self.terms.context))
        elif state in ENDS:
            self.stop(list(self.open), at)
        else:
            self.go_on(at)
            self._leave_waiting(state, at)
            self._answer(state, at)

    def _leave_waiting(self, state: str, at: datetime) -> None:
        if state in {"acknowledged", "taken-on"}:
            self.done(Promise.CONTEXT, at)
        elif state != "asked":
            self.stop([Promise.CONTEXT], at)

    def _answer(self, state: str, at: datetime) -> None:
        if state == "delivered":
            self.done(Promise.DELIVER, at)
            self.start(Promise.TRY, at, timedelta(days=self.terms.try_days))
            if self.terms.rates:
                self.start(Promise.RATE, at, timedelta(days=self.terms.try_days))
        elif state == "declined":
            self.stop([Promise.DELIVER], at)
        elif state == "reopened":
            self.done(Promise.TRY, at)  # somebody has looked, and found something missing
            self.stop([Promise.RATE], at)
            self.start(Promise.DELIVER, at, self.deliver_in)
        elif state == "accepted":
            self.done(Promise.TRY, at)


def read(
    *,
    kind: str | None,
    urgent: bool,
    asked_at: datetime,
    steps: Sequence[Step],
    used_at: Sequence[datetime],
    rated_at: Sequence[datetime] = (),
    terms: Terms,
    calendar: Calendar,
) -> list[Clock]:
    """Return all clocks of a request, in the order in which they started.

    Args:
        kind: what is asked for.
        urgent: whether it can not wait.
        asked_at: when it was asked.
        steps: the states it came into after that, as they followed.
        used_at: when the asker opened or copied what was delivered.
        rated_at: when the asker rated it.
        terms: those of the version in force when it was asked.
        calendar: the calendar of these terms.
    """
    deliver_in = timedelta(hours=terms.deliver_in(kind).of(urgent=urgent))
    watch = _Watch(terms, calendar, deliver_in)
    watch.start(Promise.ACKNOWLEDGE, asked_at, timedelta(hours=terms.acknowledge.of(urgent=urgent)))
    watch.start(Promise.DELIVER, asked_at, deliver_in)
    happened: list[tuple[datetime, str | Promise]] = [(step.at, step.state) for step in steps]
    happened += [(at, Promise.TRY) for at in used_at]
    happened += [(at, Promise.RATE) for at in rated_at]
    for at, what in sorted(happened, key=lambda one: one[0]):
        if isinstance(what, Promise):
            watch.done(what, at)
        else:
            watch.reach(what, at)
    order = list(Promise)
    found = [*watch.ended, *watch.open.values()]
    return sorted(found, key=lambda clock: (clock.started_at, order.index(clock.promise)))


def next_due(clocks: Iterable[Clock], promise: Promise) -> datetime | None:
    """Return until when something is owed; None when it is not, or is paused."""
    return next((c.due_at for c in clocks if c.promise is promise and c.ended_at is None), None)
