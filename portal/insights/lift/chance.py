"""The starting chance of a deal: how likely it is to be won by what is known when it starts.

An additive logistic model: `log-odds = intercept + effect of each factor's level`, with a penalty
that draws effects towards 0 as if some ordinary deals had been seen at every level. The penalty
of the rep is estimated (a random effect). It only sorts deals into bands, within which content is
compared; nobody is shown a deal's chance.

Source: docs/insight.md, step 2: cyclic Newton steps, factor by factor.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from portal.insights.lift.rules import BANDS, Numbers

SWEEPS = 12
STEP_MOST = 1.0
REP_PENALTY = 4.0
"""Where the estimate of the rep's penalty begins."""
REP_SPREAD = (0.01, 1.0)
"""Between which the variance of reps, in squared log-odds, is believed to lie."""
DEALS_A_BAND = 40
SIZES = 5


@dataclass(frozen=True, slots=True)
class Factor:
    """Something known when a deal starts: a level's number for each deal, and its penalty.

    `codes`: one integer from 0 to `levels` - 1 for each deal; `prior`: ordinary deals by which an
    effect is drawn to 0, None when that is to be estimated from the data.
    """

    codes: Numbers
    levels: int
    prior: float | None


@dataclass(frozen=True, slots=True)
class Fit:
    """The model found: the intercept, and for each factor the effects of its levels (log-odds)."""

    intercept: float
    effects: list[Numbers]

    def log_odds(self, codes: Sequence[Numbers]) -> Numbers:
        """Return the log-odds of deals by their levels; -1 is a level never seen (no effect)."""
        total = np.full(len(codes[0]), self.intercept) if codes else np.zeros(0)
        for effect, code in zip(self.effects, codes, strict=True):
            known = np.append(effect, 0.0)  # -1 takes the last
            total = total + known[code]
        return total


def fit(won: Numbers, factors: Sequence[Factor]) -> Fit:
    """Fit the model to closed deals; `won`: 1 or 0 for each.

    With no deals at all every chance is even.
    """
    y = np.asarray(won, dtype=float)
    if not len(y):
        return Fit(0.0, [np.zeros(it.levels) for it in factors])
    mean = float(y.mean())
    intercept = math.log((mean + 1e-3) / (1 - mean + 1e-3))
    odds = np.full(len(y), intercept)
    effects = [np.zeros(it.levels) for it in factors]
    penalty = [REP_PENALTY if it.prior is None else float(it.prior) for it in factors]
    for sweep in range(SWEEPS):
        for j, it in enumerate(factors):
            chance = 1 / (1 + np.exp(-odds))
            weight = np.bincount(it.codes, chance * (1 - chance), it.levels) + penalty[j]
            slope = np.bincount(it.codes, y - chance, it.levels) - penalty[j] * effects[j]
            step = np.clip(slope / weight, -STEP_MOST, STEP_MOST)
            effects[j] += step
            odds += step[it.codes]
            if it.prior is None and sweep > 1:
                spread = float(np.clip(np.mean(effects[j] ** 2 + 1 / weight), *REP_SPREAD))
                penalty[j] = 1 / spread
        chance = 1 / (1 + np.exp(-odds))
        shift = float((y - chance).sum() / max(float((chance * (1 - chance)).sum()), 1e-9))
        intercept += shift
        odds += shift
    return Fit(intercept, effects)


def cuts(values: Numbers, parts: int) -> Numbers:
    """Return the `parts` - 1 inner quantiles of values: where bands of equal size meet."""
    if parts < 2 or not len(values):  # noqa: PLR2004  # one band has no inner border
        return np.zeros(0)
    return np.quantile(values, np.linspace(0, 1, parts + 1)[1:-1])


def band(values: Numbers, borders: Numbers) -> Numbers:
    """Return the band of each value, from 0; a value on a border belongs to the upper one."""
    return np.searchsorted(borders, values, side="right").astype(np.int64)


def bands_for(deals: int) -> int:
    """Return how many bands there are: ten, fewer with few deals (about 40 a band)."""
    return int(np.clip(deals // DEALS_A_BAND, 1, BANDS))
