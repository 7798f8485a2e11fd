"""Owns what a question tells of groups besides their texts (`engine.Priors`), fitted to a view.

Fitting costs a search of sorted numbers for every group, so a view keeps what it was fitted to
last: processes tell the same priors with every question until something changes.
"""

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from portal.search.engine import Priors

Mask = NDArray[np.bool_]


class Beside:
    """Priors in the order of a view's groups."""

    def __init__(self, priors: Priors | None, group_ids: NDArray[np.int64]) -> None:
        self.priors = priors
        self.factors: NDArray[np.float64] | None = None
        self._codes: dict[str, tuple[NDArray[np.int64], tuple[str, ...]]] = {}
        if priors is None or not len(group_ids):
            return
        known: NDArray[np.int64] = np.asarray(priors.groups, np.int64)
        places = np.minimum(np.searchsorted(known, group_ids), max(len(known) - 1, 0))
        there = known[places] == group_ids if len(known) else np.zeros(len(group_ids), np.bool_)
        self.factors = np.ones(len(group_ids), np.float64)
        self.factors[there] = np.asarray(priors.factors, np.float64)[places[there]]
        for facet, (codes, values) in priors.facets.items():
            fitted = np.full(len(group_ids), -1, np.int64)
            fitted[there] = np.asarray(codes, np.int64)[places[there]]
            self._codes[facet] = (fitted, values)

    @property
    def facets(self) -> frozenset[str]:
        """The facets that are known by group."""
        return frozenset(self._codes)

    def having(self, facet: str, values: Iterable[str]) -> Mask:
        """Which groups have any of these values of such a facet."""
        codes, names = self._codes[facet]
        wanted = [number for number, name in enumerate(names) if name in frozenset(values)]
        found: Mask = np.isin(codes, wanted)
        return found

    def counts(self, facet: str, groups: Mask) -> Mapping[str, int]:
        """How many of these groups have each value of such a facet; 0 is left out."""
        codes, names = self._codes[facet]
        chosen = codes[groups]
        totals = np.bincount(chosen[chosen >= 0], minlength=len(names)).tolist()
        return {name: n for name, n in zip(names, totals, strict=True) if n}
