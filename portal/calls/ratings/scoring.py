"""What ratings amount to: a mean for each asset, fair to few ratings, strict reps and bad calls.

Each rating is taken to be `mean + asset + rep + how the call went + chance`, with weights:

- several ratings by one rep on one asset count together as one voice, the newest most
  (1/2, 1/4, 1/8 …, made to add up to one);
- one that belongs to a call counts 1, any other 0.4;
- its weight halves with every 365 days of age.

The effects are those that make the weighted squares, plus 4 × asset² + 3 × rep² + 10 × call²,
least: an asset needs four effective ratings to be believed half, a rep three, and what is unknown
is taken to be as usual. What is shown of an asset is `mean + asset`, where the mean is the weighted
one of all ratings. Found by going over the three kinds of effects in turn until nothing moves.

The steps and weights are those of the project's study of ratings, where each was tried on worlds
with a planted truth; tests compare it with a bare mean on such a world.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

ASSET_HALF, REP_HALF, CALL_HALF = 4.0, 3.0, 10.0
"""Effective ratings by which an asset, a rep, a kind of call is believed half."""
WITHOUT_CALL = 0.4
HALF_LIFE = 365.0
BAD, GOOD, UNKNOWN = 0, 1, 2
"""How the call went that a rating belongs to."""
ROUNDS, STILL = 200, 1e-7
LOWEST, HIGHEST = 1.0, 5.0

Given = tuple[int, int, int, float, bool, int, int]
"""A rating: asset, rep, number (greater is later), age in days, on a call?, how it went, stars."""
Numbers = Any
"""An array of numbers: NumPy's own types say no more here."""


@dataclass(frozen=True, slots=True)
class Score:
    """What is believed of an asset; `own` is the mean of its own voices alone, `n` their number.

    Several ratings by one person are one voice, so `n` counts people.
    """

    value: float
    own: float
    n: int


def scores(given: Sequence[Given]) -> dict[int, Score]:
    """Return what the ratings given amount to, by asset; in whatever order they come."""
    if not given:
        return {}
    columns = np.array(given, dtype=float).T
    assets, a = np.unique(columns[0].astype(np.int64), return_inverse=True)
    reps, r = np.unique(columns[1].astype(np.int64), return_inverse=True)
    age, number = np.maximum(columns[3], 0.0), columns[2]
    on_call, went, stars = columns[4] > 0, columns[5].astype(np.int64), columns[6]
    voice = _voices(a * len(reps) + r, age, number)
    w = voice * np.where(on_call, 1.0, WITHOUT_CALL) * 0.5 ** (age / HALF_LIFE)
    mean, effect = _effects((a, r, went), stars, w, (len(assets), len(reps)))
    believed = np.clip(mean + effect, LOWEST, HIGHEST)
    own = np.clip(np.bincount(a, w * stars) / np.bincount(a, w), LOWEST, HIGHEST)
    people = np.bincount(np.unique(a * len(reps) + r) // len(reps), minlength=len(assets))
    return {
        int(asset): Score(float(value), float(alone), int(n))
        for asset, value, alone, n in zip(assets, believed, own, people, strict=True)
    }


def _voices(pair: Numbers, age: Numbers, number: Numbers) -> Numbers:
    """Return the share of each rating in its rep's one voice on its asset; the newest first."""
    order = np.lexsort((-number, age, pair))
    sorted_pairs = pair[order]
    begins = np.ones(len(order), dtype=bool)
    begins[1:] = sorted_pairs[1:] != sorted_pairs[:-1]
    first = np.maximum.accumulate(np.where(begins, np.arange(len(order)), 0))
    raw = 0.5 ** np.minimum(np.arange(len(order)) - first, 60)
    group = np.cumsum(begins) - 1
    share = np.empty(len(order))
    share[order] = raw / np.bincount(group, raw)[group]
    return share


def _effects(
    of: tuple[Numbers, Numbers, Numbers], x: Numbers, w: Numbers, sizes: tuple[int, int]
) -> tuple[float, Numbers]:
    """Return the weighted mean and the effects of the assets; `of`: asset, rep, call of each."""
    (a, r, went), (assets, reps) = of, sizes
    mean = float(np.average(x, weights=w))
    of_asset, of_rep, of_call = np.zeros(assets), np.zeros(reps), np.zeros(3)
    by_asset, by_rep = np.bincount(a, w, assets), np.bincount(r, w, reps)
    by_call = np.bincount(went, w, 3)
    for _ in range(ROUNDS):
        before = of_asset
        rest = x - mean - of_asset[a] - of_call[went]
        of_rep = np.bincount(r, w * rest, reps) / (by_rep + REP_HALF)
        rest = x - mean - of_asset[a] - of_rep[r]
        of_call = np.bincount(went, w * rest, 3) / (by_call + CALL_HALF)
        rest = x - mean - of_rep[r] - of_call[went]
        of_asset = np.bincount(a, w * rest, assets) / (by_asset + ASSET_HALF)
        if np.abs(of_asset - before).max() < STILL:
            break
    return mean, of_asset
