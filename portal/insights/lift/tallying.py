"""Closed deals counted: which first uses count, in which stratum; sums by cell, stratum and rep."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

import numpy as np

from portal.insights.lift import chance, counting, effect, queries
from portal.insights.lift.counting import Uses
from portal.insights.lift.effect import Cells, Pools
from portal.insights.lift.rules import NOWHERE, Numbers
from portal.insights.lift.starting import Deals, Starting, fitted


@dataclass(frozen=True, slots=True)
class Tally:
    """Closed deals with their bands, and their first uses in the order of deal and asset.

    `deal`: the deal's place for each first use; `stratum`: NOWHERE for those that do not count.
    """

    deals: Deals
    bands: Numbers
    deal: Numbers
    asset: Numbers
    stratum: Numbers

    def kept(self) -> Iterator[tuple[int, int, int, int, bytes]]:
        """Yield each deal as it is kept: id, owner, won, band, facts."""
        ends = np.searchsorted(self.deal, np.arange(len(self.deals.id) + 1))
        facts = counting.packed(self.asset, self.stratum)
        size = counting.FACT.itemsize
        for i, (number, owner, won, band) in enumerate(
            zip(
                self.deals.id.tolist(),
                self.deals.owner.tolist(),
                self.deals.won.tolist(),
                self.bands.tolist(),
                strict=True,
            )
        ):
            yield number, owner, won, band, facts[ends[i] * size : ends[i + 1] * size]

    def sums(self) -> tuple[Cells, Pools, Numbers]:
        """Return cells (by the assets' ids and the strata's places), pools, strata's numbers."""
        counts = self.stratum != NOWHERE
        deal = self.deal[counts]
        return effect.counted(self.asset[counts], self.stratum[counts], self.deals.won[deal], deal)

    def reps(self) -> list[Numbers]:
        """Return asset, owner, first uses that count and all of them, for every pair, in order."""
        owner = self.deals.owner[self.deal]
        width = int(owner.max()) + 1 if len(owner) else 1
        pairs, place = np.unique(self.asset * width + owner, return_inverse=True)
        uses = np.bincount(place, minlength=len(pairs))
        counts = np.bincount(place, self.stratum != NOWHERE, len(pairs)).astype(np.int64)
        return [pairs // width, pairs % width, counts, uses]


@dataclass(frozen=True, slots=True)
class Facts:
    """What is read from the database: closed deals, first uses, and the moments they fell on."""

    deals: Deals
    first: Uses
    stage: Numbers
    weeks: Numbers
    counts: Numbers


def read(ids: Collection[int] | None = None) -> Facts:
    """Read closed deals (of these ids, or all) and what was used on them."""
    deals = queries.closed_deals(ids)
    first = counting.first_uses(queries.uses_of(deals, ids))
    stage, weeks = counting.moments(first, queries.changes_of(deals, ids))
    return Facts(deals, first, stage, weeks, counting.countable(first, stage, deals.closed))


def fit(facts: Facts) -> Starting:
    """Fit the model of starting chances; bands are of equal size among the uses that count."""
    found = fitted(facts.deals)
    odds = found.log_odds(facts.deals)
    parts = chance.bands_for(len(facts.deals.id))
    return replace(found, borders=chance.cuts(odds[facts.first.deal[facts.counts]], parts))


def tally(facts: Facts, starting: Starting) -> Tally:
    """Count what was read by a model."""
    bands = starting.bands(facts.deals)
    stratum = counting.placed(facts.stage, facts.weeks, facts.counts, bands[facts.first.deal])
    return Tally(facts.deals, bands, facts.first.deal, facts.first.asset, stratum)
