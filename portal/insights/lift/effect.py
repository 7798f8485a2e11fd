"""Lift of each asset against other content at like moments: Mantel-Haenszel, from counts alone.

A stratum is a kind of moment: the stage a deal was in, for how many weeks, and the band of its
starting chance. Only content used in the same stratum is compared, so that what comes late is
compared with what comes late.

Source: N. Mantel and W. Haenszel (1959), risk difference by S. Greenland and J. Robins (1985);
variance pooled over each stratum, inflated for several uses on one deal (docs/insight.md, step 4).
"""

from dataclasses import dataclass

import numpy as np

from portal.insights.lift.rules import BANDS, Numbers

AGES = (1, 3, 6)
"""Whole weeks in the stage at which a new kind of moment begins: 0, 1-2, 3-5, 6 and more."""
AGE_KINDS = len(AGES) + 1


def strata(stage: Numbers, weeks: Numbers, band: Numbers) -> Numbers:
    """Return the number of the stratum of each use: stage (any id), whole weeks in it, band."""
    return (stage * AGE_KINDS + np.digitize(weeks, AGES)) * BANDS + band


def moment_of(stratum: int) -> tuple[int, int]:
    """Return the stage's id and the age (0 to 3) of a stratum; its band is left out."""
    return stratum // (AGE_KINDS * BANDS), stratum // BANDS % AGE_KINDS


@dataclass(frozen=True, slots=True)
class Cells:
    """Counts of countable first uses on closed deals; arrays of the same length, a row a cell.

    `asset`: places from 0; `stratum`: places in `Pools`; `n`: deals; `won`: those that were won.
    """

    asset: Numbers
    stratum: Numbers
    n: Numbers
    won: Numbers


@dataclass(frozen=True, slots=True)
class Pools:
    """All content of each stratum: uses, uses on deals won, sum of squared uses per deal."""

    n: Numbers
    won: Numbers
    squares: Numbers


@dataclass(frozen=True, slots=True)
class Effects:
    """What the counts say of each asset, by place.

    `lift`: risk difference as a share (0.1 is 10 points), NaN where nothing compares; `error`: its
    standard error; `own`, `others`: like-for-like chances of winning; `n`: deals compared;
    `countable`: deals counted, those with nothing to compare with included.
    """

    lift: Numbers
    error: Numbers
    own: Numbers
    others: Numbers
    n: Numbers
    countable: Numbers


def effects(cells: Cells, pools: Pools, assets: int) -> Effects:
    """Return the lift of `assets` assets from the counts."""
    n, won = cells.n.astype(float), cells.won.astype(float)
    countable = np.bincount(cells.asset, n, assets)
    all_n, all_won = pools.n[cells.stratum].astype(float), pools.won[cells.stratum].astype(float)
    squares = pools.squares[cells.stratum].astype(float)
    comparable = (n > 0) & (all_n - n > 0.5)  # noqa: PLR2004  # somebody else is there
    asset, n, won = cells.asset[comparable], n[comparable], won[comparable]
    all_n, all_won, squares = all_n[comparable], all_won[comparable], squares[comparable]
    other_n, other_won = all_n - n, all_won - won
    weight = n * other_n / all_n
    chance = (all_won + 0.5) / (all_n + 1)
    scatter = chance * (1 - chance) * (1 / n + squares / all_n / other_n)

    def total(values: Numbers) -> Numbers:
        return np.bincount(asset, values, assets)

    with np.errstate(all="ignore"):
        weights = total(weight)
        own = total(weight * won / n) / weights
        others = total(weight * other_won / other_n) / weights
        error = np.sqrt(total(weight**2 * scatter)) / weights
    return Effects(own - others, error, own, others, total(n), countable)


def counted(
    asset: Numbers, stratum: Numbers, won: Numbers, deal: Numbers
) -> tuple[Cells, Pools, Numbers]:
    """Count countable first uses: cells, pools, and the strata's own numbers in their order.

    One row a use: the asset's place, the stratum's number, 1 or 0, the deal's place.
    """
    names, place = np.unique(stratum, return_inverse=True)
    width = max(len(names), 1)
    keys, cell = np.unique(asset * width + place, return_inverse=True)
    cells = Cells(
        keys // width,
        keys % width,
        np.bincount(cell, minlength=len(keys)),
        np.bincount(cell, won, len(keys)).astype(np.int64),
    )
    deals = int(deal.max()) + 1 if len(deal) else 1
    pairs, uses = np.unique(place * deals + deal, return_counts=True)
    pools = Pools(
        np.bincount(place, minlength=len(names)),
        np.bincount(place, won, len(names)).astype(np.int64),
        np.bincount(pairs // deals, uses.astype(np.int64) ** 2, len(names)).astype(np.int64),
    )
    return cells, pools, names
