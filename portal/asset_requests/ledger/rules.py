"""The record of both sides: what was kept on time, and how long it took, counted honestly; pure.

A promise that is overdue and still open counts as late; one that is open and not yet due counts as
neither. How long it took is estimated by the product-limit method (Kaplan and Meier): what is
still open, or was not needed any more, has lasted at least so long, and is not left out, or the
slow ones would be missing until they are done.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

MEDIAN, NINETY = 0.5, 0.9


@dataclass(frozen=True, slots=True)
class Entry:
    """One promise: seconds used so far, when it was due, when and whether it was kept."""

    used: int
    due_at: datetime | None
    ended_at: datetime | None
    kept: bool


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of some promises; `overdue` are those of `late` that are open still.

    `median` and `ninety` are seconds; None: so many are not done yet that it is not known.
    """

    on_time: int = 0
    late: int = 0
    overdue: int = 0
    running: int = 0
    stopped: int = 0
    median: int | None = None
    ninety: int | None = None

    @property
    def decided(self) -> int:
        """How many were either kept on time or not."""
        return self.on_time + self.late

    @property
    def share(self) -> float | None:
        """The share kept on time of those decided; None: nothing is."""
        return self.on_time / self.decided if self.decided else None


def tally(entries: Sequence[Entry], now: datetime) -> Tally:
    """Count promises as they stand now."""
    on_time = late = overdue = running = stopped = 0
    for it in entries:
        if it.ended_at is None:
            is_over = it.due_at is not None and now > it.due_at
            overdue += is_over
            running += not is_over
        elif it.due_at is not None and it.ended_at > it.due_at:
            late += 1
        elif it.kept:
            on_time += 1
        else:
            stopped += 1
    times = [(it.used, it.ended_at is not None and it.kept) for it in entries]
    median, ninety = quantiles(times, (MEDIAN, NINETY))
    return Tally(on_time, late + overdue, overdue, running, stopped, median, ninety)


def quantiles(times: Iterable[tuple[int, bool]], wanted: Sequence[float]) -> list[int | None]:
    """Return the times by which such shares are done, by the product-limit method.

    Args:
        times: how long each lasted, and whether it was done then; otherwise it lasts longer.
        wanted: shares, growing.
    """
    # At the same time, what is done comes first: the others were still open then.
    ordered = sorted(times, key=lambda one: (one[0], not one[1]))
    found: list[int | None] = []
    open_share, left = 1.0, len(ordered)
    for time, is_done in ordered:
        if is_done:
            open_share *= (left - 1) / left
        left -= 1
        while len(found) < len(wanted) and 1 - open_share >= wanted[len(found)] - 1e-12:
            found.append(time)
    return found + [None] * (len(wanted) - len(found))


def grouped(
    entries: Iterable[tuple[tuple[str, ...], Entry]], now: datetime
) -> dict[tuple[str, ...], Tally]:
    """Count promises by whatever they are told apart by."""
    by_key: dict[tuple[str, ...], list[Entry]] = {}
    for key, entry in entries:
        by_key.setdefault(key, []).append(entry)
    return {key: tally(group, now) for key, group in by_key.items()}
