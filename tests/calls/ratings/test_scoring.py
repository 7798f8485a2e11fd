"""What ratings amount to: against a solution by brute force, and by what must always hold."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.calls.ratings import scoring
from portal.calls.ratings.scoring import BAD, GOOD, UNKNOWN, scores


def row(asset, rep, stars, *, number=1, age=0.0, on_call=True, went=UNKNOWN):
    return (asset, rep, number, age, on_call, went, stars)


def brute(rows):
    """The same model written down slowly: voices by hand, then one system of linear equations."""
    voices = {}
    for it in rows:
        voices.setdefault((it[0], it[1]), []).append(it)
    weighted = []
    for own in voices.values():
        own.sort(key=lambda it: (it[3], -it[2]))
        halves = [0.5**place for place in range(len(own))]
        for it, half in zip(own, halves, strict=True):
            weight = half / sum(halves) * (1 if it[4] else 0.4) * 0.5 ** (it[3] / 365)
            weighted.append((it, weight))
    mean = sum(w * it[6] for it, w in weighted) / sum(w for _, w in weighted)
    names = sorted({("asset", it[0]) for it in rows} | {("rep", it[1]) for it in rows})
    names += [("call", went) for went in (BAD, GOOD, UNKNOWN)]
    place = {name: number for number, name in enumerate(names)}
    left = np.diag([{"asset": 4.0, "rep": 3.0, "call": 10.0}[kind] for kind, _ in names])
    right = np.zeros(len(names))
    for it, w in weighted:
        mine = [place["asset", it[0]], place["rep", it[1]], place["call", it[5]]]
        for one, other in itertools.product(mine, mine):
            left[one, other] += w
        right[mine] += w * (it[6] - mean)
    solved = np.linalg.solve(left, right)
    return {it[0]: min(5, max(1, mean + solved[place["asset", it[0]]])) for it in rows}


RATING = st.tuples(
    st.integers(1, 5), st.integers(1, 4), st.integers(1, 10**6),
    st.floats(0, 2000, allow_nan=False), st.booleans(), st.sampled_from((BAD, GOOD, UNKNOWN)),
    st.integers(1, 5),
)  # fmt: skip
MANY = st.lists(RATING, min_size=1, max_size=30, unique_by=lambda it: it[2])


@settings(max_examples=150, deadline=None)
@given(MANY)
def test_it_is_what_brute_force_finds(rows):
    found = scores(rows)
    for asset, value in brute(rows).items():
        assert found[asset].value == pytest.approx(value, abs=1e-4)


@settings(max_examples=60, deadline=None)
@given(MANY, st.randoms(use_true_random=False))
def test_the_order_does_not_matter_and_scores_are_stars(rows, chance):
    shuffled = list(rows)
    chance.shuffle(shuffled)
    found, other = scores(rows), scores(shuffled)
    assert found.keys() == other.keys() == {it[0] for it in rows}
    for asset, score in found.items():
        assert score.value == pytest.approx(other[asset].value, abs=1e-9)
        assert 1 <= score.value <= 5
        assert 1 <= score.own <= 5
        assert score.n == other[asset].n == len({it[1] for it in rows if it[0] == asset})


def test_nothing_amounts_to_nothing():
    assert scores([]) == {}


WORLD = [row(1 + n % 6, 100 + n % 9, 3 + n % 2, number=n) for n in range(54)]


def test_more_ratings_come_closer_to_what_they_say():
    far = []
    for many in (1, 2, 5, 20, 80):
        fives = [row(7, 1000 + n, 5, number=1000 + n) for n in range(many)]
        far.append(5 - scores(WORLD + fives)[7].value)
    assert far == sorted(far, reverse=True)
    assert far[0] > 1.0
    assert far[-1] < 0.4


def test_one_rep_who_rates_again_and_again_moves_little():
    once = scores([*WORLD, row(7, 1, 5, number=999)])[7]
    often = scores([*WORLD, *(row(7, 1, 5, number=999 + n) for n in range(30))])[7]
    crowd = scores([*WORLD, *(row(7, 1 + n, 5, number=999 + n) for n in range(30))])[7]
    assert often.value == pytest.approx(once.value, abs=0.01)
    assert (once.n, often.n, crowd.n) == (1, 1, 30)
    assert crowd.value > often.value + 0.5


def test_of_one_reps_ratings_the_newest_counts_most():
    said = [row(7, 1, 5, number=998, age=30.0), row(7, 1, 1, number=999, age=0.0)]
    assert scores([*WORLD, *said])[7].own == pytest.approx((5 * 0.945 + 1 * 2) / 2.945, abs=0.01)


def test_a_call_counts_more_than_none_and_age_less():
    def strength(**how):
        return scores([*WORLD, *(row(7, 50 + n, 5, number=900 + n, **how) for n in range(4))])[
            7
        ].value

    assert strength() > strength(on_call=False)
    assert strength() > strength(age=365.0) > strength(age=1500.0)


def test_a_strict_reps_low_stars_are_forgiven():
    """Two assets with the same stars: one rated by who is always strict, the other by who is not."""
    strict = [row(20 + n, 1, 2, number=500 + n) for n in range(12)]
    mild = [row(40 + n, 2, 5, number=600 + n) for n in range(12)]
    found = scores([*WORLD, *strict, *mild, row(7, 1, 3, number=700), row(8, 2, 3, number=701)])
    assert found[7].value > found[8].value


def test_stars_after_a_bad_call_are_forgiven():
    bad = [row(20 + n, 100 + n, 2, number=500 + n, went=BAD) for n in range(40)]
    good = [row(20 + n, 200 + n, 5, number=600 + n, went=GOOD) for n in range(40)]
    more = [row(7, 1, 3, number=700, went=BAD), row(8, 2, 3, number=701, went=GOOD)]
    found = scores([*bad, *good, *more])
    assert found[7].value > found[8].value


def world(seed, assets=300, reps=60, calls=6000):
    """A world whose truth is known: biased reps, ratings after good calls, one who rates for show."""
    g = np.random.default_rng(seed)
    truth, lenient = g.normal(0, 0.55, assets), g.normal(0, 0.55, reps)
    popular = np.exp(g.normal(0, 1.1, assets))
    a = g.choice(assets, calls, p=popular / popular.sum())
    r, age = g.integers(0, reps, calls), g.uniform(0, 730, calls)
    good = g.random(calls) < 1 / (1 + np.exp(-(-0.2 + 0.5 * truth[a])))
    felt = 3.4 + truth[a] + lenient[r] + 0.5 * (good - 0.5) + g.normal(0, 0.75, calls)
    answers = g.random(calls) < 0.12 * np.where(good, 1.5, 0.75)
    rows = [
        (int(a[i]), int(r[i]), int(i), float(age[i]), True, GOOD if good[i] else BAD,
         int(np.clip(round(felt[i]), 1, 5)))
        for i in np.flatnonzero(answers)
    ]  # fmt: skip
    for asset in g.choice(assets, assets // 25, replace=False):
        rep = int(g.integers(0, reps))
        rows += [(int(asset), rep, calls + n, 1.0, True, GOOD, 5) for n in range(12)]
    return rows, truth


@pytest.mark.slow
def test_it_is_nearer_to_the_truth_than_a_bare_mean():
    shrunk, bare = [], []
    for seed in range(12):
        rows, truth = world(seed)
        found = scores(rows)
        for asset, score in found.items():
            own = [it[6] for it in rows if it[0] == asset]
            shrunk.append(score.value - 3.4 - truth[asset])
            bare.append(sum(own) / len(own) - 3.4 - truth[asset])
    error, naive = (float(np.sqrt(np.mean(np.square(e)))) for e in (shrunk, bare))
    print(f"error of the shrunk mean {error:.2f}, of a bare mean {naive:.2f}")
    assert error < 0.62 * naive


@pytest.mark.slow
def test_twenty_thousand_ratings_are_quick():
    import time

    g = np.random.default_rng(1)
    rows = [
        (int(g.integers(3000)), int(g.integers(800)), n, float(g.uniform(0, 700)), True,
         int(g.integers(3)), int(g.integers(1, 6)))
        for n in range(20_000)
    ]  # fmt: skip
    took = []
    for _ in range(3):
        begun = time.perf_counter()
        scoring.scores(rows)
        took.append(time.perf_counter() - begun)
    print(f"{min(took) * 1000:.0f} ms")
    assert min(took) < 0.3  # 60 ms on an idle machine
