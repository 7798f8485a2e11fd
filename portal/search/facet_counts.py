"""Owns counting: how many groups have each value of the facets, among the entries found."""

import numpy as np
from numpy.typing import NDArray

FEW_OF = 8
"""Up to one in so many groups, the codes of each are counted; else the groups of each code."""

Ints = NDArray[np.int64]
Numbers = NDArray[np.int32]


class FacetCounts:
    """Counts groups by code, given the entries found.

    What all texts of a group have, as most facets are, is counted by group; what only some have,
    as languages, by text. A pair is one (code, group), however many texts have it.
    """

    def __init__(
        self, entries: Numbers, codes: Numbers, group: Ints, sizes: Ints, many: int
    ) -> None:
        """``entries`` and ``codes`` are rows sorted by code; ``sizes`` are those of the groups."""
        self._group, self._groups, self._many = group, max(1, len(sizes)), many
        pairs, self._row_pair, texts = np.unique(
            codes.astype(np.int64) * self._groups + group[entries],
            return_inverse=True,
            return_counts=True,
        )
        code, of_group = np.divmod(pairs, self._groups)
        whole = texts == sizes[of_group]
        self._by_code(code[whole], of_group[whole])
        partial = ~whole[self._row_pair]
        self._by_text(entries[partial], self._row_pair[partial], code)

    def _by_code(self, code: Ints, of_group: Ints) -> None:
        """Groups in the order of codes, and the codes of each group one after the other."""
        self._of_group = of_group
        self._codes, self._starts = np.unique(code, return_index=True)
        order = np.argsort(of_group, kind="stable")
        self._group_codes = code[order]
        self._group_start = np.searchsorted(of_group[order], np.arange(self._groups + 1))

    def _by_text(self, entries: Numbers, pairs: Ints, code: Ints) -> None:
        known, self._text_pair = np.unique(pairs, return_inverse=True)
        self._text_entry, self._pair_code = entries, code[known]

    def totals(self, entries: Ints) -> Ints:
        """The number of groups by code."""
        found = np.zeros(self._groups, np.uint8)
        found[self._group[entries]] = 1
        totals = self._of_groups(found)
        if len(self._text_entry):
            has = np.zeros(len(self._group), np.bool_)
            has[entries] = True
            seen = np.zeros(len(self._pair_code), np.bool_)
            seen[self._text_pair[has[self._text_entry]]] = True
            totals = totals + np.bincount(self._pair_code[seen], minlength=self._many)
        return totals

    def _of_groups(self, found: NDArray[np.uint8]) -> Ints:
        groups = np.flatnonzero(found)
        if len(groups) * FEW_OF < self._groups:
            first = self._group_start[groups]
            many = self._group_start[groups + 1] - first
            # Each group's rows, one after the other, without a loop.
            rows = np.arange(many.sum()) + np.repeat(first - np.cumsum(many) + many, many)
            return np.bincount(self._group_codes[rows], minlength=self._many)
        totals = np.zeros(self._many, np.int64)
        if len(self._codes):
            has = found[self._of_group]
            totals[self._codes] = np.add.reduceat(has, self._starts, dtype=np.int64)
        return totals
