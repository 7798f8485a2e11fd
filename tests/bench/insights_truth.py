"""Truth: worlds with a planted truth and fresh seeds, read back through import and export.

A figure is read from the file `portal insights export` writes, never from arrays. What is true of
an asset is by how much its uses raised the chance of winning, less what other content used at like
moments did: it is compared with other content, not with none. Its rank is held against the gain
itself; against the difference as well, where late assets lead, as they do by the naive figure.
"""

import csv
import os
import random
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from portal.insights.lift import chance, effect
from tests.bench.command import COMMAND, ready
from tests.bench.table import Figure, show
from tests.insights import world_files
from tests.insights.worlds import (
    COMPETITORS,
    CONTRACT,
    MIDDLE,
    PRODUCTS,
    REGIONS,
    SEGMENTS,
    simulate,
)

WORLDS, NULL_WORLDS = 20, 5
LEAST_DEALS, RANGED_DEALS, TOP = 20, 40, 10


@dataclass
class Seen:
    """What one world's file says beside its truth."""

    claims: int
    false: int
    thin_claims: int
    judged: int
    held: list
    error: list
    naive_error: list
    rank: float
    naive_rank: float
    like_rank: float
    naive_like_rank: float
    helpful: float
    paperwork: float
    ranged: float
    seconds: float


def relative(world):
    """The truth of each asset against other content of the same moments, NaN where never counted."""
    closed = world.status >= 0
    odds = np.zeros(world.size.deals)
    fifths = chance.cuts(world.amount[closed], 5)
    factors = [
        chance.Factor(world.segment[closed], SEGMENTS, 2.0),
        chance.Factor(world.product[closed], PRODUCTS, 2.0),
        chance.Factor(world.competitor[closed], COMPETITORS, 2.0),
        chance.Factor(world.region[closed], REGIONS, 2.0),
        chance.Factor(chance.band(world.amount[closed], fifths), 5, 2.0),
        chance.Factor(world.created[closed] // 13, int(world.created.max()) // 13 + 1, 4.0),
        chance.Factor(world.owner[closed], world.size.reps, None),
    ]
    fit = chance.fit(world.status[closed] == 1, factors)
    odds[closed] = fit.log_odds([it.codes for it in factors])
    uses = world.counted
    asset, deal, gain = world.use_asset[uses], world.use_deal[uses], world.use_gain[uses]
    band = chance.band(odds[deal], chance.cuts(odds[deal], chance.bands_for(int(closed.sum()))))
    stratum = effect.strata(world.use_stage[uses], world.use_age[uses], band)
    cells, pools, strata = effect.counted(asset, stratum, world.status[deal] == 1, deal)
    usual = np.bincount(np.searchsorted(strata, stratum), gain, len(strata)) / pools.n
    weight = cells.n * (pools.n[cells.stratum] - cells.n) / pools.n[cells.stratum]
    size = world.size.assets
    with np.errstate(all="ignore"):
        compared = np.bincount(cells.asset, weight * usual[cells.stratum], size)
        compared = compared / np.bincount(cells.asset, weight, size)
        return np.where(world.n > 0, world.truth - compared, np.nan)


def naive(world):
    """The usual figure: the share won of the closed deals an asset was used on, less of all."""
    closed = world.status[world.use_deal] >= 0
    pairs = np.unique(world.use_asset[closed] * world.size.deals + world.use_deal[closed])
    asset, deal = pairs // world.size.deals, pairs % world.size.deals
    won = np.bincount(asset, world.status[deal] == 1, world.size.assets)
    all_closed = world.status[world.status >= 0]
    with np.errstate(all="ignore"):
        return won / np.bincount(asset, minlength=world.size.assets) - (all_closed == 1).mean()


def exported(world, folder, url):
    """The rows of the export by the asset's number in the world, and the import's seconds."""
    told = ready(folder / "data", url)
    began = time.perf_counter()
    world_files.write(world, folder / "files", ratings=0.02)
    subprocess.run(
        [*COMMAND, "history", "import", str(folder / "files"), "--json"],
        env=told, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    seconds = time.perf_counter() - began
    out = folder / "lift.csv"
    subprocess.run([*COMMAND, "insights", "export", str(out)], env=told, check=True)
    with out.open(encoding="utf-8") as file:
        rows = {row["asset_id"]: row for row in csv.DictReader(file)}
    return {i: rows.get(world_files.asset_id(i)) for i in range(world.size.assets)}, seconds


def spearman(one, other):
    ranks = [np.argsort(np.argsort(it, kind="stable"), kind="stable") for it in (one, other)]
    return float(np.corrcoef(ranks)[0, 1])


def compare(world, rows, seconds):
    """Hold what the file says against the truth."""
    truth, usual = relative(world), naive(world)
    claims = [i for i, row in rows.items() if row and row["verdict"] in {"helps", "hurts"}]
    judged = [i for i, row in rows.items() if row and row["verdict"] in {"helps", "same", "hurts"}]
    best = {i: float(rows[i]["lift"]) for i in judged}
    true = np.array([truth[i] for i in judged])
    found = np.array([best[i] for i in judged])
    plain = np.array([usual[i] for i in judged])
    top = sorted((i for i in rows if rows[i]), key=lambda i: int(rows[i]["rank"]))[:TOP]
    many = [i for i in rows if world.n[i] >= RANGED_DEALS]
    return Seen(
        claims=len(claims),
        false=sum((best[i] > 0) != (truth[i] > 0) or world.beta[i] * best[i] <= 0 for i in claims),
        thin_claims=sum(int(rows[i]["n"]) < LEAST_DEALS for i in claims),
        judged=len(judged),
        held=[float(rows[i]["lo"]) <= truth[i] <= float(rows[i]["hi"]) for i in judged],
        error=list((found - true) ** 2),
        naive_error=list((plain - true) ** 2),
        rank=spearman(found, world.truth[judged]),
        naive_rank=spearman(plain, world.truth[judged]),
        like_rank=spearman(found, true),
        naive_like_rank=spearman(plain, true),
        helpful=float(np.mean([truth[i] > 0 and world.beta[i] > 0 for i in top])),
        paperwork=float(np.mean([world.kind[i] >= CONTRACT for i in top])),
        ranged=float(np.mean([bool(rows[i] and rows[i]["lo"]) for i in many])),
        seconds=seconds,
    )


def seen(seed, url="", **world):
    """Make a world, move it in, and compare."""
    made = simulate(MIDDLE, seed, **world)
    with tempfile.TemporaryDirectory() as folder:
        return compare(made, *exported(made, Path(folder), url))


def run(worlds=WORLDS, null_worlds=NULL_WORLDS, first=None):
    """Measure on both databases in turn; returns whether what was asked for was reached."""
    first = random.SystemRandom().randrange(2**30) if first is None else first
    server = os.environ.get("PORTAL_TEST_DATABASE_URL", "")
    urls = ["", *([f"{server}_truth"] if server else [])]
    told = [seen(first + i, urls[i % len(urls)]) for i in range(worlds)]
    null = [seen(first + worlds + i, urls[i % len(urls)], scale=0.0) for i in range(null_worlds)]
    claims = max(sum(it.claims for it in told), 1)
    false = sum(it.false for it in told) / claims
    noise = 2 * (0.1 * 0.9 / claims) ** 0.5
    error = np.sqrt(np.mean([it for one in told for it in one.error]))
    usual = np.sqrt(np.mean([it for one in told for it in one.naive_error]))
    rank, naive_rank, like, naive_like = (
        float(np.mean([getattr(it, name) for it in told]))
        for name in ("rank", "naive_rank", "like_rank", "naive_like_rank")
    )
    flagged = sum(it.claims for it in null) / max(sum(it.judged for it in null), 1)
    held = float(np.mean([it for one in told for it in one.held]))
    figures = [
        Figure("claims in a world", claims / len(told), "", note="more is better, if true"),
        Figure("false among the claims", 100 * false, "%", most=100 * (0.1 + noise)),
        Figure("claims below 20 deals", sum(it.thin_claims for it in told), "", most=0),
        Figure("ranges that hold, at least", 100 * held, "%", least=92),
        Figure("ranges that hold, at most", 100 * held, "%", most=99),
        Figure("flagged where nothing works", 100 * flagged, "%", most=1),
        Figure("rank correlation", rank, "", least=naive_rank + 0.1, note=f"naive {naive_rank:.2f}"),
        Figure("the same against other content’s gain", like, "", note=f"naive {naive_like:.2f}"),
        Figure("error", 100 * error, "points", most=100 * usual / 3, note=f"naive {100 * usual:.1f}"),
        Figure("top ten truly helpful", 100 * np.mean([it.helpful for it in told]), "%", least=60),
        Figure("top ten paperwork", 100 * np.mean([it.paperwork for it in told]), "%", most=10),
        Figure("ranged of those with 40 deals", 100 * np.mean([it.ranged for it in told]), "%", least=80),
        Figure("import of a world", float(np.mean([it.seconds for it in told])), "s", most=60),
    ]  # fmt: skip
    return show(
        f"Truth: {worlds} worlds from seed {first}, {null_worlds} where nothing works", figures
    )
