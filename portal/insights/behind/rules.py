"""Counts of one asset by kind of moment and by quarter, beside what others came to; arithmetic."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from portal.insights.lift.effect import moment_of

MOST_QUARTERS = 12
"""Quarters shown at most, the latest ones."""


class Cell(NamedTuple):
    """Uses of an asset in a stratum, and of all content there."""

    stratum: int
    n: int
    won: int
    all_n: int
    all_won: int

    @property
    def others(self) -> float | None:
        """How often deals were won with other content there; None when there was no other."""
        return (self.all_won - self.won) / (self.all_n - self.n) if self.all_n > self.n else None


class Kept(NamedTuple):
    """A closed deal that saw the asset: the company's day of its close, won, its stratum."""

    closed_on: date
    won: int
    stratum: int


@dataclass(frozen=True, slots=True)
class Moment:
    """A stage and an age of it: with the asset, with others, and what others would have won."""

    stage: int
    age: int
    n: int = 0
    won: int = 0
    expected: float = 0.0
    others_n: int = 0
    others_won: int = 0


@dataclass(frozen=True, slots=True)
class Quarter:
    """Deals that closed in a quarter, of those that compare."""

    year: int
    quarter: int
    n: int = 0
    won: int = 0
    expected: float = 0.0


class Sheet(StrEnum):
    """Which of the asset's tables is sent as a file."""

    MOMENTS = "moments"
    QUARTERS = "quarters"


def moments(cells: Iterable[Cell], order: Mapping[int, int]) -> list[Moment]:
    """Add up cells by stage and age, bands together; what has nothing to compare with is left out.

    What others would have won is reckoned band by band, so that like is compared with like.
    `order`: the place of each stage.
    """
    found: dict[tuple[int, int], Moment] = {}
    for cell in cells:
        others = cell.others
        if others is None:
            continue
        key = moment_of(cell.stratum)
        it = found.get(key, Moment(*key))
        found[key] = Moment(
            *key,
            it.n + cell.n,
            it.won + cell.won,
            it.expected + cell.n * others,
            it.others_n + cell.all_n - cell.n,
            it.others_won + cell.all_won - cell.won,
        )
    return [found[key] for key in sorted(found, key=lambda it: (order.get(it[0], 10**6), it))]


def quarters(deals: Iterable[Kept], cells: Iterable[Cell]) -> list[Quarter]:
    """Add up deals by the quarter of their close, quarters without any included, oldest first."""
    others = {it.stratum: it.others for it in cells}
    found: dict[int, Quarter] = {}
    for deal in deals:
        expected = others.get(deal.stratum)
        if expected is None:
            continue
        number = deal.closed_on.year * 4 + (deal.closed_on.month - 1) // 3
        it = found.get(number, Quarter(number // 4, number % 4 + 1))
        found[number] = Quarter(
            it.year, it.quarter, it.n + 1, it.won + deal.won, it.expected + expected
        )
    if not found:
        return []
    last = max(found)
    first = max(min(found), last - MOST_QUARTERS + 1)
    return [found.get(i, Quarter(i // 4, i % 4 + 1)) for i in range(first, last + 1)]
