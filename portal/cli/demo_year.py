"""A simulated year of an invented vendor: deals, uses, calls, with planted effects. Pure, seeded.

Nothing of it happened. A deal goes through stages; in each week content is used, and the deal may
leave its stage, forward or lost. An asset's first use on a deal adds what is planted for it to the
log-odds of going forward from then on. Papers are only used once the customer has said yes.
"""

import math
import random
from bisect import bisect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

WEEKS, DEALS, SEED = 52, 800, 20_26
STAGES = ("discovery", "demo", "evaluation", "proposal", "negotiation")
FORWARD = (0.85, 1.0, 0.95, 1.1, 1.35)
"""Log-odds of going forward when a stage is left, by stage."""
LEAVING = (0.62, 0.55, 0.48, 0.50, 0.55)
"""Chance a week of leaving a stage."""
USING = (2.0, 3.0, 3.4, 3.2, 2.2)
"""Uses a week, by stage."""
COMPETITORS = {"": 0.25, "kestrel": -0.25, "nordhaul": 0.0, "stokkio": -0.1}
LOSSES = ("price", "feature", "timing", "contact", "trust", "budget")
SEGMENTS = {"small": 12, "middle": 45, "large": 120}
"""How much is sold to a segment, in thousands."""
KINDS = {0: "discovery", 1: "demo", 2: "follow-up", 3: "negotiation", 4: "negotiation"}
PRODUCTS = ("warehouse", "warehouse", "warehouse", "routes", "gate", "returns")


@dataclass(frozen=True, slots=True)
class Material:
    """An asset that is there: what it is about, in which languages."""

    slug: str
    stages: frozenset[str]
    competitors: frozenset[str]
    products: frozenset[str]
    industries: frozenset[str]
    languages: frozenset[str]


@dataclass(frozen=True, slots=True)
class Use:
    """An asset was used on a deal; `at` counts weeks from the year's begin."""

    slug: str
    language: str
    at: float
    stage: str
    copied: bool


@dataclass(frozen=True, slots=True)
class Talk:
    """A call: when, at which stage, how it went, what was used with how many stars (0: unrated)."""

    at: float
    stage: int
    went_well: bool
    rated: Sequence[tuple[str, str, int]]
    heard: bool


@dataclass(slots=True)
class Told:
    """A deal as it went; times in weeks from the year's begin, `outcome` is open while it lasts."""

    team: int
    owner: str
    account: str
    industry: str
    segment: str
    employees: int
    product: str
    competitor: str
    amount: int
    created: float
    health: float
    entered: list[tuple[str, float]] = field(default_factory=list)
    outcome: str = "open"
    closed: float = 0.0
    reason: str = ""
    uses: list[Use] = field(default_factory=list)
    calls: list[Talk] = field(default_factory=list)


def simulate(plan: Mapping[str, Any], materials: Sequence[Material]) -> list[Told]:
    """Return the year's deals, the same for the same plan and materials, in order of creation."""
    chance = random.Random(SEED)  # noqa: S311  # a play, no secret
    world = _World(plan, materials, chance)
    starts = sorted(chance.random() * WEEKS for _ in range(DEALS))
    found = [world.deal(at) for at in starts]
    for it in found:
        world.go(it)
    return found


class _World:
    """What does not change while deals go on."""

    def __init__(
        self, plan: Mapping[str, Any], materials: Sequence[Material], chance: random.Random
    ) -> None:
        self.plan, self.chance = plan, chance
        out = {*plan["never"], *plan["paper"]}
        self.live = [it for it in materials if it.slug not in out]
        self.papers = [it for it in materials if it.slug in plan["paper"]]
        self.helps: Mapping[str, float] = plan["helps"]
        self.fame = {it.slug: chance.lognormvariate(0, 0.35) for it in self.live}
        self.fame |= {slug: share for slug, share in plan["rare"].items() if slug in self.fame}
        people = [local for team in plan["teams"] for local in team["people"]]
        self.skill = {local: chance.gauss(0, 0.25) for local in people}
        self._reach: dict[tuple[str, ...], list[float]] = {}

    def deal(self, at: float) -> Told:
        """Return a deal that begins."""
        chance = self.chance
        number = chance.randrange(len(self.plan["teams"]))
        team = self.plan["teams"][number]
        segment = chance.choices(list(SEGMENTS), (5, 3, 2))[0]
        industry = chance.choice(list(team["second"]))
        size = SEGMENTS[segment] * chance.lognormvariate(0, 0.35)
        return Told(
            team=number,
            # those with accounts of the demo have fewer: their lists stay short
            owner=chance.choices(list(team["people"]), (2, 3, 3, 3))[0],
            account=f"{chance.choice(team['first'])} {team['second'][industry]}",
            industry=industry,
            segment=segment,
            employees=10 * round(size * chance.uniform(0.4, 0.9) + 2),
            product=chance.choice(PRODUCTS),
            competitor=chance.choices(list(COMPETITORS), (3, 4, 2, 3))[0],
            amount=team["scale"] * round(size),
            created=at,
            health=chance.gauss(0, 0.3),
        )

    def go(self, deal: Told) -> None:
        """Let a deal go on until it ends, or the year does."""
        chance, at, stage, age = self.chance, deal.created, 0, 0
        odds = self.skill[deal.owner] + COMPETITORS[deal.competitor] + deal.health
        deal.entered.append((STAGES[0], at))
        seen: set[str] = set()
        while at < WEEKS:
            odds += self._week(deal, at, stage, seen)
            at, age = at + 1, age + 1
            if at >= WEEKS or chance.random() >= LEAVING[stage]:
                continue
            forward = chance.random() < 1 / (1 + math.exp(-(FORWARD[stage] + odds - 0.05 * age)))
            if not forward or stage == len(STAGES) - 1:
                self._end(deal, at, won=forward)
                return
            stage, age = stage + 1, 0
            deal.entered.append((STAGES[stage], at))

    def _week(self, deal: Told, at: float, stage: int, seen: set[str]) -> float:
        """Use content in a week of a deal; returns what was added to its log-odds."""
        chance, gain, now = self.chance, 0.0, []
        rate = USING[stage] * math.exp(self.skill[deal.owner])
        for _ in range(_poisson(chance, rate)):
            it = self._choose(deal, STAGES[stage])
            if (when := at + 0.98 * chance.random()) >= WEEKS:
                continue
            now.append(self._use(deal, it, when, STAGES[stage]))
            if it.slug not in seen:
                seen.add(it.slug)
                gain += self.helps.get(it.slug, 0.0)
        if chance.random() < 0.45:  # noqa: PLR2004
            self._talk(deal, at, stage, now)
        return gain

    def _choose(self, deal: Told, stage: str) -> Material:
        language = self.plan["teams"][deal.team]["language"]
        key = (stage, deal.competitor, deal.industry, deal.product, language)
        if key not in self._reach:
            fame = self.fame
            self._reach[key] = list(accumulate(fame[it.slug] * _fit(it, key) for it in self.live))
        sums = self._reach[key]
        return self.live[bisect(sums, self.chance.random() * sums[-1])]

    def _use(self, deal: Told, it: Material, at: float, stage: str) -> Use:
        own = self.plan["teams"][deal.team]["language"]
        language = next((code for code in (own, "en") if code in it.languages), min(it.languages))
        use = Use(it.slug, language, at, stage, self.chance.random() < 0.4)  # noqa: PLR2004
        deal.uses.append(use)
        return use

    def _talk(self, deal: Told, at: float, stage: int, now: Sequence[Use]) -> None:
        chance = self.chance
        used = {use.slug: use for use in now if chance.random() < 0.8}  # noqa: PLR2004
        good = chance.random() < 0.68  # noqa: PLR2004
        rated = [(it.slug, it.language, self._stars(it.slug, good=good)) for it in used.values()]
        if (when := at + 0.98 + 0.02 * chance.random()) >= WEEKS:
            return
        heard = bool(deal.competitor) and chance.random() < 0.12  # noqa: PLR2004
        deal.calls.append(Talk(when, stage, good, rated, heard))

    def _stars(self, slug: str, *, good: bool) -> int:
        """Return how an asset is rated: what people like is not quite what helps."""
        if self.chance.random() < 0.35:  # noqa: PLR2004
            return 0
        liked = 3.6 + 1.2 * self.helps.get(slug, 0.0) + self.plan["loved"].get(slug, 0.0)
        return min(5, max(1, round(self.chance.gauss(liked + (0.3 if good else -0.5), 0.8))))

    def _end(self, deal: Told, at: float, *, won: bool) -> None:
        """End a deal: paperwork after the yes, some weeks of silence after the no."""
        chance = self.chance
        lag = 0.2 + 0.6 * chance.random() if won else 0.3 + chance.expovariate(1 / 1.2)
        deal.closed = at + lag
        if deal.closed >= WEEKS:  # nobody has told the portal yet
            return
        deal.outcome = "won" if won else chance.choices(("lost", "no-decision"), (4, 1))[0]
        for paper in self.papers if won else ():
            if chance.random() < 0.7:  # noqa: PLR2004
                self._use(deal, paper, at + 0.9 * lag * chance.random(), STAGES[-1])
        if not won:
            reasons = ("competitor", *LOSSES) if deal.competitor else LOSSES
            deal.reason = chance.choices(reasons, range(len(reasons) + 1, 1, -1))[0]


def _fit(it: Material, moment: tuple[str, ...]) -> float:
    """Return how likely an asset is reached for: stage, rival, industry, product, language."""
    stage, competitor, industry, product, language = moment
    weight = 1.0 if stage in it.stages else 0.12
    if it.competitors:
        weight *= 2.2 if competitor in it.competitors else 0.15
    if it.industries and industry not in it.industries:
        weight *= 0.3
    if it.products and product not in it.products:
        weight *= 0.4
    return weight * (1.0 if language in it.languages else 0.35)


def _poisson(chance: random.Random, mean: float) -> int:
    """Draw a small count (Knuth’s way)."""
    limit, product, count = math.exp(-mean), chance.random(), 0
    while product > limit:
        product *= chance.random()
        count += 1
    return count
