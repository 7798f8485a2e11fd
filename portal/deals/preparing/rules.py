"""Which assets fit a deal and how well; what its uses come to."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from portal.config import Language

WEIGHTS = {"competitor": 8, "product": 4, "industry": 3, "stage": 2}
"""What sharing a term of a facet counts; the competitor outweighs all others but together."""
SPEAKS, WON = 2, 3
"""What being in the customer's language counts, and having won deals like it."""
LOOKED_AT = 24
"""Assets whose texts are looked at: those that share most."""
SHOWN = 6
USES_SHOWN = 50
"""Uses told one by one; of those before only their number."""

_SPEAK = {
    Language.VI: ("vietnam", "viet nam", "việt nam", "вьетнам", "vn"),
    Language.RU: (
        "russia", "russian federation", "россия", "kazakhstan", "казахстан", "belarus",
        "беларусь", "kyrgyzstan", "киргизия", "nga", "ru", "kz", "by",
    ),
}  # fmt: skip


def language_of(country: str) -> Language | None:
    """Return which of our languages is spoken in a country, as far as it tells."""
    key = " ".join(country.casefold().split())
    return next((language for language, names in _SPEAK.items() if key in names), None)


@dataclass(frozen=True, slots=True)
class Fit:
    """An asset that fits: by which terms (their ids), in which language it is offered."""

    asset_id: int
    terms: Sequence[int]
    language: str
    score: int
    speaks: bool
    won: str = ""
    used_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Offered:
    """An asset that shares something with a deal: its terms in common, the languages it is in."""

    asset_id: int
    terms: Sequence[int]
    languages: Sequence[str]


def fits(
    offered: Iterable[Offered],
    *,
    facets: Mapping[int, str],
    customer: Language | None,
    reader: str,
    used: Mapping[int, datetime],
    won: Mapping[int, str],
    most: int = SHOWN,
) -> list[Fit]:
    """Return what fits, best first, used before last; among equals as they were given.

    `facets`: of each term of the deal; `won`: what has won deals like it, and how that is said.
    """
    found = []
    for it in offered:
        if not it.languages:
            continue
        wanted = (customer, reader, Language.EN)
        language = next((code for code in wanted if code in it.languages), min(it.languages))
        speaks = customer is not None and language == customer
        shared = {facets[term] for term in it.terms}
        score = sum(WEIGHTS[facet] for facet in shared)
        score += (SPEAKS if speaks else 0) + (WON if it.asset_id in won else 0)
        found.append(
            Fit(
                it.asset_id, it.terms, str(language), score, speaks,
                won.get(it.asset_id, ""), used.get(it.asset_id),
            )
        )  # fmt: skip
    found.sort(key=lambda fit: (fit.used_at is not None, -fit.score))
    return found[:most]


@dataclass(frozen=True, slots=True)
class Used:
    """Somebody did something with an asset on the deal."""

    asset_id: int
    action: str
    who: str
    language: str | None
    stage: str | None
    at: datetime


@dataclass(slots=True)
class Together:
    """All uses of one asset on a deal: how often each thing was done, by whom, last when."""

    asset_id: int
    at: datetime
    language: str | None
    stage: str | None
    actions: Counter[str] = field(default_factory=Counter)
    people: Counter[str] = field(default_factory=Counter)


def by_asset(uses: Iterable[Used]) -> list[Together]:
    """Put uses of the same asset together, the latest first; uses come latest first."""
    found: dict[int, Together] = {}
    for use in uses:
        it = found.setdefault(use.asset_id, Together(use.asset_id, use.at, use.language, use.stage))
        it.actions[use.action] += 1
        it.people[use.who] += 1
    return list(found.values())
