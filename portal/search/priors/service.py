"""Counts use anew, and keeps every asset's priors in arrays, one set a process."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from threading import Lock
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import delete, insert

from portal import clock
from portal.db import db
from portal.library.freshness.rules import Condition
from portal.search.engine import Priors
from portal.search.priors import queries, rules
from portal.search.priors.models import SearchUse
from portal.search.priors.queries import Fact
from portal.search.priors.rules import Floats, Prior, Search

JOB = "search-priors"
BACK = timedelta(days=180)
"""How long ago searches may be that still tell how assets are used."""
EVERY = timedelta(seconds=2)
"""How often a process asks whether anything has changed."""


class Rated(Protocol):
    """What is believed of an asset by its ratings: its stars, and how many people gave them."""

    @property
    def value(self) -> float:
        """The believed mean."""

    @property
    def n(self) -> int:
        """How many people rated it."""


Scores = Callable[[], Mapping[int, Rated]]


# --- use ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Refreshed:
    """How many assets searches tell of, and how likely a hit is opened by its place."""

    searches: int
    assets: int
    places: tuple[float, ...]


def refresh() -> Refreshed:
    """Count the use of assets from searches anew; flushed."""
    now = clock.now()
    shown: list[tuple[int, int, bool]] = []
    people: dict[int, set[int]] = defaultdict(set)
    count = 0
    for it in rules.settled(queries.searches(now - BACK)):
        count += 1
        shown += _hits(it)
        for asset_id in it.opened:
            people[asset_id].add(it.user_id)
    use = rules.use_of(shown)
    there = queries.living(use.assets.tolist())
    rows = [
        {"asset_id": asset_id, "opens": int(opens), "expected": expected, "pull": pull,
         "people": len(people[asset_id]), "counted_at": now}
        for asset_id, opens, expected, pull in zip(
            use.assets.tolist(), use.opens.tolist(), use.expected.tolist(), use.pull.tolist(),
            strict=True,
        )
        if asset_id in there
    ]  # fmt: skip
    db.session.execute(delete(SearchUse))
    if rows:
        db.session.execute(insert(SearchUse), rows)
    db.session.flush()
    return Refreshed(count, len(rows), tuple(use.places.tolist()))


def _hits(it: Search) -> Iterator[tuple[int, int, bool]]:
    for place, asset_id in enumerate(it.shown, start=1):
        if isinstance(asset_id, int):
            yield asset_id, place, asset_id in it.opened


# --- one asset ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Told:
    """The priors of one asset with what they come from; `usual` is the usual rating."""

    fact: Fact
    condition: Condition
    stars: float | None
    raters: int
    usual: float
    factors: Mapping[str, float]


# --- all of them --------------------------------------------------------------------------------


class Known:
    """The priors of all published assets; one a process, called for each search.

    Asked at most every two seconds whether anything has changed, which is much less work than a
    search; made anew when it has, and each day. Nobody waits for another who does: they get what
    was known before.
    """

    def __init__(
        self, scores: Scores, zone: str, every: Callable[[], timedelta] = lambda: EVERY
    ) -> None:
        """Know nothing yet; `zone` says when the company's day begins; `every` 0: trust nothing."""
        self._scores, self._zone, self._every = scores, ZoneInfo(zone), every
        self._lock = Lock()
        self._asked: datetime | None = None
        self._mark: tuple[Any, ...] | None = None
        self._rated: Mapping[int, Rated] = {}
        self._priors: Priors | None = None

    def __call__(self) -> Priors | None:
        """Return the priors of all published assets."""
        now = clock.now()
        if self._asked is None or not timedelta() <= now - self._asked < self._every():
            self._look(now)
        return self._priors

    def told(self, asset_id: int) -> Told | None:
        """Return the priors of one asset with what they come from."""
        fact = queries.fact(asset_id)
        if fact is None:
            return None
        rated = self._scores()
        usual, score = _usual(rated), rated.get(asset_id)
        age = self._age(fact, self._today(clock.now()))
        factors = {
            prior.value: float(each[0])
            for prior, each in _factors([fact], [age], rated, usual).items()
        }
        stars, raters = (score.value, score.n) if score else (None, 0)
        return Told(fact, age.condition, stars, raters, usual, factors)

    def _look(self, now: datetime) -> None:
        if not self._lock.acquire(blocking=self._asked is None):
            return
        try:
            rated, mark = self._scores(), (self._today(now), *queries.state())
            if not self._every() or mark != self._mark or rated is not self._rated:
                self._priors = self._made(rated, self._today(now))
                self._mark, self._rated = mark, rated
            self._asked = now
        finally:
            self._lock.release()

    def _today(self, now: datetime) -> date:
        return now.astimezone(self._zone).date()

    def _age(self, fact: Fact, today: date) -> rules.Age:
        published = fact.published_at
        return rules.age(
            fact.checked_on, self._today(published) if published else None, fact.months, today
        )

    def _made(self, rated: Mapping[int, Rated], today: date) -> Priors:
        found = queries.facts()
        ages = [self._age(fact, today) for fact in found]
        factors = np.ones(len(found))
        for each in _factors(found, ages, rated, _usual(rated)).values():
            factors = factors * each
        codes = np.array([age.facet for age in ages], np.int64)
        groups = np.array([fact.id for fact in found], np.int64)
        return Priors(groups, factors, {"freshness": (codes, rules.FRESHNESS)})


def _usual(rated: Mapping[int, Rated]) -> float:
    return sum(it.value for it in rated.values()) / len(rated) if rated else 0.0


def _factors(
    found: Sequence[Fact], ages: Sequence[rules.Age], rated: Mapping[int, Rated], usual: float
) -> dict[Prior, Floats]:
    """Return the factors of assets by each prior."""
    stars = [rated[fact.id].value if fact.id in rated else usual for fact in found]
    checks = [
        rules.verified_lean(age.condition, disputed=fact.disputed)
        for fact, age in zip(found, ages, strict=True)
    ]
    leans = {
        Prior.RATING: rules.rating_lean(np.array(stars), usual),
        Prior.USE: rules.use_lean(np.array([1.0 if f.pull is None else f.pull for f in found])),
        Prior.FRESH: np.array([age.lean for age in ages]),
        Prior.VERIFIED: np.array(checks),
    }
    return {prior: rules.factor(prior, lean) for prior, lean in leans.items()}
