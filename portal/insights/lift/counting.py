"""First uses of assets on closed deals, and the kind of moment each fell on; pure arithmetic."""

from dataclasses import dataclass

import numpy as np

from portal.insights.lift.effect import strata
from portal.insights.lift.rules import LAG, NOWHERE, WEEK, Numbers

_REACH = 2**34
"""Seconds past any moment: a deal's place times it, plus a moment, orders moments by deal."""
FACT = np.dtype([("asset", "<i4"), ("stratum", "<i4")])
"""How a deal's first uses are kept: the asset, and the stratum or NOWHERE."""


@dataclass(frozen=True, slots=True)
class Uses:
    """Uses of assets on closed deals, a row a use: deal's place, asset's id, Unix seconds."""

    deal: Numbers
    asset: Numbers
    at: Numbers


@dataclass(frozen=True, slots=True)
class Changes:
    """Where deals were, in order of deal and time: deal's place, Unix seconds, stage's id.

    The stage is -1 while a deal is closed or at none.
    """

    deal: Numbers
    at: Numbers
    stage: Numbers


def first_uses(uses: Uses) -> Uses:
    """Return the first use of each asset on each deal, by deal and asset.

    Double clicks, the same export twice and later revisions of the asset change nothing.
    """
    order = np.lexsort((uses.at, uses.asset, uses.deal))
    deal, asset = uses.deal[order], uses.asset[order]
    first = np.ones(len(order), dtype=bool)
    first[1:] = (deal[1:] != deal[:-1]) | (asset[1:] != asset[:-1])
    return Uses(deal[first], asset[first], uses.at[order][first])


def moments(first: Uses, changes: Changes) -> tuple[Numbers, Numbers]:
    """Return the stage each deal was in at each use (-1: at none), and for how many whole weeks."""
    if not len(changes.at):
        return np.full(len(first.at), -1), np.zeros(len(first.at), dtype=np.int64)
    entered = _entered(changes)
    keys = changes.deal * _REACH + changes.at
    place = np.searchsorted(keys, first.deal * _REACH + first.at, side="right") - 1
    known = place >= 0
    place = np.maximum(place, 0)
    known &= changes.deal[place] == first.deal
    stage = np.where(known, changes.stage[place], -1)
    weeks = np.where(stage >= 0, (first.at - entered[place]) // WEEK, 0)
    return stage, weeks


def _entered(changes: Changes) -> Numbers:
    """Return when the stay began that each change belongs to; noting a stage again begins none."""
    begins = np.ones(len(changes.at), dtype=bool)
    begins[1:] = (changes.deal[1:] != changes.deal[:-1]) | (changes.stage[1:] != changes.stage[:-1])
    first = np.maximum.accumulate(np.where(begins, np.arange(len(begins)), 0))
    return changes.at[first]


def countable(first: Uses, stage: Numbers, closed_at: Numbers) -> Numbers:
    """Return which first uses count: at a stage, and more than a week before the deal's close.

    `closed_at`: Unix seconds by the deal's place.
    """
    return (stage >= 0) & (closed_at[first.deal] - first.at > LAG)


def placed(stage: Numbers, weeks: Numbers, counts: Numbers, band: Numbers) -> Numbers:
    """Return the stratum of each first use, NOWHERE for those that do not count."""
    return np.where(counts, strata(np.maximum(stage, 0), weeks, band), NOWHERE)


def packed(asset: Numbers, stratum: Numbers) -> bytes:
    """Return first uses of a deal as they are kept."""
    facts = np.empty(len(asset), dtype=FACT)
    facts["asset"], facts["stratum"] = asset, stratum
    return facts.tobytes()


def unpacked(kept: bytes) -> tuple[Numbers, Numbers]:
    """Return assets and strata of what was kept."""
    facts = np.frombuffer(kept, dtype=FACT)
    return facts["asset"].astype(np.int64), facts["stratum"].astype(np.int64)
