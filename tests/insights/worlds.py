"""Seeded worlds of deals and content with PLANTED truth: what each asset does to the chance of winning.

A deal goes through five stages; in every week it may leave its stage, forward or lost. Planted:
  * an asset's first use on a deal adds `beta` to the log-odds of going FORWARD at each later exit
  * use depends on the stage: late assets are only used on deals that survived so far
  * paperwork: once the buyer has said yes, the deal is closed 0-3 weeks later; contracts are used
    then, and after the close onboarding: neither has any effect
  * cold lag: once the buyer has said no, nothing is used and the deal is closed 0-8 weeks later
  * better reps win more AND use more; some assets are the favourites of better or weaker reps
  * battlecards follow the competitor, and competitors (segments, products, size) change the chance
  * hidden health of a deal changes its chance; with `gamma` its use as well, with `hot` the choice
  * bundles: an asset pulls its partner along in the same week; a few assets are used most
  * the youngest deals are still open
Pure Python and NumPy: about two seconds for 8,800 deals.
"""

import math
from bisect import bisect_left
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

STAGES = ("Qualify", "Discovery", "Evaluation", "Proposal", "Negotiation")
TYPES = ("intro", "case", "battlecard", "faq", "proposal kit", "contract", "onboarding")
BATTLECARD, CONTRACT, ONBOARDING = 2, 5, 6
SEGMENTS, REGIONS, PRODUCTS, COMPETITORS = 3, 4, 4, 6
AFTER = len(STAGES)
"""The stage of what is used after the close."""
#            qual disc eval prop nego
FITS = np.array([
    [1.00, 0.50, 0.15, 0.05, 0.03],
    [0.15, 0.80, 1.00, 0.50, 0.15],
    [0.10, 0.60, 1.00, 0.60, 0.20],
    [0.20, 0.60, 0.80, 0.60, 0.40],
    [0.01, 0.05, 0.20, 1.00, 0.50],
    [0.00, 0.00, 0.02, 0.25, 1.00],
    [0.00, 0.00, 0.01, 0.05, 0.50],
])  # fmt: skip
SHARES = np.array([0.18, 0.25, 0.18, 0.20, 0.10, 0.05, 0.04])
FORWARD = (0.75, 0.75, 0.85, 1.00, 1.25)
"""Log-odds of going forward when a stage is left, by stage."""
LEAVING = (0.50, 0.40, 0.33, 0.36, 0.40)
"""Chance a week of leaving a stage."""
SLOWER = 0.06
"""What each week in a stage takes from the log-odds."""
USING = (0.35, 0.60, 0.80, 0.80, 0.70)
"""Uses a week, by stage, before a rep's and a deal's own rate."""
LOW, HIGH, STEPS, OLDEST = -6.0, 6.0, 1201, 60


@dataclass(frozen=True, slots=True)
class Size:
    """How large a world is; `use` multiplies the uses a week."""

    deals: int
    assets: int
    reps: int
    weeks: int = 130
    use: float = 2.2


SMALL = Size(200, 50, 8, 104, 1.2)
MIDDLE = Size(8_800, 500, 120)
LARGE = Size(100_000, 3_000, 800, use=3.0)


@dataclass(frozen=True)
class World:
    """A world as it came out: a row a deal, an asset, a use; weeks count from the world's begin.

    Of deals: `owner`, `segment`, `region`, `product`, `competitor` (codes), `amount`, `created`
    (week), `entered` (week since created of entering each stage, -1: never), `closed` (weeks since
    created, -1: open), `status` (1 won, 0 lost, -1 open).
    Of uses: `use_deal`, `use_asset`, `use_week` (since created), `use_stage` (AFTER: after the
    close), `use_age` (weeks in the stage), `use_gain` (by how much this use raised the chance of
    winning, 0 for any but the first of its asset on its deal), `use_first`.
    Of assets: `kind` (code of TYPES), `beta` (planted), `truth` (see there).
    """

    size: Size
    seed: int
    owner: np.ndarray
    segment: np.ndarray
    region: np.ndarray
    product: np.ndarray
    competitor: np.ndarray
    amount: np.ndarray
    created: np.ndarray
    entered: np.ndarray
    closed: np.ndarray
    status: np.ndarray
    use_deal: np.ndarray
    use_asset: np.ndarray
    use_week: np.ndarray
    use_stage: np.ndarray
    use_age: np.ndarray
    use_gain: np.ndarray
    use_first: np.ndarray
    kind: np.ndarray
    beta: np.ndarray
    skill: np.ndarray = field(repr=False)
    health: np.ndarray = field(repr=False)

    @cached_property
    def counted(self) -> np.ndarray:
        """Which uses docs/insight.md counts: first ones, of closed deals, not in their last week."""
        closed = self.closed[self.use_deal]
        is_live = (self.use_stage < AFTER) & (self.status[self.use_deal] >= 0)
        return self.use_first & is_live & (self.use_week < closed - 1)

    @cached_property
    def truth(self) -> np.ndarray:
        """Of each asset: the mean gain in the chance of winning (0..1) over its counted uses."""
        asset, gain = self.use_asset[self.counted], self.use_gain[self.counted]
        return np.bincount(asset, gain, minlength=self.size.assets) / np.maximum(self.n, 1)

    @cached_property
    def n(self) -> np.ndarray:
        """Of each asset: how many closed deals count."""
        return np.bincount(self.use_asset[self.counted], minlength=self.size.assets)


def win_table(drift: tuple[float, ...] = (0.0,) * 5) -> np.ndarray:
    """P(won at last | stage, weeks in it, log-odds shift); shape (6, 61, 1201).

    The shift drifts by the average boost a week of content still to come, `drift` by stage, so
    that the planted truth is what an experiment would find.
    """
    grid = np.linspace(LOW, HIGH, STEPS)

    def shifted(row, by):
        return np.interp(grid + by, grid, row)

    found = np.zeros((6, OLDEST + 1, STEPS))
    found[5] = 1.0
    for stage in range(4, -1, -1):
        for age in range(OLDEST, -1, -1):
            forward = 1 / (1 + np.exp(-(FORWARD[stage] + grid - SLOWER * age)))
            leaves = LEAVING[stage] if age < OLDEST else 1.0
            there = leaves * forward * shifted(found[stage + 1, 0], drift[stage])
            if age < OLDEST:
                there += (1 - leaves) * shifted(found[stage, age + 1], drift[stage])
            found[stage, age] = there
    return found


def chance(table, stage, age, eta):
    """Read the table at any shifts (arrays), between its steps."""
    x = np.clip((eta - LOW) / (HIGH - LOW) * (STEPS - 1), 0, STEPS - 1 - 1e-3)
    j = x.astype(int)
    f = x - j
    age = np.minimum(age, OLDEST)
    return table[stage, age, j] * (1 - f) + table[stage, age, j + 1] * f


def simulate(
    size: Size = MIDDLE,
    seed: int = 0,
    *,
    gamma: float = 0.0,
    health: float = 0.5,
    bundle: float = 0.15,
    share_null: float = 0.65,
    scale: float = 1.0,
    paper: float = 0.6,
    cold: float = 2.5,
    hot: float = 0.0,
    confounding: float = 1.0,
) -> World:
    """Return a world.

    `share_null` of the assets have no effect (1.0: a null world), `scale` multiplies effects;
    `gamma` ties hidden health to how much is used, `hot` to which asset is chosen; `paper` is the
    chance a week of paperwork after the yes, `cold` the mean of weeks from no to close;
    `confounding` multiplies what segment, product, competitor and size do to the chance.
    """
    rng = np.random.default_rng(seed)
    deals, skill = _deals(rng, size, health, confounding, gamma)
    assets = _assets(rng, size, deals, share_null=share_null, scale=scale, hot=hot)
    told = _go(rng, size, deals, assets, bundle=bundle, paper=paper, cold=cold)
    use = {name: np.array(told[name]) for name in ("deal", "asset", "week", "stage", "age")}
    first, eta = np.array(told["first"], bool), np.array(told["eta"])
    gain = np.zeros(len(eta))
    drift = tuple(told["boost"] / np.maximum(told["live"], 1))
    ok = first & (use["stage"] < AFTER) & ~np.isnan(eta)
    table = win_table(drift)
    stage, age, before = use["stage"][ok], use["age"][ok], eta[ok]
    raised = before + assets["beta"][use["asset"][ok]]
    gain[ok] = chance(table, stage, age, raised) - chance(table, stage, age, before)
    named = ("owner", "segment", "region", "product", "competitor", "amount", "created")
    return World(
        size=size, seed=seed, **{name: deals[name] for name in named},
        entered=told["entered"], closed=told["closed"], status=told["status"],
        **{f"use_{name}": values for name, values in use.items()},
        use_gain=gain, use_first=first, kind=assets["kind"], beta=assets["beta"], skill=skill,
        health=deals["health"],
    )  # fmt: skip


def _deals(rng, size, sigma, confounding, gamma):
    n = size.deals
    skill = rng.normal(0, 0.35, size.reps)
    weight = rng.gamma(4, 1, size.reps)
    it = {"owner": rng.choice(size.reps, n, p=weight / weight.sum())}
    it["segment"] = rng.choice(SEGMENTS, n, p=[0.5, 0.3, 0.2])
    it["product"], it["region"] = rng.integers(0, PRODUCTS, n), rng.integers(0, REGIONS, n)
    it["competitor"] = rng.choice(COMPETITORS, n, p=[0.35, 0.2, 0.15, 0.12, 0.1, 0.08])
    it["amount"] = np.exp(rng.normal(np.array([9.5, 10.6, 11.7])[it["segment"]], 0.6))
    log = np.log(it["amount"])
    large = (log - log.mean()) / log.std()
    it["created"] = np.sort((size.weeks * rng.beta(1.3, 1, n)).astype(int))
    it["health"] = rng.normal(0, sigma, n)
    quarter = it["created"] // 13
    by_quarter = rng.normal(0, 0.1, quarter.max() + 1)
    by_segment, by_product = np.array([0.10, 0, -0.15]), rng.normal(0, 0.15, PRODUCTS)
    by_competitor = np.array([0.2, 0, -0.1, -0.25, -0.35, 0.1])
    known = by_segment[it["segment"]] + by_product[it["product"]] + by_competitor[it["competitor"]]
    it["eta"] = skill[it["owner"]] + confounding * (known - 0.06 * large) + by_quarter[quarter]
    it["eta"] += it["health"] - 0.05
    pull = gamma * it["health"] / max(sigma, 1e-9)
    it["rate"] = size.use * np.exp(skill[it["owner"]] + 0.12 * large + pull - 0.05)
    it["tier"] = np.digitize(skill, [-0.15, 0.15])[it["owner"]]
    it["third"] = np.digitize(it["health"], np.array([-0.43, 0.43]) * max(sigma, 1e-9))
    return it, skill


def _assets(rng, size, deals, *, share_null, scale, hot):
    n = size.assets
    kind = rng.choice(len(TYPES), n, p=SHARES)
    if (kind == CONTRACT).sum() < 2:
        kind[:2] = CONTRACT
    if not (kind == ONBOARDING).any():
        kind[2] = ONBOARDING
    fame = np.exp(rng.normal(0, 1.1, n))
    fame[kind >= CONTRACT] *= 2.0
    beta, draw, helps = np.zeros(n), rng.random(n), (1 - share_null) * 0.65
    up, down = draw < helps, (draw >= helps) & (draw < 1 - share_null)
    beta[up], beta[down] = rng.uniform(0.1, 0.5, up.sum()), -rng.uniform(0.1, 0.4, down.sum())
    beta *= scale
    beta[kind >= CONTRACT] = 0.0
    against = np.where(kind == BATTLECARD, rng.integers(1, COMPETITORS, n), -1)
    segment = np.where(rng.random(n) < 0.4, rng.integers(0, SEGMENTS, n), -1)
    favour, heat = rng.normal(0, 0.6, n), rng.normal(0, 1, n) * hot
    base = fame * FITS[kind].T * np.exp(rng.normal(0, 0.3, (len(STAGES), n)))
    partner = np.full(n, -1)
    for code in range(len(TYPES)):  # partners are of one type
        own = rng.permutation(np.flatnonzero(kind == code))
        half = len(own) // 2
        partner[own[:half]] = own[half : 2 * half]
    if not hot:
        deals["third"] = np.ones(size.deals, int)
    kept = {}

    def choice(stage, competitor, of_segment, tier, third):
        """The running sums of how likely each asset is reached for."""
        key = (stage, competitor, of_segment, tier, third)
        if key not in kept:
            w = base[stage] * np.where((against >= 0) & (against != competitor), 0.06, 1.0)
            w = w * np.where((segment >= 0) & (segment != of_segment), 0.25, 1.0)
            kept[key] = np.cumsum(
                w * np.exp(favour * (tier - 1) + heat * (third - 1)) + 1e-12
            ).tolist()
        return kept[key]

    return {
        "kind": kind, "beta": beta, "betas": beta.tolist(), "partner": partner.tolist(), "choice": choice,
        "contracts": np.cumsum(np.where(kind == CONTRACT, fame, 0.0)).tolist(),
        "onboarding": np.cumsum(np.where(kind == ONBOARDING, fame, 0.0)).tolist(),
    }  # fmt: skip


class _Told:
    """What is written down while deals go on."""

    def __init__(self, betas):
        self.betas = betas
        self.lists = {n: [] for n in ("deal", "asset", "week", "stage", "age", "first", "eta")}
        self.boost = np.zeros(len(STAGES))

    def use(self, deal, asset, week, stage, age, *, first=False, eta=math.nan):
        for name, value in zip(
            self.lists, (deal, asset, week, stage, age, first, eta), strict=True
        ):
            self.lists[name].append(value)


def _go(rng, size, deals, assets, *, bundle, paper, cold):
    n = size.deals
    told, live = _Told(), np.zeros(len(STAGES))
    entered = np.full((n, len(STAGES)), -1)
    closed, status = np.full(n, -1), np.full(n, -1)
    entered[:, 0] = 0
    random = _Chance(rng)
    columns = ("competitor", "segment", "tier", "third", "eta", "rate", "created")
    facts = zip(*(deals[name].tolist() for name in columns), strict=True)
    for i, (*traits, eta, rate, created) in enumerate(facts):
        it = _Deal(i, traits, eta=eta, rate=rate, random=random, assets=assets, told=told)
        state, left, week = "live", 0, 0
        while week < size.weeks - created:
            if state == "live":
                live[it.stage] += 1
                it.reach_for_content(week, bundle)
                state = it.leave_or_stay()
                if state == "forward":
                    state, entered[i, it.stage] = "live", week + 1
                elif state != "live":
                    left = int(random() * 4) if state == "yes" else min(8, random.poisson(cold))
            else:
                if state == "yes" and random() < paper:
                    it.use(random.one_of(assets["contracts"]), week)
                left -= 1
            week, it.age = week + 1, it.age + 1
            if state != "live" and left <= 0:
                closed[i], status[i] = week, int(state == "yes")
                break
        if status[i] == 1 and random() < 0.5:
            it.stage, it.age = AFTER, 0
            it.use(random.one_of(assets["onboarding"]), week + int(random() * 4))
    return told.lists | {
        "entered": entered, "closed": closed, "status": status, "live": live, "boost": told.boost,
    }  # fmt: skip


class _Told:
    """What is written down while deals go on; `boost`: log-odds added by content, by stage."""

    def __init__(self):
        self.lists = {n: [] for n in ("deal", "asset", "week", "stage", "age", "first", "eta")}
        self.boost = np.zeros(len(STAGES))


class _Deal:
    """A deal on its way; `traits`: competitor, segment, tier of its rep, third of its health."""

    def __init__(self, number, traits, *, eta, rate, random, assets, told):
        self.number, self.traits, self.eta, self.rate = number, traits, eta, rate
        self.random, self.assets, self.told = random, assets, told
        self.stage = self.age = 0
        self.seen = set()

    def use(self, asset, week, eta=math.nan):
        """Write a use down; whether it is the first of the asset."""
        is_first = asset not in self.seen
        values = (self.number, asset, week, self.stage, self.age, is_first, eta)
        for kept, value in zip(self.told.lists.values(), values, strict=True):
            kept.append(value)
        self.seen.add(asset)
        return is_first

    def reach_for_content(self, week, bundle):
        """Use what a week of a live deal asks for; a first use raises or lowers the odds."""
        cdf = self.assets["choice"](self.stage, *self.traits)
        for _ in range(self.random.poisson(USING[self.stage] * self.rate)):
            asset = self.random.one_of(cdf)
            for may_pull in (True, False):
                if self.use(asset, week, self.eta):
                    beta = self.assets["betas"][asset]
                    self.eta += beta
                    self.told.boost[self.stage] += beta
                asset = self.assets["partner"][asset]
                if not (may_pull and asset >= 0 and self.random() < bundle):
                    break

    def leave_or_stay(self):
        """Return what the week ends with: live (it stays), forward, yes or no."""
        if self.random() >= LEAVING[self.stage]:
            return "live"
        odds = FORWARD[self.stage] + self.eta - SLOWER * self.age
        if self.random() >= 1 / (1 + math.exp(-odds)):
            return "no"
        if self.stage == len(STAGES) - 1:
            return "yes"
        self.stage, self.age = self.stage + 1, -1
        return "forward"


class _Chance:
    """Random numbers drawn a block at a time: one by one NumPy is slow."""

    def __init__(self, rng):
        self._rng, self._block = rng, iter(())

    def __call__(self):
        for value in self._block:
            return value
        self._block = iter(self._rng.random(4096).tolist())
        return next(self._block)

    def one_of(self, sums):
        """Return a place, likely by the steps of running sums."""
        return bisect_left(sums, self() * sums[-1])

    def poisson(self, mean):
        """Knuth's way, which is quick for the small means there are."""
        limit, product, count = math.exp(-mean), self(), 0
        while product > limit:
            product *= self()
            count += 1
        return count
