"""What is known when a deal starts, as levels of factors; a fitted model kept as plain data."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from portal.insights.lift import chance
from portal.insights.lift.rules import DAY, Numbers

QUARTER = 91 * DAY
PRIORS: dict[str, float | None] = {
    "segment": 2.0,
    "industry": 2.0,
    "region": 2.0,
    "product": 2.0,
    "competitor": 2.0,
    "size": 2.0,
    "quarter": 4.0,
    "rep": None,
}
"""Factor → ordinary deals by which its effects are drawn to 0; None: estimated from the data."""
WORDS = ("segment", "industry", "region", "product", "competitor")


@dataclass(frozen=True, slots=True)
class Deals:
    """Closed deals in the order of their ids; sequences of the same length, a row a deal.

    `owner`: 0 is nobody; `won`: 1 or 0; `closed`, `created`: Unix seconds; `amount`: NaN when not
    known; `words`: factor → its word for each deal ("" when not known).
    """

    id: Numbers
    owner: Numbers
    won: Numbers
    closed: Numbers
    created: Numbers
    amount: Numbers
    currency: Sequence[str]
    words: dict[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Starting:
    """A model of starting chances with the levels it knows, and the borders of its bands.

    `levels`: factor → its levels in the order of their effects; `sizes`: currency → the amounts
    at which a fifth of its deals ends, since sums of two currencies do not compare.
    """

    levels: dict[str, list[Any]]
    sizes: dict[str, list[float]]
    fit: chance.Fit
    borders: Numbers = field(default_factory=lambda: np.zeros(0))

    def log_odds(self, deals: Deals) -> Numbers:
        """Return the log-odds of winning of deals, also of levels never seen."""
        keys = keys_of(deals, self.sizes)
        codes = []
        for name in PRIORS:
            place = {level: i for i, level in enumerate(self.levels[name])}
            codes.append(np.array([place.get(key, -1) for key in keys[name]], dtype=np.int64))
        return self.fit.log_odds(codes)

    def bands(self, deals: Deals) -> Numbers:
        """Return the band of starting chance of deals, from 0."""
        return chance.band(self.log_odds(deals), self.borders)

    def as_data(self) -> dict[str, Any]:
        """Return the model as what JSON can hold."""
        return {
            "levels": self.levels,
            "sizes": self.sizes,
            "intercept": self.fit.intercept,
            "effects": [effect.tolist() for effect in self.fit.effects],
            "borders": self.borders.tolist(),
        }


def from_data(data: dict[str, Any]) -> Starting:
    """Return the model that was kept by `Starting.as_data`."""
    effects = [np.array(effect, dtype=float) for effect in data["effects"]]
    fit = chance.Fit(float(data["intercept"]), effects)
    return Starting(data["levels"], data["sizes"], fit, np.array(data["borders"], dtype=float))


def fitted(deals: Deals) -> Starting:
    """Fit the model to closed deals; the borders of its bands are for the caller to set."""
    sizes = _sizes(deals)
    keys = keys_of(deals, sizes)
    levels: dict[str, list[Any]] = {}
    factors = []
    for name, prior in PRIORS.items():
        levels[name] = sorted(set(keys[name]))
        place = {level: i for i, level in enumerate(levels[name])}
        codes = np.array([place[key] for key in keys[name]], dtype=np.int64)
        factors.append(chance.Factor(codes, max(len(levels[name]), 1), prior))
    fit = chance.fit(deals.won, factors)
    return Starting(levels, sizes, fit)


def keys_of(deals: Deals, sizes: dict[str, list[float]]) -> dict[str, list[Any]]:
    """Return factor → its level for each deal, as it is kept in the model."""
    keys: dict[str, list[Any]] = {name: list(deals.words[name]) for name in WORDS}
    fifth = np.full(len(deals.id), -1)
    currency = np.array(deals.currency, dtype=object)
    for code, borders in sizes.items():
        here = (currency == code) & np.isfinite(deals.amount)
        fifth[here] = chance.band(deals.amount[here], np.array(borders))
    keys["size"] = fifth.tolist()
    keys["quarter"] = (deals.created // QUARTER).tolist()
    keys["rep"] = deals.owner.tolist()
    return keys


def _sizes(deals: Deals) -> dict[str, list[float]]:
    currency = np.array(deals.currency, dtype=object)
    found = {}
    for code in sorted(set(deals.currency)):
        amounts = deals.amount[(currency == code) & np.isfinite(deals.amount)]
        if len(amounts):
            found[code] = chance.cuts(amounts, chance.SIZES).tolist()
    return found
