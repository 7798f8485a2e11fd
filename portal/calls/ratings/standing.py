"""How all assets stand with those who rated them: kept in each process, reckoned anew in time."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from threading import Lock
from typing import Any

from portal import clock
from portal.calls.ratings import queries, scoring
from portal.calls.ratings.scoring import Score

EVERY = timedelta(seconds=10)
"""How often a process asks whether somebody has rated."""


class Standing:
    """The scores of all assets; one a process.

    Asked at most every ten seconds for how many ratings there are and when the last was changed;
    reckoned anew when that has changed, and each day, for ratings grow old. Nobody waits for
    another who reckons: they get what was known before.
    """

    def __init__(self) -> None:
        """Know nothing yet."""
        self._lock = Lock()
        self._asked: datetime | None = None
        self._mark: tuple[Any, ...] | None = None
        self._scores: dict[int, Score] = {}

    def of(self, asset_ids: Iterable[int], *, every: timedelta = EVERY) -> dict[int, Score]:
        """Return the scores of those of the assets that were rated."""
        known = self.all(every=every)
        return {i: known[i] for i in asset_ids if i in known}

    def all(self, *, every: timedelta = EVERY) -> Mapping[int, Score]:
        """Return the scores of all assets that were rated."""
        now = clock.now()
        if self._asked is None or not timedelta() <= now - self._asked < every:
            self._look(now)
        return self._scores

    def _look(self, now: datetime) -> None:
        if not self._lock.acquire(blocking=self._asked is None):
            return
        try:
            mark = (_day(now), *queries.mark())
            if mark != self._mark:
                self._scores = scoring.scores(queries.given_by_all(now))
                self._mark = mark
            self._asked = now
        finally:
            self._lock.release()


def _day(now: datetime) -> date:
    return now.date()
