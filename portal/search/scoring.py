"""Owns the arithmetic of search: BM25, grouping and facet counts over NumPy arrays.

A ``View`` is one generation of the index: columns of all living entries, numbered 0…n-1.
It never changes once made. Scores are 64-bit and are added in the order of the query, so that
they equal those of a plain loop to the last bit.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portal.search.beside import Beside
from portal.search.engine import LANGUAGE, NEAR_TIE, Found, Hit, Priors, Query, Sort
from portal.search.facet_counts import FacetCounts, Groups

K1 = 1.5
B = 0.8
TRUSTED = 0.8
"""Texts with all words are believed to be what is meant when the best of them scores at least
this share of the best text of all; else a word of the query was beside the point."""

KEPT_MASKS = 64
"""Facet values whose entries are kept as a mask, one byte an entry."""
SHORT = 2**16
"""Facet values whose codes fit 16 bits."""
FIRST = 1e12
"""A key no score comes near: what is to stand first."""

Ints = NDArray[np.int64]
Numbers = NDArray[np.int32]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


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


Postings = Callable[[str], tuple[Numbers, Floats]]
"""Term → (numbers of the entries that have it, what it adds to each: ``impacts``)."""


def _score(view: View, query: Query, postings: Postings) -> tuple[Floats, Numbers]:
    """The score of every entry, and how many of the query's words it has."""
    scores = np.zeros(view.size, np.float64)
    words = np.zeros(view.size, np.int32)
    for alternatives in query.words:
        has: Mask | None = None
        for term, weight in alternatives:
            entries, added = postings(term)
            scores[entries] += weight * added
            if len(alternatives) == 1:
                words[entries] += 1
            else:
                has = np.zeros(view.size, np.bool_) if has is None else has
                has[entries] = True
        if has is not None:
            words += has
    for term, weight in query.bonus:
        entries, added = postings(term)
        scores[entries] += weight * added
    return scores, words


def _filtered(found: Mask, masks: Mapping[str, Mask], but: str | None = None) -> Mask:
    for facet, mask in masks.items():
        if facet != but:
            found = found & mask
    return found


def having(view: View, terms: Iterable[str], postings: Postings) -> list[int]:
    """The ids of the entries that have all the terms, ascending."""
    mask = np.ones(view.size, np.bool_)
    for term in terms:
        entries, _ = postings(term)
        has = np.zeros(view.size, np.bool_)
        has[entries] = True
        mask &= has
    found: list[int] = np.sort(view.ids[mask]).tolist()
    return found


def _allowed(view: View, query: Query, postings: Postings) -> Mask | None:
    """The entries that may be found at all; None: every one."""
    if not query.without and query.among is None:
        return None
    allowed = np.ones(view.size, np.bool_)
    if query.among is not None:
        listed = np.fromiter(sorted(query.among), np.int64, len(query.among))
        allowed = np.isin(view.ids, listed)
    for term in query.without:
        entries, _ = postings(term)
        allowed[entries] = False
    return allowed


def _matching(
    view: View,
    query: Query,
    scores: Floats,
    words: Numbers,
    masks: Mapping[str, Mask],
    *,
    allowed: Mask | None = None,
) -> tuple[Mask, bool]:
    """Entries the text of the query finds, before filters; and whether any word was enough."""
    if not query.words:
        return np.ones(view.size, np.bool_) if allowed is None else allowed, False
    partial = words > 0
    if allowed is not None:
        partial &= allowed
    if not query.match_all or len(query.words) == 1:
        return partial, False
    complete = words == len(query.words)
    if allowed is not None:
        complete &= allowed
    has = np.zeros(len(view.group_ids), np.bool_)
    has[view.group[complete]] = True
    enough = (
        int(has.sum()) >= max(query.at_least, 1)
        and bool(scores[complete].max() >= TRUSTED * scores[partial].max())
        and bool(_filtered(complete, masks).any())
    )
    return (complete, False) if enough else (partial, True)


def _facets(
    view: View, found: Mask, masks: Mapping[str, Mask], beside: Beside
) -> dict[str, dict[str, int]]:
    passing = _filtered(found, masks)
    counted = view.counts(passing)
    for facet in masks:
        counted.pop(facet, None)
        own = view.counts(_filtered(found, masks, but=facet)).get(facet)
        if own:
            counted[facet] = own
    for facet in beside.facets:
        wide = _filtered(found, masks, but=facet) if facet in masks else passing
        counted[facet] = dict(beside.counts(facet, view.groups_of(wide)))
    return counted


def _page(view: View, query: Query, entries: Ints, best: Floats) -> Ints:
    """The groups of the page asked for, in order, given all entries found."""
    wanted = query.offset + query.limit
    chosen = np.flatnonzero(best >= 0)
    keys: Floats = best[chosen]
    if query.sort is Sort.NEWEST:
        latest = np.zeros(len(view.group_ids), np.int64)
        np.maximum.at(latest, view.group[entries], view.days[entries])
        keys = latest[chosen].astype(np.float64)
    elif query.first:
        for number, group in enumerate(reversed(query.first), start=1):
            keys[view.group_ids[chosen] == group] = FIRST + number
    if len(chosen) > wanted:
        # Everything tied with the last one stays in, so that the exact order decides.
        at_least = np.partition(keys, len(keys) - wanted)[len(keys) - wanted]
        chosen, keys = chosen[keys >= at_least], keys[keys >= at_least]
    # ``chosen`` is in the order of groups and the sort is stable: ties go by group.
    order = np.lexsort((-best[chosen], -keys))
    page: Ints = chosen[order][query.offset : wanted]
    return page


def _standing_for(
    view: View, group: int, found: Mask, scores: Floats, preferred: Mask | None
) -> int:
    """The entry that stands for its group: preferred language near ties, then score, then id."""
    members = view.members(group)
    if len(members) == 1:
        return int(members[0])
    members = members[found[members]]
    if preferred is not None:
        near = members[scores[members] >= NEAR_TIE * scores[members].max()]
        near = near[preferred[near]]
        members = near if len(near) else members
    return int(min(members, key=lambda entry: (-scores[entry], view.ids[entry])))


def _masks(view: View, query: Query, beside: Beside) -> dict[str, Mask]:
    """Which entries each filter lets pass."""
    return {
        facet: beside.having(facet, values)[view.group]
        if facet in beside.facets
        else view.having(facet, values)
        for facet, values in query.filters.items()
        if values
    }


def search(view: View, query: Query, postings: Postings) -> Found:
    """Score, filter, weigh by priors, group, count and cut the page asked for."""
    scores, words = _score(view, query, postings)
    beside = view.beside(query.priors)
    masks = _masks(view, query, beside)
    allowed = _allowed(view, query, postings)
    matching, relaxed = _matching(view, query, scores, words, masks, allowed=allowed)
    if query.first:
        matching = matching | np.isin(view.group_ids, query.first)[view.group]
    if beside.factors is not None:
        scores *= beside.factors[view.group]
    found = _filtered(matching, masks)
    entries = np.flatnonzero(found)
    best = np.full(len(view.group_ids), -1.0)
    np.maximum.at(best, view.group[entries], scores[entries])
    preferred = view.having(LANGUAGE, (query.prefer,)) if query.prefer else None
    hits = tuple(
        Hit(
            int(view.ids[_standing_for(view, int(group), found, scores, preferred)]),
            int(view.group_ids[group]),
            float(best[group]),
        )
        for group in _page(view, query, entries, best)
    )
    facets = _facets(view, matching, masks, beside)
    return Found(hits, int((best >= 0).sum()), facets, relaxed)
