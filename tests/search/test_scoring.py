"""Random histories and queries: every engine finds what a plain loop finds, to the last bit."""

import math
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.search.arrays import K1, B
from portal.search.engine import NEAR_TIE, Entry, Found, Hit, Query, Sort
from portal.search.scoring import TRUSTED


class Slowly:
    """The contract in plain loops."""

    def __init__(self, entries: dict[int, Entry], query: Query):
        self.entries, self.query = entries, query
        self.counted = {number: Counter(e.terms) for number, e in entries.items()}
        total = sum(e.length for e in entries.values())
        self.average = (total / len(entries) if entries else 1.0) or 1.0
        self.active = {facet: values for facet, values in query.filters.items() if values}
        self.scores = {number: self.score(number) for number in entries}
        self.matching, self.relaxed = self.match()

    def impact(self, term, number):
        size, having = len(self.entries), sum(term in c for c in self.counted.values())
        rarity = math.log(1 + (size - having + 0.5) / (having + 0.5))
        times = float(self.counted[number][term])
        norm = K1 * (1 - B + B * (self.entries[number].length / self.average))
        return rarity * (K1 + 1) * times / (times + norm)

    def score(self, number):
        asked = [pair for word in self.query.words for pair in word] + list(self.query.bonus)
        score = 0.0
        for term, weight in asked:
            if term in self.counted[number]:
                score += weight * self.impact(term, number)
        return score

    def passing(self, numbers, but=None):
        def passes(facets):
            return all(
                set(facets.get(facet, ())) & values
                for facet, values in self.active.items()
                if facet != but
            )

        return {n for n in numbers if passes(self.entries[n].facets)}

    def groups(self, numbers):
        return {self.entries[n].group for n in numbers}

    def match(self):
        words = self.query.words
        has = {
            n: sum(any(term in counted for term, _ in word) for word in words)
            for n, counted in self.counted.items()
        }
        partial = {n for n in has if has[n] or not words}
        complete = {n for n in has if has[n] == len(words)}
        if not words or not self.query.match_all:
            return partial, False
        enough = len(self.groups(complete)) >= max(self.query.at_least, 1)
        top = max((self.scores[n] for n in partial), default=0.0)
        close = max((self.scores[n] for n in complete), default=0.0) >= TRUSTED * top
        if len(words) == 1 or (enough and close and self.passing(complete)):
            return complete, False
        return partial, True

    def facets(self):
        counted = {}
        for facet in {facet for e in self.entries.values() for facet in e.facets}:
            seen = {
                (value, self.entries[n].group)
                for n in self.passing(self.matching, facet)
                for value in self.entries[n].facets.get(facet, ())
            }
            if seen:
                counted[facet] = dict(Counter(value for value, _ in seen))
        return counted

    def hit(self, members):
        best = max(self.scores[n] for n in members)
        near = [
            n
            for n in members
            if self.scores[n] >= NEAR_TIE * best
            and self.query.prefer in self.entries[n].facets.get("language", ())
        ]
        chosen = min(near or members, key=lambda n: (-self.scores[n], n))
        newest = max(self.entries[n].day for n in members)
        group = self.entries[chosen].group
        key = -newest if self.query.sort is Sort.NEWEST else 0
        return (key, -best, group), Hit(chosen, group, best)

    def found(self):
        found = self.passing(self.matching)
        listed = [
            self.hit([n for n in found if self.entries[n].group == group])
            for group in self.groups(found)
        ]
        hits = [hit for _, hit in sorted(listed, key=lambda pair: pair[0])]
        page = tuple(hits[self.query.offset :][: self.query.limit])
        return Found(page, len(hits), self.facets(), self.relaxed)


TERMS = ["giá", "gia", "kho", "kho_hang", "price", "склад", "wms", "sla"]
FACETS = {"kind": ["faq", "guide"], "language": ["en", "vi", "ru"], "product": ["a", "b", "c"]}
some_facets = st.fixed_dictionaries(
    {},
    optional={
        name: st.lists(st.sampled_from(values), max_size=2, unique=True).map(tuple)
        for name, values in FACETS.items()
    },
)
some_entry = st.builds(
    lambda number, group, terms, facets, day: Entry(
        number, group, terms, len(terms), facets, day, f"{number}{terms}{day}"
    ),
    st.integers(1, 12),
    st.integers(1, 5),
    st.lists(st.sampled_from(TERMS), max_size=12),
    some_facets,
    st.integers(1, 3),
)
weighted = st.tuples(st.sampled_from([*TERMS, "nowhere"]), st.sampled_from([1.0, 0.25, 0.4]))
some_query = st.builds(
    Query,
    words=st.lists(st.lists(weighted, min_size=1, max_size=2).map(tuple), max_size=3).map(tuple),
    bonus=st.lists(weighted, max_size=2).map(tuple),
    match_all=st.booleans(),
    at_least=st.integers(0, 4),
    filters=st.fixed_dictionaries(
        {},
        optional={
            name: st.frozensets(st.sampled_from([*values, "zz"]), max_size=2)
            for name, values in FACETS.items()
        },
    ),
    prefer=st.sampled_from([None, "en", "vi"]),
    sort=st.sampled_from(Sort),
    limit=st.integers(1, 4),
    offset=st.integers(0, 3),
)
some_change = st.tuples(st.lists(some_entry, max_size=9), st.lists(st.integers(1, 12), max_size=2))


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    history=st.lists(st.one_of(some_change, st.none()), min_size=1, max_size=9),
    queries=st.lists(some_query, min_size=6, max_size=16),
)
def test_finds_what_a_plain_loop_finds(make, history, queries):
    """Changes in several parts, with tidying (None) in between, seen by who writes and others."""
    make.clear()
    held: dict[int, Entry] = {}
    with pytest.MonkeyPatch.context() as patch:
        make.divide(patch)
        engine, other = make.two()
        for change in history:
            if change is None:
                engine.tidy()
                continue
            upserts, deletes = change
            engine.write(upserts, deletes)
            for number in deletes:
                held.pop(number, None)
            held.update({e.id: e for e in upserts})
            other.search(queries[0])
        for query in queries:
            assert engine.search(query) == other.search(query) == Slowly(held, query).found()
        assert other.stamps() == {number: e.stamp for number, e in held.items()}
        engine.rebuild(held.values())
        assert other.search(queries[0]) == Slowly(held, queries[0]).found()
