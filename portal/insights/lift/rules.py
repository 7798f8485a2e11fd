"""What the parts of the study of lift share: verdicts, limits of a claim, bands, like moments."""

from enum import StrEnum
from typing import Any

import numpy as np

Numbers = Any
"""An array of numbers: NumPy's own types say no more here."""

HUMILITY = 0.01
"""An error of 1 point that more data can not remove."""
LEAST_DEALS, LEAST_REPS, LATE_MOST = 20, 3, 0.6
"""A claim needs as many countable closed deals, as many reps, and no more uses in the last week."""

DAY, WEEK = 86_400, 7 * 86_400
LAG = WEEK
"""Seconds before the close within which a use no longer counts: the decision was made."""
BANDS = 10
"""Bands of starting chance at most; part of a stratum's number."""
NOWHERE = -1
"""The stratum of a use that does not count: too late, after the close, or at no stage."""


class Verdict(StrEnum):
    """What is said of an asset."""

    HELPS = "helps"
    SAME = "same"
    HURTS = "hurts"
    THIN = "thin"
    DECIDED = "decided"


JUDGED = (Verdict.HELPS, Verdict.SAME, Verdict.HURTS)
"""Verdicts that compare; the others say why nothing can be said."""
CLAIMS = (Verdict.HELPS, Verdict.HURTS)
"""Verdicts that claim a difference."""


def ranked(verdict: Numbers, best: Numbers) -> Numbers:
    """Return the place of each asset, from 1: judged ones by best guess, then thin, then decided.

    Equal ones stay in the order given.
    """
    group = np.select([np.isin(verdict, JUDGED), verdict == Verdict.THIN.value], [0, 1], 2)
    order = np.lexsort((-np.nan_to_num(best, nan=-1.0), group))
    place = np.empty(len(best), dtype=np.int64)
    place[order] = np.arange(1, len(best) + 1)
    return place
