"""Owns what a visit is, which searches of it count, and whether they led to something. Pure.

A visit is what one person does until a pause of more than half an hour, or midnight. A search of
it has led to something when a hit was opened, or used where it was listed, at or after it, before
the visit ended. Facts whose person is not known are visits of one search; their reference tells.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from portal.usage.rules import USES, Action, Source

PAUSE = 30 * 60
"""Seconds without anything after which the next thing is part of another visit."""
TYPING = 30
"""Seconds within which a search while typing was but a step to the next one."""
AGAIN = 120
"""Seconds within which the same search again is still the same: another page, another filter."""
LISTED = frozenset({Source.SEARCH, Source.INSTANT, Source.PALETTE})
"""Where hits are listed: what is used with such a source was found by searching."""


class Fact(NamedTuple):
    """A line of the ledger as far as visits need it; `at` in seconds, lines in their order."""

    at: int
    person: int | None
    action: str
    source: str | None
    ref: str | None
    query: str | None = None
    results: int | None = None
    language: str | None = None


class Search(NamedTuple):
    """A search that counts: what was typed, whether it found anything, whether it led on."""

    at: int
    person: int | None
    query: str
    found: bool
    led: bool
    language: str | None


class Visit(NamedTuple):
    """A visit with at least one search; it was a success when one of them led to something."""

    person: int | None
    searches: Sequence[Search]

    @property
    def led(self) -> bool:
        """Whether something was opened from the results."""
        return any(search.led for search in self.searches)


def is_taken(fact: Fact) -> bool:
    """Whether a result was opened, or used right where it was listed."""
    return fact.action == Action.OPENED or (fact.action in USES and fact.source in LISTED)


def visits(day: Iterable[Fact]) -> Iterator[Visit]:
    """Yield the visits with searches of one day of the company, given what happened on it."""
    by_person: dict[int, list[Fact]] = {}
    unknown: list[Fact] = []
    for fact in sorted(day, key=lambda it: it.at):
        if fact.person is None:
            unknown.append(fact)
        else:
            by_person.setdefault(fact.person, []).append(fact)
    for person, facts in by_person.items():
        for part in _parts(facts):
            searches = _searches(part)
            if searches:
                yield Visit(person, searches)
    taken = {fact.ref for fact in unknown if fact.ref and is_taken(fact)}
    for fact in unknown:
        if _is_search(fact):
            yield Visit(None, (_counted(fact, led=bool(fact.ref) and fact.ref in taken),))


def _parts(facts: Sequence[Fact]) -> Iterator[list[Fact]]:
    """Cut what a person did where they paused."""
    part: list[Fact] = []
    for fact in facts:
        if part and fact.at - part[-1].at > PAUSE:
            yield part
            part = []
        part.append(fact)
    if part:
        yield part


def _is_search(fact: Fact) -> bool:
    return fact.action == Action.SEARCHED and bool(fact.query)


def _searches(part: Sequence[Fact]) -> tuple[Search, ...]:
    """Return the searches of a visit that count."""
    last = max((fact.at for fact in part if is_taken(fact)), default=-1)
    asked = [fact for fact in part if _is_search(fact)]
    return tuple(
        _counted(fact, led=last >= fact.at)
        for fact, after in zip(
            asked, [*asked[1:], None], strict=False
        )  # one more when there is none
        if after is None or not is_on_the_way(fact, after)
    )


def is_on_the_way(fact: Fact, after: Fact) -> bool:
    """Whether a search was but a step to the next one of the same person."""
    soon = after.at - fact.at
    typing = fact.source == Source.INSTANT and soon <= TYPING
    return typing or (fact.query == after.query and soon <= AGAIN)


def _counted(fact: Fact, *, led: bool) -> Search:
    found = fact.results is None or fact.results > 0
    return Search(fact.at, fact.person, fact.query or "", found, led, fact.language)
