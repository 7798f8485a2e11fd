"""Small random worlds of uses for the arithmetic of lift: arrays only, no database."""

import numpy as np


def world(seed, *, deals=300, assets=40, reps=8, uses=6):
    """Deals with factors and an outcome, and first uses with stage, weeks, asset; a dict of arrays."""
    g = np.random.default_rng(seed)
    rep = g.integers(0, reps, deals)
    segment, region = g.integers(0, 3, deals), g.integers(0, 4, deals)
    odds = -0.4 + 0.5 * (segment - 1) + g.normal(0, 0.4, reps)[rep]
    won = (g.random(deals) < 1 / (1 + np.exp(-odds))).astype(float)
    n = deals * uses
    deal, asset = g.integers(0, deals, n), (g.random(n) ** 2 * assets).astype(np.int64)
    _, first = np.unique(deal * assets + asset, return_index=True)
    deal, asset = deal[first], asset[first]
    return {
        "won": won,
        "rep": rep,
        "segment": segment,
        "region": region,
        "deal": deal,
        "asset": asset,
        "stage": g.integers(0, 5, len(deal)),
        "weeks": g.integers(0, 9, len(deal)),
        "late": g.integers(0, 4, assets),
        "assets": assets,
        "reps": reps,
    }
