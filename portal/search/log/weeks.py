"""The success rate by week: visits with a search that led to something. Pure."""

from dataclasses import dataclass

import numpy as np

from portal.search.log.rows import Log
from portal.search.log.rules import FEW

WEEKS, YEAR_WEEKS = 13, 52
"""Weeks of the chart; of a year all of them."""
MONDAY = 3
"""1 January 1970 was a Thursday: so many days after a Monday."""


@dataclass(frozen=True, slots=True)
class Week:
    """A week from its Monday on: visits with searches, how many led to something, people."""

    monday: int
    visits: int
    led: int
    people: int

    @property
    def share(self) -> float | None:
        """The success rate; none when too few people searched to say anything of them."""
        return self.led / self.visits if self.people >= FEW else None


def first_monday(today: int, days: int) -> int:
    """Return the Monday the chart begins with."""
    weeks = YEAR_WEEKS if days > 7 * WEEKS else WEEKS
    return today - (today + MONDAY) % 7 - 7 * (weeks - 1)


def by_week(log: Log, first: int, today: int) -> list[Week]:
    """Return the visits of each week; `first` is a Monday, the last week is that of today."""
    weeks = max(0, (today - first) // 7 + 1)
    place = (log.visit_day - first) // 7
    mine = (place >= 0) & (place < weeks)
    place, person = place[mine].astype(np.int64), log.visit_person[mine]
    visits = np.bincount(place, minlength=weeks)
    led = np.bincount(place, weights=log.visit_led[mine], minlength=weeks)
    keys = np.sort((place[person > 0] << 32) + person[person > 0])
    pairs = keys[np.append(True, keys[1:] != keys[:-1])[: len(keys)]] >> 32
    people = np.bincount(pairs, minlength=weeks)
    return [Week(first + 7 * n, int(visits[n]), int(led[n]), int(people[n])) for n in range(weeks)]
