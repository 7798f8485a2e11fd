"""What is said of an asset's lift: best guess, range, and claims that survive many comparisons.

Steps 5 and 6 of docs/insight.md:

- an error of 1 point that more data can not remove is added to each standard error;
- the best guess draws the lift to 0 by how far assets truly differ (R. C. Paule and J. Mandel,
  1982), times 1.5 for heavy tails, never less than 5 points, 8 with fewer than 30 assets;
- a claim must survive Y. Benjamini and Y. Hochberg (1995) at 10 % and its range must leave 0 out;
- the E-value (T. VanderWeele and P. Ding, 2017) says what a hidden cause would have to do.
"""

import math
from dataclasses import dataclass

import numpy as np

from portal.deals.rules import Z95
from portal.insights.lift.effect import Effects
from portal.insights.lift.rules import (
    HUMILITY,
    LATE_MOST,
    LEAST_DEALS,
    LEAST_REPS,
    Numbers,
    Verdict,
)

SPREAD_LEAST, SPREAD_FEW, SPREAD_MOST, TAIL = 0.05, 0.08, 0.15, 1.5
"""Spread (sd) of true lifts between assets that is believed: least, with few assets, most."""
FEW_ASSETS = 30
FALSE_ALARMS = 0.10
POWER_Z = 0.8416
"""A true difference is to be called 4 times out of 5."""
DILUTION = 1.25
USUAL_CHANCE = 0.25
_ROUNDS = 60
_erfc = np.vectorize(math.erfc, otypes=[float])


@dataclass(frozen=True, slots=True)
class Judgements:
    """What is said of each asset, by place; shares, NaN where there is nothing to say.

    `error` includes the humility; `best`, `low`, `high`: best guess and its 95 % range; `p`: of
    no difference (tested assets only); `verdict`: values of `Verdict`; `need`: further closed
    deals at which a difference of 10 points would be seen; `spread`: of true lifts, as believed.
    """

    error: Numbers
    best: Numbers
    low: Numbers
    high: Numbers
    p: Numbers
    verdict: Numbers
    need: Numbers
    spread: float


def judge(effects: Effects, reps: Numbers, uses: Numbers) -> Judgements:
    """Judge assets by their effects, by how many reps used them, and by all their first uses.

    `uses` counts first uses on closed deals, too late ones included.
    """
    with np.errstate(all="ignore"):
        late = np.where(uses > 0, 1 - effects.countable / np.maximum(uses, 1), 1.0)
    enough = (effects.n >= LEAST_DEALS) & (reps >= LEAST_REPS)
    tested = enough & (late <= LATE_MOST) & np.isfinite(effects.lift)
    error = humble(effects.error)
    spread = spread_of(effects.lift, error, tested)
    best, deviation = shrunk(effects.lift, error, spread)
    z = np.abs(effects.lift) / error
    p = np.where(tested, _erfc(np.where(tested, z, 0.0) / math.sqrt(2)), np.nan)
    called = discoveries(p) & (np.abs(best) > Z95 * deviation)
    limit = float(z[called].min()) if called.any() else z_of(FALSE_ALARMS / max(tested.sum(), 1))
    verdict = np.full(len(uses), Verdict.THIN.value, dtype=object)
    verdict[(late > LATE_MOST) & (uses >= LEAST_DEALS)] = Verdict.DECIDED.value
    verdict[tested] = Verdict.SAME.value
    verdict[called & (effects.lift > 0)] = Verdict.HELPS.value
    verdict[called & (effects.lift < 0)] = Verdict.HURTS.value
    others = np.where(effects.others > 0, effects.others, USUAL_CHANCE)
    need = np.maximum(deals_needed(others, limit) - effects.n, 0).astype(np.int64)
    half = Z95 * deviation
    return Judgements(error, best, best - half, best + half, p, verdict, need, spread)


def humble(error: Numbers) -> Numbers:
    """Return standard errors with the point that more data can not remove."""
    return np.sqrt(error**2 + HUMILITY**2)


def spread_of(lift: Numbers, error: Numbers, tested: Numbers) -> float:
    """Return by how much (sd) true lifts are believed to differ between assets.

    It is found so that `sum lift² / (error² + spread²)` of the tested is their number.
    """
    x, variance = lift[tested], error[tested] ** 2
    if len(x) < FEW_ASSETS:
        return SPREAD_FEW
    square = 0.0016
    for _ in range(_ROUNDS):
        weight = 1 / (variance + square)
        excess = float((weight * x**2).sum()) - len(x)
        slope = float((weight**2 * x**2).sum())
        square = float(np.clip(square + excess / max(slope, 1e-12), 1e-6, SPREAD_MOST**2))
    return float(np.clip(TAIL * math.sqrt(square), SPREAD_LEAST, SPREAD_MOST))


def shrunk(lift: Numbers, error: Numbers, spread: float) -> tuple[Numbers, Numbers]:
    """Draw lifts to 0 by their spread; return best guesses and their standard deviations."""
    share = spread**2 / (spread**2 + error**2)
    return lift * share, np.sqrt(share) * error


def discoveries(p: Numbers, false_alarms: float = FALSE_ALARMS) -> Numbers:
    """Return which hypotheses to reject by Benjamini and Hochberg's step-up; NaN is not tested."""
    places = np.flatnonzero(np.isfinite(p))
    order = places[np.argsort(p[places], kind="stable")]
    limits = false_alarms * np.arange(1, len(order) + 1) / max(len(order), 1)
    under = np.flatnonzero(p[order] <= limits)
    found = np.zeros(len(p), dtype=bool)
    if len(under):
        found[order[: under[-1] + 1]] = True
    return found


def z_of(p: float) -> float:
    """Return the two-sided limit of a standard normal that is passed with probability `p`."""
    low, high = 0.0, 10.0
    for _ in range(_ROUNDS):
        middle = (low + high) / 2
        low, high = (middle, high) if math.erfc(middle / math.sqrt(2)) > p else (low, middle)
    return low


def deals_needed(chance: Numbers, limit: float, points: float = 0.10) -> Numbers:
    """Return the closed deals at which a true difference of `points` is called 4 times out of 5.

    `chance`: of winning with other content; `limit`: the z a claim must pass today.
    """
    room = max((points / (limit + POWER_Z)) ** 2 - HUMILITY**2, 1e-6)
    return np.ceil(DILUTION * chance * (1 - chance) / room)


def e_value(own: float, others: float) -> float:
    """Return by which risk ratio a hidden cause must raise use and winning to explain it all.

    `own`, `others`: chances of winning with the asset and with other content, above 0.
    """
    low, high = sorted((max(own, 1e-9), max(others, 1e-9)))
    ratio = high / low
    return ratio + math.sqrt(ratio * (ratio - 1))
