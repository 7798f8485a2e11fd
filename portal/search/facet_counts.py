"""Owns counting: how many groups have each value of the facets, among the entries found."""

import numpy as np
from numpy.typing import NDArray

FEW_OF = 8
"""Up to one in so many groups, the codes of each are counted; else the groups of each code."""

Ints = NDArray[np.int64]
Numbers = NDArray[np.int32]


def in_order(values: Ints) -> bool:
    """Whether the values ascend: most do, and sorting them again would take most of the time."""
    return bool((values[1:] >= values[:-1]).all())


def firsts(values: Ints) -> Ints:
    """Where each of the values in order stands first."""
    return np.flatnonzero(np.diff(values, prepend=values[:1] - 1))


class Groups:
    """Entries by group: whose they are, and which each group has."""

    def __init__(self, groups: Ints) -> None:
        self.members = np.argsort(groups, kind="stable")
        ordered = groups[self.members]
        starts = firsts(ordered)
        self.ids = ordered[starts]
        self.starts = np.append(starts, len(groups))
        self.of_entry = np.empty(len(groups), np.int64)
        self.of_entry[self.members] = np.repeat(np.arange(len(starts)), np.diff(self.starts))

    def entries(self, group: int) -> Ints:
        """The entries of a group (by its place in ``ids``), in their order."""
        return self.members[self.starts[group] : self.starts[group + 1]]


class FacetCounts:
    """Counts groups by code, given the entries found.

    What all texts of a group have, as most facets are, is counted by group; what only some have,
    as languages, by text. A pair is one (code, group), however many texts have it.
    """

    def __init__(self, entries: Numbers, codes: Numbers, rows: Ints, groups: Groups) -> None:
        """``entries`` and ``codes`` are pairs; ``rows`` their order by code."""
        self._group, self._groups = groups.of_entry, max(1, len(groups.ids))
        self._many = int(codes[rows[-1]]) + 1 if len(rows) else 0
        keys = codes[rows].astype(np.int64) * self._groups + groups.of_entry[entries[rows]]
        if not in_order(keys):
            again = np.argsort(keys, kind="stable")
            keys, rows = keys[again], rows[again]
        starts = firsts(keys)
        code, of_group = np.divmod(keys[starts], self._groups)
        texts = np.diff(starts, append=len(keys))
        whole = texts == np.diff(groups.starts)[of_group]
        self._by_code(code[whole], of_group[whole])
        chosen = np.zeros(len(entries), np.bool_)
        chosen[rows[starts[whole]]] = True
        self._by_group(groups.of_entry[entries[chosen]], codes[chosen])
        partial = np.repeat(~whole, texts)
        self._text_entry = entries[rows[partial]]
        self._text_pair = np.repeat(np.arange(int((~whole).sum())), texts[~whole])
        self._pair_code = code[~whole]

    def _by_code(self, code: Ints, of_group: Ints) -> None:
        """Groups in the order of codes."""
        self._of_group, self._starts = of_group, firsts(code)
        self._codes = code[self._starts]

    def _by_group(self, of_group: Ints, codes: Numbers) -> None:
        """The codes of each group one after the other."""
        if not in_order(of_group):
            order = np.argsort(of_group, kind="stable")
            of_group, codes = of_group[order], codes[order]
        self._group_codes = codes
        self._group_start = np.searchsorted(of_group, np.arange(self._groups + 1))

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
