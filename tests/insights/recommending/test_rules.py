"""Suggestions: a tenth by chance, stable for the day, nothing new is hidden, priors stay small."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.insights.recommending.rules import (
    APART,
    BY_CHANCE,
    PRIOR_MOST,
    SILENT,
    UNTRIED,
    Candidate,
    Guess,
    drawn,
    pick,
    prior,
    promising,
)

DAY = date(2026, 11, 30)
SEEDS = [(person, deal, DAY) for person in range(1, 41) for deal in range(1, 51)]
guesses = st.builds(Guess, st.floats(-1, 1), st.floats(0, 0.5))
lists = st.lists(st.tuples(st.integers(1, 20), st.booleans(), guesses), max_size=12).map(
    lambda rows: [Candidate(n, *row) for n, row in enumerate(rows, 1)]
)


def alike(n, **guesses_by_id):
    return [Candidate(i, 10, False, guesses_by_id.get(f"a{i}", UNTRIED)) for i in range(1, n + 1)]


@given(lists, st.integers(1, 8), st.integers(1, 99))
def test_each_once_used_ones_last_and_the_same_again(candidates, most, person):
    seed = (person, 7, DAY)
    found = pick(candidates, seed, most)
    assert found == pick(list(candidates), seed, most)
    assert len(found) == min(most, len(candidates))
    assert [it.place for it in found] == list(range(1, len(found) + 1))
    assert len({it.asset_id for it in found}) == len(found)
    by_id = {it.asset_id: it for it in candidates}
    flags = [by_id[it.asset_id].used for it in found]
    assert flags == sorted(flags)
    assert not any(it.chance and by_id[it.asset_id].used for it in found)


@given(lists, st.integers(1, 99))
def test_belief_never_outweighs_a_fit_that_is_clearly_better(candidates, person):
    found = pick(candidates, (person, 1, DAY), 12)
    fit = {it.asset_id: it.fit for it in candidates}
    fresh = [fit[it.asset_id] for it in found if not candidates[it.asset_id - 1].used]
    for before, later in pairwise(fresh):
        assert later <= before * PRIOR_MOST * 1.0001


@given(guesses, st.floats(0.001, 0.999))
def test_what_is_believed_moves_by_the_limit_at_most(guess, chance):
    assert PRIOR_MOST**-0.5 <= prior(guess, chance) <= PRIOR_MOST**0.5
    assert prior(SILENT, chance) == 1


def test_a_tenth_is_drawn_by_chance_evenly_among_equals():
    candidates = alike(4)
    picks = [pick(candidates, seed, 1)[0] for seed in SEEDS]
    lots = [it for it in picks if it.chance]
    assert len(lots) / len(picks) == pytest.approx(BY_CHANCE, abs=0.025)
    assert all(it.among == 4 for it in lots)
    for asset_id in range(1, 5):
        share = sum(it.asset_id == asset_id for it in lots) / len(lots)
        assert share == pytest.approx(0.25, abs=0.13)


def test_without_an_equal_nothing_is_left_to_chance():
    candidates = [Candidate(1, 17, False, UNTRIED), Candidate(2, 9, False, UNTRIED)]
    for seed in SEEDS[:300]:
        found = pick(candidates, seed, 2)
        assert [it.asset_id for it in found] == [1, 2]
        assert not any(it.chance for it in found)


def test_what_helps_comes_first_mostly_and_what_is_new_gets_its_chance():
    candidates = alike(2, a1=Guess(0.06, 0.02))
    first = [pick(candidates, seed, 1)[0].asset_id for seed in SEEDS]
    assert 0.1 < first.count(2) / len(first) < 0.4


def test_another_day_another_draw():
    candidates = alike(6)
    days = {
        tuple(it.asset_id for it in pick(candidates, (1, 1, DAY + timedelta(days=n)), 6))
        for n in range(10)
    }
    assert len(days) > 5
    numbers = [drawn(n) for n in range(4000)]
    assert all(0 < it < 1 for it in numbers)
    assert sum(numbers) / len(numbers) == pytest.approx(0.5, abs=0.03)


@given(st.lists(st.floats(-0.3, 0.3), min_size=2, max_size=9))
def test_both_halves_are_as_likely_and_the_middle_is_of_neither(values):
    candidates = [Candidate(n, 5, False, Guess(v, 0.05)) for n, v in enumerate(values)]
    said = [promising(candidates, it) for it in candidates]
    if max(values) - min(values) < APART:
        assert set(said) == {None}
        return
    assert said.count(True) == said.count(False) == len(values) // 2
    better = [v for v, it in zip(values, said, strict=True) if it]
    worse = [v for v, it in zip(values, said, strict=True) if it is False]
    assert min(better) >= max(worse)
