"""What a claim is, when it is too old, and when two contradict each other."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from portal.library.claims.figures import Figure

WHY_MOST = 500
VERSION = 2
"""Raised when extraction changes, so that the nightly run reads every text anew."""


class Problem(StrEnum):
    """What is wrong with a claim; the value is the name of its list."""

    UNSOURCED = "unsourced"
    STATEMENT = "statement"  # about a competitor, without a figure, without a source
    UNDATED = "undated"
    OLD = "old"
    CONTRADICTION = "contradiction"
    TRANSLATION = "translation"


class Verdict(StrEnum):
    """What a person decided about a claim that was listed."""

    NO_CLAIM = "no-claim"
    NO_CONTRADICTION = "no-contradiction"


USUAL_AGE = 18
MAX_AGES = {
    "pricing-policy": 6,
    "battlecard": 12,
    "comparison": 12,
    "case-study": 36,
}
"""Months after which a claim is too old, by kind; `USUAL_AGE` for all others.

Prices go stale fastest, what is said about competitors within a year; what a customer achieved
stays true, but three years later nobody believes it.
"""


@dataclass(frozen=True, slots=True)
class Fact:
    """One figure of a claim, ready to be compared with others about the same thing."""

    thing: str  # hash of subject and measure; "" when too little is said to compare
    place: str  # where it stands, the same in all languages of an asset
    unit: str
    value: str
    shown: str
    rough: bool


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence with a figure, or about a competitor, as a text says it."""

    number: int
    anchor: str
    sentence: str
    subject: str
    competitor: str
    has_figure: bool
    needs_source: bool
    said: bool
    source: str
    source_day: date | None
    borrowed: bool  # the source is told elsewhere in the text
    linked: bool
    facts: tuple[Fact, ...]

    @property
    def mark(self) -> str:
        """What tells this sentence from others, as long as its words and figures stay."""
        return mark_of(self.sentence)


def mark_of(*parts: str) -> str:
    """Return 24 hex digits that stand for these words; case and blanks do not count."""
    told = "\n".join(" ".join(part.casefold().split()) for part in parts)
    return hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()[:24]


def most_months(kind: str) -> int:
    """Return after how many months a claim in an asset of a kind is too old."""
    return MAX_AGES.get(kind, USUAL_AGE)


def oldest(kind: str, today: date) -> date:
    """Return the first day a source may be of to be new enough."""
    months = today.year * 12 + today.month - 1 - most_months(kind)
    year, month = divmod(months, 12)
    return date(year, month + 1, min(today.day, 28))


def spoken_of(figures: Iterable[Figure]) -> str:
    """Return figures as one line, in a fixed order, to be part of what a measure is."""
    return " ".join(sorted(f"{f.value}{f.unit}" for f in figures))


TOLERANCE = Decimal("0.02")


def differ(first: Fact, second: Fact) -> bool:
    """Whether two figures about the same thing contradict each other; rounding does not."""
    if first.unit != second.unit:
        return False
    ones, others = numbers(first.value), numbers(second.value)
    if len(ones) != len(others):
        return not set(ones) & set(others)
    for one, other in zip(ones, others, strict=True):
        most = max(one, other)
        allowed = TOLERANCE * most if first.rough or second.rough else 0
        if abs(one - other) > allowed:
            return True
    return False


def numbers(value: str) -> list[Decimal]:
    """Return the numbers of a value as `Figure` keeps it; signs do not count."""
    found = []
    for part in value.split("–"):
        try:
            found.append(abs(Decimal(part)))
        except InvalidOperation:
            continue
    return found


def contradicting(facts: list[Fact]) -> bool:
    """Whether any two of these facts about one thing differ."""
    return any(differ(a, b) for n, a in enumerate(facts) for b in facts[n + 1 :])
