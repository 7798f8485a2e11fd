"""Counting by groups is what counting one by one would give, however many are found."""

import random
from collections import Counter

import numpy as np
import pytest

from portal.search import facet_counts
from portal.search.arrays import Columns, View, Vocabulary


def world(chance, size):
    """Entries in groups, some of several, in any order; facets of some texts only."""
    vocabulary = Vocabulary()
    groups = [chance.randrange(1, size) for _ in range(size)]
    rows = sorted(
        {
            (entry, vocabulary.code("kind", f"k{groups[entry] % 3}"))
            if chance.random() < 0.8
            else (entry, vocabulary.code("language", chance.choice(["en", "vi", "ru"])))
            for entry in range(size)
            for _ in range(3)
        }
    )
    entries, codes = np.array(rows, np.int32).T
    numbers = np.arange(size, dtype=np.int64)
    columns = Columns(numbers, np.array(groups), numbers, numbers + 1, entries, codes)
    return View(columns, vocabulary), groups, rows, vocabulary


@pytest.mark.parametrize("few_of", [0, 8, 10**6], ids=["by code", "mixed", "by group"])
@pytest.mark.parametrize("seed", range(8))
def test_as_many_groups_as_one_by_one(monkeypatch, seed, few_of):
    monkeypatch.setattr(facet_counts, "FEW_OF", few_of)
    chance = random.Random(seed)
    view, groups, rows, vocabulary = world(chance, chance.choice([2, 9, 60, 200]))
    for share in (0, 0.05, 0.5, 1):
        found = np.array([chance.random() < share for _ in groups])
        seen = {(code, groups[entry]) for entry, code in rows if found[entry]}
        expected = Counter(vocabulary.values[code] for code, _ in seen)
        counted = {
            (facet, value): many
            for facet, values in view.counts(found).items()
            for value, many in values.items()
        }
        assert counted == expected


def test_the_entries_of_a_group_in_whatever_order_they_came():
    groups = facet_counts.Groups(np.array([7, 3, 7, 3, 9]))
    assert groups.ids.tolist() == [3, 7, 9]
    assert groups.of_entry.tolist() == [1, 0, 1, 0, 2]
    assert [groups.entries(n).tolist() for n in range(3)] == [[1, 3], [0, 2], [4]]


def test_no_entries_have_no_counts():
    assert View(Columns.empty(), Vocabulary()).counts(np.zeros(0, np.bool_)) == {}
