"""What an engine counts and leaves out: frequencies, having, without, among."""

import pytest

from portal.search.engine import Entry, Query
from portal.search.whoosh_engine import WhooshEngine


@pytest.fixture
def engine(tmp_path):
    made = WhooshEngine(tmp_path / "index")
    made.rebuild([_entry(1, "giá kho", "a"), _entry(2, "giá", "a"), _entry(3, "kho", "b")])
    made.write([_entry(4, "giá kho wms", "b")], [])
    return made


def _entry(number, terms, kind):
    words = terms.split()
    return Entry(number, number, words, len(words), {"kind": (kind,)}, 1, "s")


def ids(engine, *words, **told):
    found = engine.search(Query(tuple(((word, 1.0),) for word in words), **told))
    return sorted(hit.id for hit in found.hits), found.total, found.facets.get("kind")


def test_frequencies(engine, tmp_path):
    assert engine.frequencies(["giá", "kho", "wms", "nowhere", ""]) == [3, 3, 1, 0, 0]
    assert WhooshEngine(tmp_path / "other").frequencies(["giá"]) == [0]


def test_having(engine):
    engine.write([], [1])
    assert engine.having(["giá", "kho"]) == [4]
    assert engine.having([]) == [2, 3, 4]
    assert engine.having(["nowhere"]) == []


def test_without(engine):
    assert ids(engine, "giá", without=("kho",)) == ([2], 1, {"a": 1})
    assert ids(engine, without=("kho", "nowhere")) == ([2], 1, {"a": 1})
    assert ids(engine, "giá", "kho", match_all=True, without=("wms",))[0] == [1]


def test_among(engine):
    assert ids(engine, "giá", among=frozenset({1, 4, 99})) == ([1, 4], 2, {"a": 1, "b": 1})
    assert ids(engine, among=frozenset({3})) == ([3], 1, {"b": 1})
    assert ids(engine, "giá", among=frozenset()) == ([], 0, None)
    assert ids(engine, "giá", among=frozenset({1, 4}), filters={"kind": {"a"}})[:2] == ([1], 1)
    assert ids(engine, "giá", "kho", match_all=True, at_least=1, among=frozenset({2}))[0] == [2]
