"""Priors: what is known of an asset besides its words, as small factors on its text's score. Pure.

Each prior leans between -1 and 1, where 0 is "nothing is known" and leaves the score as it is. Its
factor is `span ** (lean / 2)`: between the best and the worst lies the span. The spans multiply to
less than `MOST`, so an asset whose text fits more than 1.3 times better always comes first; the
rule for suggestions on deals (`insights.recommending.rules.prior`) is the same.

- rating: the believed mean of `calls.ratings.scoring` (Bayesian) over the usual one;
- freshness: 1 on the day of a check, 0 when the next is due, -1 as long again after that;
- verified: its owner stands by it and nobody contradicts, or somebody says it is wrong;
- use: how often it is opened over how often others would be at the places where it was shown.

Places: people look at what stands first. The model is the position-based one (M. Richardson,
E. Dominowska, R. Ragno, "Predicting clicks", WWW 2007; N. Craswell et al., "An experimental
comparison of click position-bias models", WSDM 2008): the chance that a hit is opened is the chance
that its place is looked at times its own pull. Both are found in turn, each as opens over what the
other lets expect. What comes out for an asset is clicks over expected clicks (V. Zhang, R. Jones,
"Comparing click logs and editorial labels for training query rewriting", 2007), shrunk towards 1 as
if `SHRINK` opens more had come as expected.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from portal.library.freshness.rules import Condition, add_months, freshness
from portal.usage import visits

Floats = NDArray[np.float64]

MOST = 1.3
"""Between the best and the worst of all priors together there is no more than this factor."""


class Prior(StrEnum):
    """What is known of an asset besides its words."""

    RATING = "rating"
    USE = "use"
    FRESH = "freshness"
    VERIFIED = "verified"


SPANS = {Prior.RATING: 1.10, Prior.USE: 1.09, Prior.FRESH: 1.05, Prior.VERIFIED: 1.03}
"""The factor between the best and the worst by each of them alone."""
FULL_STARS = 1.0
"""The stars above or below the usual rating that count in full."""
FULL_PULL = 2.0
"""Opened so many times as often as expected, or as rarely: that counts in full."""
SHRINK = 8.0
"""Opens as expected that are added to those of each asset."""
PLACES = 20
"""Places that are told apart; what stands further down is looked at as the last of them."""
ROUNDS = 30
TYPING = timedelta(seconds=visits.TYPING)
"""A search so soon followed by another of that person, and nothing opened, was being typed."""
FRESHNESS = ("fresh", "due", "overdue")
"""The values of the facet: checked; due within a week; overdue or never checked."""


def factor(prior: Prior, lean: Any) -> Any:  # noqa: ANN401  # a number, or an array of them
    """Return the factor of a prior that leans between -1 and 1."""
    return SPANS[prior] ** (np.clip(lean, -1.0, 1.0) / 2)


def rating_lean(value: Any, usual: float) -> Any:  # noqa: ANN401  # as above
    """Return how a rating leans from the usual one."""
    return np.clip((value - usual) / FULL_STARS, -1.0, 1.0)


def use_lean(pull: Any) -> Any:  # noqa: ANN401  # as above
    """Return how opens over expected opens lean."""
    return np.clip(np.log(pull) / np.log(FULL_PULL), -1.0, 1.0)


def verified_lean(condition: Condition, *, disputed: bool) -> float:
    """Return 1 when a check stands, -1 when somebody says it is wrong, else 0."""
    if disputed:
        return -1.0
    return 1.0 if condition in {Condition.FRESH, Condition.SOON, Condition.TODAY} else 0.0


@dataclass(frozen=True, slots=True)
class Age:
    """How fresh an asset is today: its condition, how it leans, the number of its facet's value."""

    condition: Condition
    lean: float
    facet: int


_FACET = {Condition.FRESH: 0, Condition.SOON: 1, Condition.TODAY: 1}


@lru_cache(maxsize=16_384)
def age(checked_on: date | None, published_on: date | None, months: int, today: date) -> Age:
    """Return how fresh an asset is. One nobody has checked is no worse than any when it is new."""
    state = freshness(checked_on, months, today)
    since = checked_on or published_on or today
    interval = max((add_months(since, months) - since).days, 1)
    lean = (0.0 if checked_on is None else 1.0) - (today - since).days / interval
    return Age(state.condition, max(-1.0, min(1.0, lean)), _FACET.get(state.condition, 2))


# --- use, with its places ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Search:
    """A search as it was made: by whom, when, what its page listed, and what of it was opened."""

    user_id: int
    at: datetime
    shown: Sequence[int]
    opened: frozenset[int]


def settled(searches: Iterable[Search]) -> Iterable[Search]:
    """Leave out what was still being typed; `searches` by person, then by time."""
    before: Search | None = None
    for it in searches:
        if before is not None and (
            before.opened or before.user_id != it.user_id or it.at - before.at > TYPING
        ):
            yield before
        before = it
    if before is not None:
        yield before


@dataclass(frozen=True, slots=True)
class Use:
    """What the searches tell: by asset its opens and the expected ones; by place how likely."""

    assets: NDArray[np.int64]
    opens: Floats
    expected: Floats
    places: Floats

    @property
    def pull(self) -> Floats:
        """Opens over expected opens of each asset, shrunk towards 1."""
        return (self.opens + SHRINK) / (self.expected + SHRINK)


def use_of(shown: Sequence[tuple[int, int, bool]]) -> Use:
    """Fit places and assets to (asset, place from 1, opened?) of every hit that was shown."""
    table = np.array(shown, np.int64).reshape(-1, 3)
    assets, number = np.unique(table[:, 0], return_inverse=True)
    place = np.minimum(table[:, 1], PLACES) - 1
    opened = table[:, 2].astype(np.float64)
    opens = np.bincount(number, opened, len(assets)).astype(np.float64)
    at_place = np.bincount(place, opened, PLACES).astype(np.float64)
    expected, likely = opens, np.zeros(PLACES)
    pull = np.ones(len(assets))
    for _ in range(ROUNDS):
        seen = np.bincount(place, pull[number], PLACES).astype(np.float64)
        likely = falling(at_place, seen)
        expected = np.bincount(number, likely[place], len(assets)).astype(np.float64)
        pull = (opens + SHRINK) / (expected + SHRINK)
    return Use(assets, opens, expected, likely)


def falling(opens: Floats, seen: Floats) -> Floats:
    """Return opens over what was seen by place, so that none is above the one before it.

    Neighbours that would be are taken together (pool adjacent violators): there are few opens far
    down, and nobody looks at the ninth hit rather than at the eighth.
    """
    pools: list[list[float]] = []
    for top, whole in zip(opens.tolist(), seen.tolist(), strict=True):
        pools.append([top, whole, 1])
        while len(pools) > 1 and _rate(pools[-1]) > _rate(pools[-2]):
            top_, whole_, many = pools.pop()
            pools[-1] = [pools[-1][0] + top_, pools[-1][1] + whole_, pools[-1][2] + many]
    return np.array([_rate(pool) for pool in pools for _ in range(int(pool[2]))], np.float64)


def _rate(pool: Sequence[float]) -> float:
    return pool[0] / pool[1] if pool[1] else 0.0
