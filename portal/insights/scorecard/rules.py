"""What both departments can aim at, over which time, and how far they are. Pure."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

from portal.accounts import policy
from portal.accounts.acts import Act
from portal.accounts.rules import Department, Role
from portal.insights.rules import FEW_DEALS
from portal.usage.rules import midnight

WORDS_MOST, TOKEN_MOST = 300, 40


class Measure(StrEnum):
    """What a goal counts; the value is what the table keeps."""

    REVENUE = "revenue"
    WIN_RATE = "win-rate"
    DEALS_WON = "deals-won"
    ON_TIME = "on-time"  # deliveries of requests kept on time
    ADOPTION = "adoption"


SHARES = frozenset({Measure.WIN_RATE, Measure.ON_TIME, Measure.ADOPTION})
"""Measures whose target is a share in percent."""
COUNT_MOST = Decimal(1_000_000)


class Period(StrEnum):
    """Over how long a goal is counted."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


MONTHS = {Period.MONTH: 1, Period.QUARTER: 3, Period.YEAR: 12}


@dataclass(frozen=True, slots=True)
class Time:
    """Whole days of the company's time zone; `after` is past it."""

    first: date
    after: date

    def moments(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Return when it begins and when it is over."""
        return midnight(self.first, zone), midnight(self.after, zone)

    def months(self) -> list[str]:
        """Return its months as the ledger names them, `2026-11`."""
        day, found = self.first, []
        while day < self.after:
            found.append(f"{day:%Y-%m}")
            day = (day + timedelta(days=31)).replace(day=1)
        return found

    def passed(self, today: date) -> float:
        """Return the share of its days that have begun."""
        days = (self.after - self.first).days
        return min(1.0, max(0.0, ((today - self.first).days + 1) / days))


def time_of(period: Period, day: date) -> Time:
    """Return the month, quarter or year a day is in."""
    length = MONTHS[period]
    month = (day.month - 1) // length * length + 1
    last = month + length - 1
    end = date(day.year, last, monthrange(day.year, last)[1])
    return Time(date(day.year, month, 1), end + timedelta(days=1))


def is_target(measure: Measure, target: Decimal) -> bool:
    """Whether so much can be aimed at: a share of at most 100, a count, money."""
    if target <= 0:
        return False
    if measure in SHARES:
        return target <= 100  # noqa: PLR2004  # per cent
    return measure is Measure.REVENUE or (target <= COUNT_MOST and target == int(target))


def share_of(target: Decimal, reached: Decimal | None) -> float | None:
    """Return how much of a target is reached; more than 1 when it is passed."""
    return None if reached is None else float(reached / target)


def sums_hidden(role: Role, deals: int) -> bool:
    """Whether a sum would tell somebody the value of a deal that is not theirs to see."""
    return deals < FEW_DEALS and not policy.granted(role, Act.FIGURES_SMALL_SUMS)


def may_agree(set_by: str, *, agreed: bool, side: Department | None) -> bool:
    """Whether a goal that a side has set waits for a manager of this side."""
    return side is not None and not agreed and set_by != side.value
