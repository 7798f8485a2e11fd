"""Chooses, sorts and words the lines of the log: what the page and its files are made of."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from portal.search.log import queries, rules
from portal.search.log import weeks as by_weeks
from portal.search.log.kept import Now
from portal.search.log.rows import LANGUAGES, Numbers
from portal.search.log.rules import FEW, Column, Grouped, Line, Tally, Which
from portal.search.log.weeks import Week

SPELLINGS = 4
"""Ways of typing the same that are shown of a line."""
COUNTED_MOST = 6
"""Choices of days, team and language that are kept counted."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for; team 0 and language "" are all of them."""

    days: int
    which: Which
    team: int
    language: str
    column: Column
    up: bool


@dataclass(frozen=True, slots=True)
class Teams:
    """Teams by name, and which person is of which; those of fewer than three are not named."""

    names: Mapping[int, str]
    of: Mapping[int, int]

    def groups(self, persons: Numbers) -> Numbers:
        """Return the team of each of these persons; 0 is none that is told."""
        found = [self.of.get(it, 0) for it in persons.tolist()]
        return np.array([it if it in self.names else 0 for it in found], np.int32)

    def people(self, team: int) -> Numbers:
        """Return the persons of a team."""
        return np.array(sorted(p for p, it in self.of.items() if it == team), np.int32)


def teams() -> Teams:
    """Return the teams that may be told apart."""
    names, of = queries.teams()
    sizes: dict[int, int] = {}
    for team in of.values():
        sizes[team] = sizes.get(team, 0) + 1
    return Teams({team: name for team, name in names.items() if sizes.get(team, 0) >= FEW}, of)


@dataclass(frozen=True, slots=True)
class Found:
    """What was asked for: its searches, its lines in order, people, lines held back, weeks."""

    whole: Grouped
    lines: Tally
    people: int
    held_back: int
    weeks: Sequence[Week]


def found(now: Now, wanted: Wanted, known: Teams) -> Found:
    """Return the lines asked for; of a team only those that three of its people typed."""
    whole, weeks = _counted(now, wanted, known)
    everything = rules.listed(whole.tally, wanted.which)
    lines = rules.listed(everything, wanted.which, least=FEW if wanted.team else 0)
    persons = whole.log.person
    people = int((np.bincount(persons[persons > 0]) > 0).sum()) if len(persons) else 0
    return Found(
        whole,
        rules.in_order(lines, wanted.column, up=wanted.up),
        people,
        len(everything) - len(lines),
        weeks,
    )


def _counted(now: Now, wanted: Wanted, known: Teams) -> tuple[Grouped, Sequence[Week]]:
    """Return the searches asked for by meaning, and the weeks; kept as long as `now` is."""
    key = (wanted.days, wanted.team, wanted.language)
    kept = now.counted.get(key)
    if kept is None:
        people = known.people(wanted.team) if wanted.team else None
        language = LANGUAGES.index(wanted.language) if wanted.language else None
        monday, first = by_weeks.first_monday(now.today, wanted.days), now.today - wanted.days + 1
        log = now.log.only(min(monday, first), people=people, language=language)
        kept = rules.grouped(log.only(first)), by_weeks.by_week(log, monday, now.today)
        while len(now.counted) >= COUNTED_MOST:
            now.counted.pop(next(iter(now.counted)), None)
        now.counted[key] = kept
    return kept


@dataclass(frozen=True, slots=True)
class Worded:
    """A line with what was typed for it, most often first, and its teams with their people."""

    line: Line
    texts: Sequence[str]
    teams: Mapping[int, int]


def worded(
    now: Now, whole: Grouped, lines: Sequence[Line], groups: Callable[[Numbers], Numbers] | None
) -> list[Worded]:
    """Put words to lines; teams are told when they can be told apart by `groups`."""
    typed = [rules.spellings(whole, line.meaning, SPELLINGS) for line in lines]
    texts = now.texts([it for found in typed for it in found])
    return [
        Worded(
            line,
            [texts[it] for it in found if it in texts],
            rules.shares(whole, line.meaning, groups) if groups else {},
        )
        for line, found in zip(lines, typed, strict=True)
    ]
