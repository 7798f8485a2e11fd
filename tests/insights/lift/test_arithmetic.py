"""The arithmetic of lift agrees with the method written plainly, and with what must always hold."""

import importlib.util
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.insights.lift import chance, effect, judging, starting
from portal.insights.lift.rules import LEAST_DEALS, LEAST_REPS, Verdict, ranked
from tests.insights.lift import plain
from tests.insights.lift.worlds import world

REFERENCE = Path(__file__).parents[4] / "shared" / "sketches" / "insight" / "lift.py"
CLOSE = 1e-9
seeds = st.integers(0, 2**32 - 1)


def counted(w):
    fit = chance.fit(w["won"], factors(w))
    odds = fit.log_odds([w["segment"], w["region"], w["rep"]])
    borders = chance.cuts(odds[w["deal"]], chance.bands_for(len(w["won"])))
    band = chance.band(odds, borders)[w["deal"]]
    stratum = effect.strata(w["stage"], w["weeks"], band)
    return odds, stratum, effect.counted(w["asset"], stratum, w["won"][w["deal"]], w["deal"])


def factors(w):
    return [
        chance.Factor(w["segment"], 3, 2.0),
        chance.Factor(w["region"], 4, 2.0),
        chance.Factor(w["rep"], w["reps"], None),
    ]


def judged(w):
    _, _, (cells, pools, _) = counted(w)
    found = effect.effects(cells, pools, w["assets"])
    pairs = np.unique(w["asset"] * w["reps"] + w["rep"][w["deal"]]) // w["reps"]
    reps = np.bincount(pairs, minlength=w["assets"])
    uses = np.bincount(w["asset"], minlength=w["assets"]) + w["late"]
    return found, reps, uses, judging.judge(found, reps, uses)


@settings(max_examples=15, deadline=None)
@given(seeds)
def test_lift_is_that_of_the_plain_method(seed):
    w = world(seed)
    _, stratum, (cells, pools, _) = counted(w)
    found = effect.effects(cells, pools, w["assets"])
    rows = zip(w["asset"], stratum, w["won"][w["deal"]], w["deal"], strict=True)
    wanted = plain.table([tuple(map(int, row)) for row in rows])
    for asset in range(w["assets"]):
        if asset not in wanted:
            assert math.isnan(found.lift[asset])
            continue
        got = [it[asset] for it in (found.lift, found.error, found.own, found.others, found.n)]
        assert np.allclose(got, wanted[asset], rtol=0, atol=CLOSE)


@settings(max_examples=15, deadline=None)
@given(seeds, st.sampled_from([20, 60]))
def test_best_guesses_are_those_of_the_plain_method(seed, assets):
    found, _reps, _uses, said = judged(world(seed, deals=600, assets=assets))
    lifts = {
        a: (found.lift[a], found.error[a]) for a in range(assets) if np.isfinite(found.lift[a])
    }
    tested = [a for a in lifts if np.isfinite(said.p[a])]
    wanted, spread = plain.best_guesses(lifts, tested)
    assert said.spread == pytest.approx(spread, abs=CLOSE)
    for asset, (best, deviation) in wanted.items():
        assert said.best[asset] == pytest.approx(best, abs=CLOSE)
        assert said.high[asset] - said.low[asset] == pytest.approx(
            2 * 1.959964 * deviation, abs=CLOSE
        )


def reference():
    spec = importlib.util.spec_from_file_location("reference", REFERENCE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.skipif(not REFERENCE.is_file(), reason="the shared sketches are not here")
@pytest.mark.parametrize("seed", range(20))
def test_everything_agrees_with_the_study(seed):
    theirs = reference()
    w = world(seed, deals=900, assets=70)
    odds, stratum, (_cells, _pools, _) = counted(w)
    eta = theirs.starting_chance(
        w["won"], [(w["segment"], 3, 2), (w["region"], 4, 2), (w["rep"], w["reps"], "eb")]
    )
    assert np.abs(odds - eta).max() < CLOSE
    s, b = theirs.make_strata(w["stage"], w["weeks"], eta[w["deal"]], len(eta))
    assert (s == stratum).all()
    y = w["won"][w["deal"]]
    n, wn, big, big_won, m2 = theirs.counts(w["assets"], 20 * b, w["asset"], s, y, w["deal"], 900)
    d, se, p1, p0, n1, _ = theirs.mh_lift(n, wn, big, big_won, m2)
    found, reps, uses, said = judged(w)
    for ours, their in ((found.lift, d), (found.error, se), (found.own, p1), (found.others, p0)):
        assert np.allclose(ours, their, rtol=0, atol=CLOSE, equal_nan=True)
    late = 1 - found.countable / np.maximum(uses, 1)
    r = theirs.decide(d, se, p0, n1, reps, late)
    there = np.isfinite(d)
    for ours, their in ((said.best, r["post"]), (said.low, r["plo"]), (said.high, r["pup"])):
        assert np.allclose(ours[there], their[there], rtol=0, atol=CLOSE)
    assert np.allclose(said.p, r["p"], rtol=0, atol=CLOSE, equal_nan=True)
    assert ((said.verdict == Verdict.HELPS) == r["up"]).all()
    assert ((said.verdict == Verdict.HURTS) == r["down"]).all()
    need = theirs.deals_needed(np.where(p0 > 0, p0, 0.25), r["z_limit"]) - n1
    assert (said.need == np.maximum(need, 0))[there].all()


@settings(max_examples=30, deadline=None)
@given(seeds)
def test_a_claim_is_made_of_nothing_thin(seed):
    w = world(seed, deals=200, assets=15, reps=5, uses=10)
    found, reps, _uses, said = judged(w)
    claimed = np.isin(said.verdict, [Verdict.HELPS, Verdict.HURTS])
    assert (found.n[claimed] >= LEAST_DEALS).all()
    assert (reps[claimed] >= LEAST_REPS).all()
    assert ((said.low > 0) | (said.high < 0))[claimed].all()


@pytest.mark.parametrize("outcome", [0.0, 1.0])
def test_nothing_is_claimed_when_all_deals_ended_alike(outcome):
    w = world(3)
    w["won"][:] = outcome
    found, _, _, said = judged(w)
    assert np.allclose(found.lift[np.isfinite(found.lift)], 0)
    assert not np.isin(said.verdict, [Verdict.HELPS, Verdict.HURTS]).any()


def test_nothing_at_all_is_nothing():
    none = np.zeros(0, dtype=np.int64)
    cells, pools, strata = effect.counted(none, none, none, none)
    found = effect.effects(cells, pools, 0)
    assert len(judging.judge(found, none, none).verdict) == len(strata) == 0
    assert len(chance.fit(none, []).log_odds([])) == 0


def test_paperwork_is_called_decided_and_few_deals_thin():
    n = np.array([30.0, 25.0, 19.0, 40.0])
    flat = np.full(4, 0.0)
    found = effect.Effects(flat, np.full(4, 0.05), np.full(4, 0.4), np.full(4, 0.4), n, n)
    said = judging.judge(found, np.array([5, 5, 5, 2]), np.array([100, 30, 19, 40]))
    assert list(said.verdict) == ["decided", "same", "thin", "thin"]


def test_discoveries_follow_the_step_up():
    # 0.03 alone would be over its own limit of 0.05 * 2 / 4, were 0.07 not under 0.10 * 3 / 4
    p = np.array([0.07, np.nan, 0.001, 0.03, 0.9])
    assert list(judging.discoveries(p)) == [True, False, True, True, False]
    assert not judging.discoveries(np.array([np.nan])).any()


def test_the_e_value_is_that_of_its_paper():
    # VanderWeele and Ding's example: a risk ratio of 3.9 needs 7.26
    assert judging.e_value(0.39, 0.10) == pytest.approx(7.26, abs=0.01)
    assert judging.e_value(0.10, 0.39) == pytest.approx(7.26, abs=0.01)
    assert judging.e_value(0.3, 0.3) == 1


def test_more_deals_are_needed_when_more_is_compared():
    few, many = judging.deals_needed(0.25, judging.z_of(0.05)), judging.deals_needed(0.25, 3.5)
    assert 150 < few < many < 600
    assert judging.z_of(0.05) == pytest.approx(1.959964, abs=1e-6)


def test_judged_assets_come_first_then_thin_then_decided():
    verdict = np.array(["thin", "hurts", "decided", "helps", "same"], dtype=object)
    best = np.array([0.2, -0.1, 0.3, 0.1, np.nan])
    assert list(ranked(verdict, best)) == [4, 2, 5, 1, 3]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(-5, 5), min_size=1, max_size=200), st.integers(1, 10))
def test_bands_keep_the_order_of_chances(values, parts):
    x = np.array(values)
    bands = chance.band(x, chance.cuts(x, parts))
    assert (bands >= 0).all()
    assert (bands < parts).all()
    assert (np.diff(bands[np.argsort(x, kind="stable")]) >= 0).all()


@settings(max_examples=20, deadline=None)
@given(seeds)
def test_a_kept_model_says_what_it_said(seed):
    import json

    g = np.random.default_rng(seed)
    n = 50
    deals = starting.Deals(
        id=np.arange(n),
        owner=g.integers(0, 4, n),
        won=g.integers(0, 2, n),
        closed=g.integers(10**9, 2 * 10**9, n),
        created=g.integers(10**9, 2 * 10**9, n),
        amount=np.where(g.random(n) < 0.2, np.nan, g.random(n) * 1e5),
        currency=[("EUR", "VND")[i] for i in g.integers(0, 2, n)],
        words={name: [f"w{i}" for i in g.integers(0, 3, n)] for name in starting.WORDS},
    )
    model = starting.fitted(deals)
    again = starting.from_data(json.loads(json.dumps(model.as_data())))
    assert (model.log_odds(deals) == again.log_odds(deals)).all()
    assert set(model.sizes) == set(deals.currency)


def test_an_amount_is_large_within_its_own_currency():
    n = 20
    amounts = np.concatenate([np.arange(10.0), np.arange(10.0) * 27_000])
    deals = starting.Deals(
        id=np.arange(n), owner=np.ones(n, dtype=int), won=np.zeros(n), closed=np.zeros(n),
        created=np.zeros(n, dtype=int), amount=amounts, currency=["EUR"] * 10 + ["VND"] * 10,
        words={name: [""] * n for name in starting.WORDS},
    )  # fmt: skip
    fifths = starting.keys_of(deals, starting.fitted(deals).sizes)["size"]
    assert fifths[:10] == fifths[10:] == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]
