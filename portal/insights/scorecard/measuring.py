"""What was reached of a goal, and how long content takes from asking to use."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from portal.asset_requests.agreement.clocks import Promise
from portal.asset_requests.figures.rules import Asked
from portal.asset_requests.ledger import queries as ledger
from portal.asset_requests.ledger.rules import MEDIAN, NINETY, quantiles
from portal.insights.scorecard import queries
from portal.insights.scorecard.models import SharedGoal
from portal.insights.scorecard.rules import Measure, Period, Time, time_of
from portal.insights.use import queries as use
from portal.insights.use.rules import SMALL, USUAL

CYCLE_DAYS = 90


@dataclass(frozen=True, slots=True)
class Sum:
    """Won revenue in one currency; `valued` of the deals have a value."""

    currency: str
    deals: int
    valued: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Reached:
    """What is reached of a goal: so many of so many, or money; None: nothing can be said yet."""

    time: Time
    value: Decimal | None
    some: int = 0
    of_all: int = 0
    sums: tuple[Sum, ...] = ()


def reached(goal: SharedGoal, now: datetime, zone: ZoneInfo) -> Reached:
    """Measure a goal in the period it is."""
    today = now.astimezone(zone).date()
    time = time_of(Period(goal.period), today)
    measure = Measure(goal.measure)
    if measure is Measure.REVENUE:
        return _revenue(goal.currency, time, zone)
    some, of_all = _counts(measure, time, now, zone)
    if measure is Measure.DEALS_WON:
        return Reached(time, Decimal(some), some, some)
    return Reached(time, Decimal(100 * some) / of_all if of_all else None, some, of_all)


def _counts(measure: Measure, time: Time, now: datetime, zone: ZoneInfo) -> tuple[int, int]:
    if measure is Measure.ADOPTION:
        adoption = use.adoption(use.basis(USUAL, zone.key), zone.key)
        return (adoption.adopted, adoption.people) if adoption.people >= SMALL else (0, 0)
    if measure is Measure.ON_TIME:
        months = set(time.months())
        found = [
            (kept, late)
            for month, promise, kept, late in ledger.months(now)
            if month in months and promise == Promise.DELIVER.value
        ]
        return sum(kept for kept, _ in found), sum(kept + late for kept, late in found)
    won, lost = queries.decided(*time.moments(zone))
    return won, won + lost


def _revenue(currency: str, time: Time, zone: ZoneInfo) -> Reached:
    sums = tuple(
        Sum(code, deals, valued, Decimal(amount or 0))
        for code, deals, valued, amount in queries.won(*time.moments(zone))
    )
    own = next((it for it in sums if it.currency == currency), Sum(currency, 0, 0, Decimal(0)))
    others = tuple(it for it in sums if it.currency != currency)
    return Reached(time, own.amount, own.deals, own.deals, (own, *others))


# --- from asking to use --------------------------------------------------------------------------

Between = tuple[int | None, int | None]
"""Seconds within which half and nine in ten were done; None: too many are not, to tell."""


@dataclass(frozen=True, slots=True)
class Cycle:
    """How long content takes: asked to delivered, delivered to first used, and the whole of it."""

    asked: int
    delivered: int
    used: int
    to_deliver: Between
    to_use: Between
    whole: Between


def cycle(found: Sequence[Asked], now: datetime) -> Cycle:
    """Measure requests; what is not done yet has lasted until now at least (Kaplan and Meier).

    What was settled without a delivery stops to be waited for then.
    """
    delivered = [it for it in found if it.delivered_at is not None]
    return Cycle(
        asked=len(found),
        delivered=len(delivered),
        used=sum(it.used_at is not None for it in delivered),
        to_deliver=_between(found, lambda it: it.asked_at, lambda it: it.delivered_at, now),
        to_use=_between(delivered, lambda it: it.delivered_at, lambda it: it.used_at, now),
        whole=_between(found, lambda it: it.asked_at, lambda it: it.used_at, now),
    )


Moment = Callable[[Asked], datetime | None]


def _between(found: Sequence[Asked], first: Moment, last: Moment, now: datetime) -> Between:
    times = []
    for it in found:
        start, end = first(it), last(it)
        if start is None:
            continue
        waits_until = it.settled_at if it.is_settled and it.delivered_at is None else now
        lasted = (end or waits_until) - start
        times.append((max(0, int(lasted / timedelta(seconds=1))), end is not None))
    half, ninety = quantiles(times, (MEDIAN, NINETY))
    return half, ninety


def months_before(today: date, count: int) -> list[str]:
    """Return the last months up to this one, the oldest first, `2026-11`."""
    day, found = today.replace(day=1), []
    for _ in range(count):
        found.append(f"{day:%Y-%m}")
        day = (day - timedelta(days=1)).replace(day=1)
    return found[::-1]
