"""The log in arrays: one row a search that counts, one a visit; what they add up to. Pure."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from portal.asset_requests.similar.rules import speaks
from portal.config import Language
from portal.usage.visits import Visit

WINDOWS = (7, 30, 90, 365)
"""Days one can look back over."""
USUAL = 30
FEW = 3
"""Fewer people than this are never told apart by team."""
FOUND, LED = 1, 2
"""The two bits of an outcome: it found something; a result was opened in the same visit."""
LANGUAGES = tuple(language.value for language in Language)

_ACCENTED = re.compile("[\u00e0-\u00f6\u00f8-\u00fd\u0103\u0111\u0129\u0169\u01a1\u01b0]")

Numbers = NDArray[np.int32]


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
class Day:
    """One day in rows; nobody is person 0.

    `searches` are (wording, person, language, outcome), `visits` (person, language, whether it
    led to something).
    """

    searches: Numbers
    visits: Numbers

    @staticmethod
    def unpacked(searches: bytes, visits: bytes) -> "Day":
        """Return a day from what `packed` made."""
        return Day(
            np.frombuffer(searches, "<i4").reshape(-1, 4),
            np.frombuffer(visits, "<i4").reshape(-1, 3),
        )

    @property
    def packed(self) -> tuple[bytes, bytes]:
        """The rows as bytes, the same on every machine."""
        return self.searches.astype("<i4").tobytes(), self.visits.astype("<i4").tobytes()

    def without_people(self) -> "Day":
        """The same, nobody known any more."""
        searches, visits = self.searches.copy(), self.visits.copy()
        searches[:, 1] = visits[:, 0] = 0
        return Day(searches, visits)


def language_of(text: str, told: str | None, usual: str | None) -> int:
    """Return which language a search is in: by its letters, else that of the page or the person."""
    found = speaks(text) or ("vi" if _ACCENTED.search(text.lower()) else told or usual)
    return LANGUAGES.index(found) if found in LANGUAGES else 0


def day_of(visits: Iterable[Visit], wording: Callable[[str], int], usual: Mapping[int, str]) -> Day:
    """Return a day's visits as rows; a visit speaks the language of its first search."""
    searches, kept = [], []
    for visit in visits:
        person = visit.person or 0
        spoken = [language_of(it.query, it.language, usual.get(person)) for it in visit.searches]
        searches += [
            (wording(it.query), person, said, FOUND * it.found + LED * it.led)
            for it, said in zip(visit.searches, spoken, strict=True)
        ]
        kept.append((person, spoken[0], int(visit.led)))
    return Day(np.array(searches, np.int32).reshape(-1, 4), np.array(kept, np.int32).reshape(-1, 3))


@dataclass(frozen=True, slots=True)
class Log:
    """Many days as columns, in the order of the days; `meaning` are numbers from 0 on."""

    day: Numbers
    meaning: Numbers
    wording: Numbers
    person: Numbers
    language: Numbers
    outcome: Numbers
    visit_day: Numbers
    visit_person: Numbers
    visit_language: Numbers
    visit_led: Numbers

    @staticmethod
    def of(days: Sequence[tuple[int, Day]], meaning: Callable[[Numbers], Numbers]) -> "Log":
        """Return days as columns; `meaning` numbers what wordings mean."""
        searches = np.concatenate([np.zeros((0, 4), np.int32), *(it.searches for _, it in days)])
        visits = np.concatenate([np.zeros((0, 3), np.int32), *(it.visits for _, it in days)])
        numbers = np.array([number for number, _ in days], np.int32)
        wording, person, language, outcome = (searches[:, i].copy() for i in range(4))
        visit_person, visit_language, visit_led = (visits[:, i].copy() for i in range(3))
        return Log(
            day=np.repeat(numbers, [len(it.searches) for _, it in days]),
            meaning=meaning(wording),
            wording=wording,
            person=person,
            language=language,
            outcome=outcome,
            visit_day=np.repeat(numbers, [len(it.visits) for _, it in days]),
            visit_person=visit_person,
            visit_language=visit_language,
            visit_led=visit_led,
        )

    def __add__(self, later: "Log") -> "Log":
        """These days, and later ones."""
        return Log(
            *(
                np.concatenate([getattr(self, name), getattr(later, name)])
                for name in self.__dataclass_fields__
            )
        )

    def only(
        self, first: int, *, people: Numbers | None = None, language: int | None = None
    ) -> "Log":
        """The searches and visits from a day on; of these people, in this language."""
        begin, start = np.searchsorted(self.day, first), np.searchsorted(self.visit_day, first)
        mine = _chosen(self.person[begin:], self.language[begin:], people, language)
        its = _chosen(self.visit_person[start:], self.visit_language[start:], people, language)
        names = list(self.__dataclass_fields__)
        parts = [getattr(self, name)[begin:] for name in names[:6]]
        rest = [getattr(self, name)[start:] for name in names[6:]]
        return Log(
            *(parts if mine is None else [it[mine] for it in parts]),
            *(rest if its is None else [it[its] for it in rest]),
        )


def _chosen(
    person: Numbers, spoken: Numbers, people: Numbers | None, language: int | None
) -> NDArray[np.bool_] | None:
    mask = None
    if people is not None:
        mask = np.isin(person, people)
    if language is not None:
        mask = spoken == language if mask is None else mask & (spoken == language)
    return mask


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


def tally(log: Log) -> Tally:
    """Add up searches by what they mean."""
    size = int(log.meaning.max()) + 1 if len(log.meaning) else 0
    known = log.person > 0
    span = int(log.person.max()) + 1 if len(log.person) else 1
    pairs = np.unique(log.meaning[known].astype(np.int64) * span + log.person[known])
    last = np.zeros(size, np.int64)
    last[log.meaning] = log.day  # days rise, and of equal places the last one stays

    def count(of: NDArray[np.bool_] | None = None) -> NDArray[np.int64]:
        chosen = log.meaning if of is None else log.meaning[of]
        return np.bincount(chosen, minlength=size).astype(np.int64)

    times = count()
    there = np.flatnonzero(times)
    return Tally(
        np.arange(size, dtype=np.int64),
        times,
        np.bincount(pairs // span, minlength=size).astype(np.int64),
        count((log.outcome & FOUND) == 0),
        count(log.outcome == FOUND),
        count((log.outcome & LED) > 0),
        last,
    ).cut(there)


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


def spellings(log: Log, meanings: Sequence[int], most: int) -> dict[int, list[int]]:
    """Return the wordings of some meanings, what was typed most often first."""
    mine = np.isin(log.meaning, np.array(meanings, np.int32))
    pairs = (log.meaning[mine].astype(np.int64) << 32) + log.wording[mine]
    found, counts = np.unique(pairs, return_counts=True)
    told: dict[int, list[int]] = {meaning: [] for meaning in meanings}
    for at in np.lexsort((found, -counts)).tolist():
        meaning, wording = int(found[at]) >> 32, int(found[at]) & 0xFFFFFFFF
        if len(told[meaning]) < most:
            told[meaning].append(wording)
    return told


def shares(
    log: Log, meanings: Sequence[int], of: Callable[[Numbers], Numbers]
) -> dict[int, dict[int, int]]:
    """Return how many people of each group searched for some meanings; too few are left out.

    Args:
        log: the searches.
        meanings: which of them.
        of: gives the groups of persons; group 0 is none.
    """
    mine = np.isin(log.meaning, np.array(meanings, np.int32)) & (log.person > 0)
    rows = np.stack([log.meaning[mine], of(log.person[mine]), log.person[mine]], axis=1)
    told: dict[int, dict[int, int]] = {meaning: {} for meaning in meanings}
    for meaning, group, _ in np.unique(rows, axis=0).tolist():
        if group:
            told[meaning][group] = told[meaning].get(group, 0) + 1
    return {
        meaning: {group: count for group, count in groups.items() if count >= FEW}
        for meaning, groups in told.items()
    }
