"""Owns the arithmetic of search: BM25, grouping and facet counts over the arrays of a ``View``.

Scores are 64-bit and are added in the order of the query, so that they equal those of a plain
loop to the last bit.
"""

from collections.abc import Callable, Iterable, Mapping

import numpy as np

from portal.search.arrays import Floats, Ints, Mask, Numbers, View
from portal.search.beside import Beside
from portal.search.engine import LANGUAGE, NEAR_TIE, Found, Hit, Query, Sort

TRUSTED = 0.8
"""Texts with all words are believed to be what is meant when the best of them scores at least
this share of the best text of all; else a word of the query was beside the point."""
FIRST = 1e12
"""A key no score comes near: what is to stand first."""

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
