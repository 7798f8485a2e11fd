"""The method of lift once more, with plain numbers and loops: slow, and written from the formulas."""

import math
from collections import defaultdict


def strata(stage, weeks, band):
    age = 0 if weeks < 1 else 1 if weeks < 3 else 2 if weeks < 6 else 3
    return (stage * 4 + age) * 10 + band


def table(rows):
    """rows: (asset, stratum, won, deal) → asset → (lift, error, own, others, n)."""
    by_asset, by_stratum, on_deal = defaultdict(list), defaultdict(list), defaultdict(int)
    for asset, stratum, won, deal in rows:
        by_asset[asset, stratum].append(won)
        by_stratum[stratum].append(won)
        on_deal[stratum, deal] += 1
    sums = defaultdict(lambda: [0.0, 0.0, 0.0, 0.0, 0])
    for (asset, stratum), mine in sorted(by_asset.items()):
        everybody = by_stratum[stratum]
        n, rest = len(mine), len(everybody) - len(mine)
        it = sums[asset]
        if not rest:
            continue
        weight = n * rest / (n + rest)
        chance = (sum(everybody) + 0.5) / (n + rest + 1)
        squares = sum(k * k for (s, _), k in on_deal.items() if s == stratum)
        scatter = chance * (1 - chance) * (1 / n + squares / (n + rest) / rest)
        it[0] += weight
        it[1] += weight * sum(mine) / n
        it[2] += weight * (sum(everybody) - sum(mine)) / rest
        it[3] += weight * weight * scatter
        it[4] += n
    return {
        asset: (own / g - others / g, math.sqrt(v) / g, own / g, others / g, n)
        for asset, (g, own, others, v, n) in sums.items()
        if g
    }


def best_guesses(lifts, tested):
    """lifts: asset → (lift, error); returns asset → (best, deviation), and the spread."""
    error = {a: math.sqrt(se * se + 0.01**2) for a, (_, se) in lifts.items()}
    if len(tested) >= 30:
        square = 0.0016
        for _ in range(60):
            f = sum(lifts[a][0] ** 2 / (error[a] ** 2 + square) for a in tested) - len(tested)
            slope = sum(lifts[a][0] ** 2 / (error[a] ** 2 + square) ** 2 for a in tested)
            square = min(max(square + f / max(slope, 1e-12), 1e-6), 0.15**2)
        spread = min(max(1.5 * math.sqrt(square), 0.05), 0.15)
    else:
        spread = 0.08
    found = {}
    for asset, (lift, _) in lifts.items():
        share = spread**2 / (spread**2 + error[asset] ** 2)
        found[asset] = (lift * share, math.sqrt(share) * error[asset])
    return found, spread
