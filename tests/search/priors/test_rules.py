"""Priors lean, never far; places are told from pull, on a world with a planted truth."""

import random
from datetime import UTC, date, datetime, timedelta
from math import prod

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.library.freshness.rules import Condition
from portal.search.priors import rules
from portal.search.priors.rules import MOST, SPANS, Prior, Search

TODAY = date(2026, 11, 30)
any_lean = st.floats(-1e6, 1e6)


@given(
    st.dictionaries(st.sampled_from(Prior), any_lean),
    st.dictionaries(st.sampled_from(Prior), any_lean),
)
def test_all_together_are_at_most_a_third_apart(one, other):
    best, worst = (
        prod(float(rules.factor(prior, lean)) for prior, lean in leans.items())
        for leans in (one, other)
    )
    assert best / worst <= MOST + 1e-9


def test_the_spans_leave_little_of_it_unused():
    assert 1.28 < prod(SPANS.values()) <= MOST


@given(
    st.dates(date(2000, 1, 1), date(2040, 1, 1)) | st.none(),
    st.dates(date(2000, 1, 1), date(2040, 1, 1)) | st.none(),
    st.integers(1, 60),
)
def test_age_leans_within_bounds(checked, published, months):
    assert -1 <= rules.age(checked, published, months, TODAY).lean <= 1


def test_a_new_asset_is_not_punished():
    new = rules.age(None, TODAY, 6, TODAY)
    assert (new.lean, new.condition) == (0.0, Condition.NEVER)
    assert rules.verified_lean(new.condition, disputed=False) == 0
    assert rules.use_lean(1.0) == 0
    assert rules.rating_lean(4.1, 4.1) == 0


@pytest.mark.parametrize(
    ("checked", "lean", "facet"),
    [
        (TODAY, 1.0, "fresh"),
        (date(2026, 11, 2), 0.07, "due"),  # due on 2 December
        (date(2026, 10, 30), 0.0, "due"),
        (date(2026, 10, 29), -0.03, "overdue"),
        (date(2025, 1, 1), -1.0, "overdue"),
    ],
)
def test_an_asset_ages(checked, lean, facet):
    found = rules.age(checked, None, 1, TODAY)
    assert found.lean == pytest.approx(lean, abs=0.01)
    assert rules.FRESHNESS[found.facet] == facet


def test_a_remark_weighs_more_than_a_check():
    assert rules.verified_lean(Condition.FRESH, disputed=False) == 1
    assert rules.verified_lean(Condition.FRESH, disputed=True) == -1
    assert rules.verified_lean(Condition.OVERDUE, disputed=False) == 0


def test_no_place_is_looked_at_more_than_the_one_before_it():
    found = rules.falling(np.array([50.0, 20, 30, 0, 1]), np.array([100.0, 100, 100, 50, 50]))
    assert found.tolist() == [0.5, 0.25, 0.25, 0.01, 0.01]


def test_what_stands_low_is_not_taken_for_what_nobody_wants():
    """The better asset stands sixth, where few look: it is opened less, and pulls more."""
    looked, draw = [0.9, 0.6, 0.45, 0.3, 0.2, 0.15], random.Random(7)
    pulls = dict.fromkeys(range(1, 31), 0.3) | {40: 0.6, 50: 0.15}
    shown = []
    for _ in range(4000):
        others = draw.sample(range(1, 31), 4)
        page = [50, *others, 40]
        shown += [
            (asset, place, draw.random() < looked[place - 1] * pulls[asset])
            for place, asset in enumerate(page, start=1)
        ]
        mixed = draw.sample(range(1, 31), 6)
        shown += [
            (asset, place, draw.random() < looked[place - 1] * 0.3)
            for place, asset in enumerate(mixed, start=1)
        ]
    use = rules.use_of(shown)
    opens = dict(zip(use.assets.tolist(), use.opens.tolist(), strict=True))
    pull = dict(zip(use.assets.tolist(), use.pull.tolist(), strict=True))
    assert opens[50] > opens[40]
    assert pull[40] > 1.5
    assert pull[50] < 0.7
    assert use.places[5] / use.places[0] == pytest.approx(0.15 / 0.9, abs=0.06)


def test_a_few_opens_are_hardly_believed():
    use = rules.use_of([(1, 1, True)] + [(2, 1, n % 2 == 0) for n in range(200)])
    assert 1 < dict(zip(use.assets.tolist(), use.pull.tolist(), strict=True))[1] < 1.1


def test_nothing_shown_is_nothing_known():
    assert len(rules.use_of([]).assets) == 0


def search(user_id, second, opened=()):
    at = datetime(2026, 11, 30, 9, tzinfo=UTC) + timedelta(seconds=second)
    return Search(user_id, at, (1, 2), frozenset(opened))


def test_what_was_still_being_typed_was_looked_at_by_nobody():
    typed, opened, went_on, other = search(1, 0), search(1, 2, {2}), search(1, 4), search(2, 5)
    assert list(rules.settled([typed, opened, went_on, other])) == [opened, went_on, other]
    later = search(1, 0), search(1, 31)
    assert list(rules.settled(later)) == list(later)
