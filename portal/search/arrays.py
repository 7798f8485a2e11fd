"""Owns one generation of the index as arrays: columns of all living entries, numbered 0…n-1.

A ``View`` never changes once made.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portal.search.beside import Beside
from portal.search.engine import Priors
from portal.search.facet_counts import FacetCounts, Groups

K1 = 1.5
B = 0.8
KEPT_MASKS = 64
"""Facet values whose entries are kept as a mask, one byte an entry."""
SHORT = 2**16
"""Facet values whose codes fit 16 bits."""

Ints = NDArray[np.int64]
Numbers = NDArray[np.int32]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Posting = tuple[Numbers, NDArray[np.float32]]
"""Document numbers inside a segment that have a term, and its frequency in each."""
NOTHING: Posting = (np.zeros(0, np.int32), np.zeros(0, np.float32))
"""The posting of a term that no document has."""


@dataclass(frozen=True, slots=True)
class Columns:
    """What is known of each entry besides its terms; all arrays are as long as ``ids``.

    ``row_entry`` and ``row_code`` are pairs: entry number, code of one of its facet values.
    """

    ids: Ints
    groups: Ints
    days: Ints
    lengths: Ints
    row_entry: Numbers
    row_code: Numbers

    @staticmethod
    def empty() -> "Columns":
        """Columns of no entries."""
        none, rows = np.zeros(0, np.int64), np.zeros(0, np.int32)
        return Columns(none, none, none, none, rows, rows)


class Vocabulary:
    """Facet values as small numbers; grows only, so codes stay valid for every generation."""

    def __init__(self) -> None:
        self.values: list[tuple[str, str]] = []
        self._codes: dict[tuple[str, str], int] = {}

    def code(self, facet: str, value: str) -> int:
        """The code of a value, given now if need be; callers hold the engine's lock."""
        key = (facet, value)
        code = self._codes.get(key)
        if code is None:
            code = len(self.values)
            self.values.append(key)
            self._codes[key] = code
        return code

    def known(self, facet: str, value: str) -> int | None:
        """The code of a value that some entry has or had."""
        return self._codes.get((facet, value))


def impacts(frequencies: Floats, norms: Floats, entries: int) -> Floats:
    """BM25 of one term for the entries that have it; ``norms`` are theirs, from ``View.norms``."""
    having = len(frequencies)
    rarity = math.log(1 + (entries - having + 0.5) / (having + 0.5))
    scored: Floats = rarity * (K1 + 1) * frequencies / (frequencies + norms)
    return scored


class View:
    """One generation, ready to be searched."""

    def __init__(self, columns: Columns, vocabulary: Vocabulary) -> None:
        self.ids = columns.ids
        self.days = columns.days
        self.size = len(columns.ids)
        self.vocabulary = vocabulary
        average = int(columns.lengths.sum()) / self.size if self.size else 1.0
        relative = columns.lengths.astype(np.float64) / (average or 1.0)
        self.norms: Floats = K1 * (1 - B + B * relative)
        self._groups = Groups(columns.groups)
        self.group_ids, self.group = self._groups.ids, self._groups.of_entry
        codes = columns.row_code
        # Sorting whole numbers of 16 bits takes no comparing.
        short = codes.astype(np.uint16) if len(vocabulary.values) <= SHORT else codes
        rows = np.argsort(short, kind="stable")
        self._row_entry = columns.row_entry[rows]
        self._code_start = np.searchsorted(codes[rows], np.arange(len(vocabulary.values) + 1))
        self._facets = FacetCounts(columns.row_entry, codes, rows, self._groups)
        self._kept: dict[tuple[str, str], Mask] = {}
        self._beside = Beside(None, self.group_ids)

    def beside(self, priors: Priors | None) -> Beside:
        """What is told of groups besides their texts; kept, as the next question tells the same."""
        kept = self._beside
        if kept.priors is not priors:
            kept = self._beside = Beside(priors, self.group_ids)
        return kept

    def having(self, facet: str, values: Iterable[str]) -> Mask:
        """Which entries have any of the facet's values; not to be changed."""
        masks = [self._having(facet, value) for value in values]
        if len(masks) == 1:
            return masks[0]
        return np.logical_or.reduce(masks) if masks else np.zeros(self.size, np.bool_)

    def _having(self, facet: str, value: str) -> Mask:
        kept = self._kept.get((facet, value))
        if kept is not None:
            return kept
        mask = np.zeros(self.size, np.bool_)
        code = self.vocabulary.known(facet, value)
        if code is not None and code + 1 < len(self._code_start):
            mask[self._row_entry[self._code_start[code] : self._code_start[code + 1]]] = True
            if len(self._kept) < KEPT_MASKS:
                self._kept[facet, value] = mask
        return mask

    def counts(self, found: Mask) -> dict[str, dict[str, int]]:
        """Facet → value → number of groups with such a text among the entries found."""
        totals = self._facets.totals(np.flatnonzero(found))
        counted: dict[str, dict[str, int]] = {}
        for code in np.flatnonzero(totals).tolist():
            facet, value = self.vocabulary.values[code]
            counted.setdefault(facet, {})[value] = int(totals[code])
        return counted

    def groups_of(self, found: Mask) -> Mask:
        """Which groups have a text among the entries found."""
        has = np.zeros(len(self.group_ids), np.bool_)
        has[self.group[found]] = True
        return has

    def members(self, group: int) -> Ints:
        """The entries of a group (by its place in ``group_ids``)."""
        return self._groups.entries(group)
