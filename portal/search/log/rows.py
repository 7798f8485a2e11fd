"""The log in rows: one a search that counts, one a visit, by day; chosen and put together. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portal.asset_requests.similar.rules import likely
from portal.config import Language
from portal.usage.visits import Visit

FOUND, LED = 1, 2
"""The two bits of an outcome: it found something; a result was opened in the same visit."""
LANGUAGES = tuple(language.value for language in Language)

Numbers = NDArray[np.int32]


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
    found = likely(text) or told or usual
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
