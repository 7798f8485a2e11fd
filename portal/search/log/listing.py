"""Chooses, sorts and words the lines of the log: what the page and its files are made of."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from portal.search.log import queries, rules
from portal.search.log import weeks as by_weeks
from portal.search.log.kept import Now
from portal.search.log.rules import FEW, LANGUAGES, Column, Line, Log, Numbers, Tally, Which
from portal.search.log.weeks import Week

SPELLINGS = 4
"""Ways of typing the same that are shown of a line."""
LOT = 400
"""Lines worded at a time."""


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
        known, place = np.unique(persons, return_inverse=True)
        team = [self.of.get(it, 0) for it in known.tolist()]
        return np.array([it if it in self.names else 0 for it in team], np.int32)[place]

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
    """What was asked for: the searches of it, its lines in order, people, lines held back."""

    log: Log
    tally: Tally
    people: int
    held_back: int


def found(now: Now, wanted: Wanted, known: Teams) -> Found:
    """Return the lines asked for; of a team only those that three of its people typed."""
    only = partial(
        now.log.only,
        people=known.people(wanted.team) if wanted.team else None,
        language=LANGUAGES.index(wanted.language) if wanted.language else None,
    )
    log = only(now.today - wanted.days + 1)
    everything = rules.listed(rules.tally(log), wanted.which)
    lines = rules.listed(everything, wanted.which, least=FEW if wanted.team else 0)
    people = len(np.unique(log.person[log.person > 0]))
    return Found(
        log,
        rules.in_order(lines, wanted.column, up=wanted.up),
        people,
        len(everything) - len(lines),
    )


def weeks(now: Now, wanted: Wanted, known: Teams) -> list[Week]:
    """Return the success rate by week, for the same people and language."""
    first = by_weeks.first_monday(now.today, wanted.days)
    log = now.log.only(
        first,
        people=known.people(wanted.team) if wanted.team else None,
        language=LANGUAGES.index(wanted.language) if wanted.language else None,
    )
    return by_weeks.by_week(log, first, now.today)


@dataclass(frozen=True, slots=True)
class Worded:
    """A line with what was typed for it, most often first, and its teams with their people."""

    line: Line
    texts: Sequence[str]
    teams: Mapping[int, int]


def worded(
    now: Now, log: Log, lines: Sequence[Line], groups: Callable[[Numbers], Numbers] | None
) -> list[Worded]:
    """Put words to lines; teams are told when they can be told apart by `groups`."""
    made = []
    for start in range(0, len(lines), LOT):
        part = lines[start : start + LOT]
        meanings = [line.meaning for line in part]
        typed = rules.spellings(log, meanings, SPELLINGS)
        texts = now.texts([it for found in typed.values() for it in found])
        shares = rules.shares(log, meanings, groups) if groups else {}
        made += [
            Worded(
                line,
                [texts[it] for it in typed[line.meaning] if it in texts],
                shares.get(line.meaning, {}),
            )
            for line in part
        ]
    return made
