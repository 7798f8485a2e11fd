"""Priors, what stands first, and facets told from outside: as a plain loop would find them."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.search.engine import Entry, Priors, Query, Sort
from portal.search.priors.rules import MOST
from portal.search.whoosh_engine import WhooshEngine

FACTORS = (0.88, 0.95, 1.0, 1.07, 1.14)
SCALE = ("fresh", "due", "overdue")
some_texts = st.lists(
    st.tuples(st.integers(1, 6), st.lists(st.sampled_from(["a", "b", "c"]), max_size=6)),
    min_size=1,
    max_size=14,
)
some_priors = st.dictionaries(
    st.integers(1, 8), st.tuples(st.sampled_from(FACTORS), st.integers(-1, 2)), max_size=8
)


def entries(texts):
    return [
        Entry(
            number, group, terms, len(terms), {"kind": ("faq" if number % 2 else "guide",)}, 1, ""
        )
        for number, (group, terms) in enumerate(texts, start=1)
    ]


def priors(told):
    groups = np.array(sorted(told), np.int64)
    factors = np.array([told[group][0] for group in sorted(told)])
    codes = np.array([told[group][1] for group in sorted(told)], np.int64)
    return Priors(groups, factors, {"freshness": (codes, SCALE)})


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Make an index of its own for each example: hypothesis makes Whoosh's random ids repeat."""

    def build(told):
        engine = WhooshEngine(tmp_path_factory.mktemp("index"))
        engine.rebuild(told)
        return engine

    return build


def asked(**told):
    return Query(words=((("a", 1.0),), (("b", 1.0),)), limit=20, **told)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    texts=some_texts, told=some_priors, first=st.lists(st.integers(1, 8), max_size=2, unique=True)
)
def test_the_order_is_that_of_score_times_factor(built, texts, told, first):
    engine = built(entries(texts))
    bare = {hit.group: hit.score for hit in engine.search(asked()).hits}
    there = {group for group, _ in texts}
    weighed = {group: score * told.get(group, (1.0,))[0] for group, score in bare.items()}
    front = [group for group in first if group in there]
    rest = sorted((g for g in weighed if g not in front), key=lambda g: (-weighed[g], g))
    found = engine.search(asked(priors=priors(told), first=tuple(first)))
    assert [hit.group for hit in found.hits] == front + rest
    assert found.total == len(front) + len(rest)
    assert all(hit.score == weighed.get(hit.group, 0.0) for hit in found.hits)
    counted = [SCALE[told[g][1]] for g in front + rest if told.get(g, (1, -1))[1] >= 0]
    assert found.facets["freshness"] == {name: counted.count(name) for name in set(counted)}


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(texts=some_texts, told=some_priors)
def test_text_decides_first(built, texts, told):
    """Whose text scores less than 1/1.3 of another's never stands above it."""
    engine = built(entries(texts))
    bare = {hit.group: hit.score for hit in engine.search(asked()).hits}
    order = [hit.group for hit in engine.search(asked(priors=priors(told))).hits]
    for place, above in enumerate(order):
        assert all(bare[above] * MOST >= bare[below] for below in order[place + 1 :])


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    texts=some_texts,
    told=some_priors,
    wanted=st.frozensets(st.sampled_from(SCALE), min_size=1),
    kinds=st.frozensets(st.sampled_from(["faq", "guide"])),
)
def test_a_facet_from_outside_filters_and_is_counted_as_any_other(
    built, texts, told, wanted, kinds
):
    engine = built(entries(texts))
    filters = {"freshness": wanted, "kind": kinds}
    found = engine.search(asked(priors=priors(told), filters=filters))
    passing = engine.search(asked(filters={"kind": kinds})).hits
    states = {hit.group: told.get(hit.group, (1, -1))[1] for hit in passing}
    assert {hit.group for hit in found.hits} == {
        group for group, code in states.items() if code >= 0 and SCALE[code] in wanted
    }
    codes = list(states.values())
    assert found.facets["freshness"] == {
        name: codes.count(code) for code, name in enumerate(SCALE) if code in codes
    }


def test_what_stands_first_does_so_on_the_first_page_alone(built):
    engine = built(entries([(group, ["a", "b"] * group) for group in range(1, 7)]))
    pages = [
        engine.search(Query(words=((("a", 1.0),),), limit=2, offset=n, first=(5, 99, 1)))
        for n in (0, 2, 4)
    ]
    listed = [hit.group for page in pages for hit in page.hits]
    assert listed[:2] == [5, 1]
    assert sorted(listed) == [1, 2, 3, 4, 5, 6]
    newest = Query(words=((("a", 1.0),),), first=(1,), sort=Sort.NEWEST)
    assert engine.search(newest).hits[0].group == 6, "the same day: the better score"


def test_filters_hold_for_what_stands_first(built):
    engine = built(entries([(1, ["a"]), (2, ["c"])]))
    query = Query(words=((("a", 1.0),),), first=(2,), filters={"kind": frozenset({"faq"})})
    assert [hit.group for hit in engine.search(query).hits] == [1]
