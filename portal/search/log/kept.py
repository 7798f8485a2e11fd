"""The log of now in memory: kept days read once a process, the fresh ones counted each time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

import numpy as np

from portal import clock
from portal.search.log import queries, rows, service, weeks
from portal.search.log.rows import Day, Log, Numbers
from portal.search.log.rules import Grouped
from portal.search.log.weeks import Week

FRESH_MOST = 3
"""Days counted while somebody waits; the roll-up, which comes every half an hour, does more."""
EVERY = timedelta(minutes=1)
"""How long what was counted is believed."""
NEW = 1 << 30
"""From here on wordings are numbered that have no number yet."""


@dataclass(frozen=True, slots=True)
class Now:
    """The log up to now: its rows, the words of those too new to be kept, and what is missing.

    `counted_to` is the first day that is not counted yet, when the roll-up is late; `counted` is
    for those who count: by days, team and language.
    """

    log: Log
    today: int
    fresh: dict[int, str]
    counted_to: int | None
    counted: dict[tuple[int, int, str], tuple[Grouped, Sequence[Week]]] = field(
        default_factory=dict
    )

    def texts(self, wordings: list[int]) -> dict[int, str]:
        """Return wordings by number."""
        kept = queries.texts([it for it in wordings if it < NEW])
        return kept | {it: self.fresh[it] for it in wordings if it in self.fresh}


@dataclass(slots=True)
class Kept:
    """What one process has read of the kept days; one thread at a time reads on."""

    _lock: Lock = field(default_factory=Lock)
    _days: dict[int, tuple[int, Day]] = field(default_factory=dict)
    _codes: dict[int, int] = field(default_factory=dict)
    _of: Numbers = field(default_factory=lambda: np.zeros(1, np.int32))
    _names: str = ""
    _last: dict[int, tuple[datetime, Now]] = field(default_factory=dict)
    _whole: tuple[tuple[tuple[int, int], ...], Log] | None = None

    def now(self, days: int, zone: str, *, every: timedelta = EVERY) -> Now:
        """Return the log of the last days, and of so many weeks as the chart shows.

        It is that of now, or of a minute ago at most.
        """
        with self._lock:
            moment = clock.now()
            kept = self._last.get(days)
            if kept is None or not timedelta() <= moment - kept[0] < every:
                kept = self._last[days] = (moment, self._now(days, zone))
            return kept[1]

    def _now(self, days: int, zone: str) -> Now:
        state, today = queries.state(), service.day_of(clock.now(), zone)
        first = min(today - days + 1, weeks.first_monday(today, days))
        if state is None or state.zone != zone:
            begin = max(first, today - FRESH_MOST + 1)
            late = first if queries.first_search() else None
            settled, known = Log.of([], self._meaning), service.names()
        else:
            begin = max(service.day_of(state.rolled_at - service.LATE, zone), first)
            late = begin if today - begin >= FRESH_MOST else None
            known = state.names
            settled = self._settled(today - service.KEPT, begin, known)
        begin = max(begin, today - FRESH_MOST + 1)
        fresh, words = self._fresh(begin, today, zone, known)
        return Now(settled.only(first) + fresh, today, words, late)

    def _settled(self, first: int, end: int, names: str) -> Log:
        """Return the kept days of a stretch, those read that this process has not read yet."""
        stamps = queries.stamps(first, end)
        mark = tuple(stamps.items())
        if self._names != names:
            self._codes, self._of, self._names = {}, np.zeros(1, np.int32), names
            self._whole = None
        if self._whole is not None and self._whole[0] == mark:
            return self._whole[1]
        held = {day: it for day, it in self._days.items() if stamps.get(day) == it[0]}
        unread = [day for day in stamps if day not in held]
        for day, packed in queries.days(unread).items():
            held[day] = (stamps[day], Day.unpacked(*packed))
        self._days = held
        self._read_meanings()
        log = Log.of([(day, held[day][1]) for day in stamps if day in held], self._meaning)
        self._whole = (mark, log)
        return log

    def _read_meanings(self) -> None:
        """Learn what wordings mean that came since."""
        rows = queries.meanings(len(self._of) - 1)
        if not rows:
            return
        of = np.zeros(rows[-1][0] + 1, np.int32)
        of[: len(self._of)] = self._of
        for number, meaning in rows:
            of[number] = self._code(meaning)
        self._of = of

    def _code(self, meaning: int) -> int:
        """Return the small number of a meaning, given now if need be."""
        return self._codes.setdefault(meaning, len(self._codes))

    def _meaning(self, wordings: Numbers) -> Numbers:
        found: Numbers = self._of[wordings]
        return found

    def _fresh(self, begin: int, today: int, zone: str, names: str) -> tuple[Log, dict[int, str]]:
        """Count the days that are not settled from the ledger."""
        made = [(day, service.visits_of(day, zone)) for day in range(begin, today + 1)]
        said = {search.query for _, it in made for visit in it for search in visit.searches}
        numbers = queries.numbers(said)
        new = {text: NEW + place for place, text in enumerate(sorted(said - numbers.keys()))}
        numbers |= new
        codes = {
            number: self._code(service.meaning_of(text, names)) for text, number in numbers.items()
        }
        usual = queries.languages() if said else {}
        days = [(day, rows.day_of(it, numbers.__getitem__, usual)) for day, it in made]
        return Log.of(days, _by(codes)), {number: text for text, number in new.items()}


def _by(codes: dict[int, int]) -> Callable[[Numbers], Numbers]:
    def meaning(wordings: Numbers) -> Numbers:
        return np.array([codes[it] for it in wordings.tolist()], np.int32)

    return meaning
