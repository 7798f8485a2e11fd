"""Reminders of what is due soon or over: who is told of which promise, each once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.asset_requests.agreement import queries
from portal.asset_requests.agreement.queries import Due

SINCE = timedelta(days=60)
"""What has been overdue for longer is not reminded of any more: the ledger has it."""


@dataclass(frozen=True, slots=True)
class Reminder:
    """What one person is told; `mark` is the same however often it is asked for."""

    user_id: int
    request_id: int
    promise: str
    is_over: bool
    due_at: datetime
    mark: str


def reminders(now: datetime) -> list[Reminder]:
    """Return all reminders as they stand now: one when something is due soon, one when it is over.

    A promise that is over is not told to be due soon any more; one that was paused is due at
    another time, and reminded of again.
    """
    found = queries.due(now, since=now - SINCE)
    here = queries.present(sorted({it.owner_id for it in found if it.owner_id is not None}))
    writers, managers = queries.writers(), queries.managers()
    return [
        _reminder(person, it, it.due_at, now)
        for it in found
        if it.due_at is not None
        for person in whom(it, here, writers, managers)
    ]


def _reminder(person: int, it: Due, due_at: datetime, now: datetime) -> Reminder:
    is_over = due_at < now
    when = f"{due_at:%Y%m%d%H%M%S}"
    mark = f"clock:{it.request_id}:{it.promise}:{it.round}:{when}:{'over' if is_over else 'soon'}"
    return Reminder(person, it.request_id, it.promise, is_over, due_at, mark)


def whom(
    it: Due,
    here: set[int],
    writers: Mapping[str, Sequence[int]],
    managers: Sequence[int],
) -> Sequence[int]:
    """Return who is reminded: who owes it, else the department's writers, else managers."""
    if it.owner_id is not None and it.owner_id in here:
        return [it.owner_id]
    return writers.get(it.department) or managers


def run(now: datetime, tell: Callable[[Reminder], int]) -> tuple[int, int]:
    """Tell everybody who is to be reminded; returns how many reminders stand, and were new.

    Args:
        now: the moment.
        tell: writes a notice under the reminder's mark, once; returns how many were new.
    """
    found = reminders(now)
    return len(found), sum(tell(reminder) for reminder in found)
