"""What the log adds up to: a line for all searches of one meaning, chosen, sorted, worded. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from portal.search.log.rows import FOUND, LED, Log, Numbers

WINDOWS = (7, 30, 90, 365)
"""Days one can look back over."""
USUAL = 30
FEW = 3
"""Fewer people than this are never told apart by team."""

Large = NDArray[np.int64]


class Which(StrEnum):
    """Which lines are listed."""

    ALL = "all"
    NOTHING = "nothing"
    POOR = "poor"


class Column(StrEnum):
    """What lines are sorted by."""

    TIMES = "searches"
    PEOPLE = "people"
    NOTHING = "nothing"
    POOR = "poor"
    OPENED = "opened"
    LAST = "last"


FIRST = {Which.ALL: Column.TIMES, Which.NOTHING: Column.NOTHING, Which.POOR: Column.POOR}
"""What each list is sorted by until somebody says otherwise."""


@dataclass(frozen=True, slots=True)
class Line:
    """Searches of one meaning: how many, by how many people; `led` of them led to something.

    `nothing` found nothing; `poor` found something of which nothing was opened.
    """

    meaning: int
    times: int
    people: int
    nothing: int
    poor: int
    led: int
    last: int


@dataclass(frozen=True, slots=True)
class Tally:
    """What every meaning adds up to, as columns: the numbers of `Line`."""

    meaning: NDArray[np.int64]
    times: NDArray[np.int64]
    people: NDArray[np.int64]
    nothing: NDArray[np.int64]
    poor: NDArray[np.int64]
    led: NDArray[np.int64]
    last: NDArray[np.int64]

    def __len__(self) -> int:
        """How many meanings there are."""
        return len(self.meaning)

    def cut(self, rows: NDArray[np.int64] | NDArray[np.bool_] | slice) -> "Tally":
        """Some of the lines, in the order given."""
        return Tally(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))

    def lines(self) -> list[Line]:
        """The lines one by one."""
        columns = [getattr(self, name).tolist() for name in self.__dataclass_fields__]
        return [Line(*row) for row in zip(*columns, strict=True)]


@dataclass(frozen=True, slots=True)
class Grouped:
    """Searches by what they mean, and within by who: rows `order[start[m]:start[m + 1]]`."""

    log: Log
    order: Large
    start: Large
    tally: Tally

    def rows(self, meaning: int) -> Large:
        """The rows of a meaning, by person."""
        found: Large = self.order[self.start[meaning] : self.start[meaning + 1]]
        return found


def grouped(log: Log) -> Grouped:
    """Put searches of one meaning together and add them up."""
    size = int(log.meaning.max()) + 1 if len(log.meaning) else 0
    keys = (log.meaning.astype(np.int64) << 32) + log.person
    order = np.argsort(keys)
    keys = keys[order]
    first = np.ones(len(keys), np.bool_)
    first[1:] = keys[1:] != keys[:-1]
    first &= log.person[order] > 0
    last = np.zeros(size, np.int64)
    last[log.meaning] = log.day  # days rise, and of equal places the last one stays

    def count(of: NDArray[np.bool_] | None = None) -> Large:
        chosen = log.meaning if of is None else log.meaning[of]
        return np.bincount(chosen, minlength=size).astype(np.int64)

    times = count()
    made = Tally(
        np.arange(size, dtype=np.int64),
        times,
        np.bincount(keys[first] >> 32, minlength=size).astype(np.int64),
        count((log.outcome & FOUND) == 0),
        count(log.outcome == FOUND),
        count((log.outcome & LED) > 0),
        last,
    )
    start = np.concatenate([np.zeros(1, np.int64), np.cumsum(times)])
    return Grouped(log, order, start, made.cut(np.flatnonzero(times)))


def listed(found: Tally, which: Which, *, least: int = 0) -> Tally:
    """Return the lines of a list; those of fewer people than `least` are left out."""
    keep = found.people >= least
    if which is Which.NOTHING:
        keep &= found.nothing > 0
    elif which is Which.POOR:
        keep &= found.poor > 0
    return found.cut(keep)


def in_order(found: Tally, column: Column, *, up: bool) -> Tally:
    """Return lines sorted by a column; equal ones by people, searches, last day and number."""
    keys = {
        Column.TIMES: found.times,
        Column.PEOPLE: found.people,
        Column.NOTHING: found.nothing,
        Column.POOR: found.poor,
        Column.OPENED: found.led / np.maximum(found.times, 1),
        Column.LAST: found.last,
    }
    first = keys[column] if up else -keys[column]
    rest = (-found.people, -found.times, -found.last, found.meaning)
    return found.cut(np.lexsort((*rest[::-1], first)))


def spellings(found: Grouped, meaning: int, most: int) -> list[int]:
    """Return the wordings of a meaning, what was typed most often first."""
    if meaning + 1 >= len(found.start):
        return []
    typed = np.sort(found.log.wording[found.rows(meaning)])
    starts = np.flatnonzero(np.append(True, typed[1:] != typed[:-1])[: len(typed)])
    counts = np.diff(np.append(starts, len(typed)))
    best = np.lexsort((typed[starts], -counts))[:most]
    told: list[int] = typed[starts[best]].tolist()
    return told


def shares(found: Grouped, meaning: int, of: Callable[[Numbers], Numbers]) -> Mapping[int, int]:
    """Return how many people of each group searched for a meaning; too few are left out.

    Args:
        found: the searches.
        meaning: which of them.
        of: gives the groups of different persons; group 0 is none.
    """
    if meaning + 1 >= len(found.start):
        return {}
    persons = found.log.person[found.rows(meaning)]
    different = persons[np.append(True, persons[1:] != persons[:-1])[: len(persons)]]
    counts = np.bincount(of(different[different > 0]))
    return {group: int(counts[group]) for group in np.flatnonzero(counts >= FEW).tolist() if group}
