"""When an asset has to be checked again: intervals, calendar months, states, weeks; all pure."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from portal.library.rules import Kind

SOON = 7
"""Days before a check is due from which it is due soon."""
LEAST, MOST = 1, 60
"""Months an interval can have."""
EARLIEST = date(2000, 1, 1)
"""No asset was checked before."""

DEFAULTS: dict[Kind, int] = {
    Kind.BATTLECARD: 1,
    Kind.CASE_STUDY: 12,
    Kind.COMPARISON: 3,
    Kind.FAQ: 6,
    Kind.ONE_PAGER: 6,
    Kind.PLAYBOOK: 6,
    Kind.PRODUCT_SHEET: 6,
    Kind.PRICING_POLICY: 3,
    Kind.EMAIL_TEMPLATE: 6,
    Kind.GUIDE: 12,
    Kind.DECK: 6,
    Kind.VIDEO: 12,
}
"""Months between two checks, until a manager sets others."""


class Condition(StrEnum):
    """How far an asset is from the day of its next check."""

    FRESH = "fresh"
    SOON = "soon"
    TODAY = "today"
    OVERDUE = "overdue"
    NEVER = "never"  # nobody has ever checked it


@dataclass(frozen=True, slots=True)
class Freshness:
    """When an asset was checked, when the next check is due, and what that means today.

    `days` counts from today to that day, or from that day to today when it is past.
    """

    condition: Condition
    checked_on: date | None
    due_on: date | None
    days: int

    @property
    def is_due(self) -> bool:
        """Whether somebody should look at it now."""
        return self.condition in {Condition.TODAY, Condition.OVERDUE, Condition.NEVER}


def add_months(day: date, months: int) -> date:
    """Return the same day some calendar months later; the last of a month when it has no such day.

    31 January and a month is 28 or 29 February. Never later than the last day there is.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def checked_by(due: date, months: int) -> date:
    """Return the last day which, some calendar months later, is not after `due`.

    `add_months(day, months) <= due` exactly when `day <= checked_by(due, months)`: databases, which
    know no calendar months, compare days with this one.
    """
    year, month = divmod(due.year * 12 + due.month - 1 - months, 12)
    if year < date.min.year:
        return date.min
    last = monthrange(year, month + 1)[1]
    is_end = due.day == monthrange(due.year, due.month)[1]
    return date(year, month + 1, last if is_end else min(due.day, last))


def freshness(checked_on: date | None, months: int, today: date) -> Freshness:
    """Return how fresh an asset is that is checked every so many months."""
    if checked_on is None:
        return Freshness(Condition.NEVER, None, None, 0)
    due = add_months(checked_on, months)
    days = (due - today).days
    if days < 0:
        condition = Condition.OVERDUE
    elif days == 0:
        condition = Condition.TODAY
    else:
        condition = Condition.SOON if days <= SOON else Condition.FRESH
    return Freshness(condition, checked_on, due, abs(days))


class Unit(StrEnum):
    """What a length of time is told in."""

    DAYS = "days"
    MONTHS = "months"
    YEARS = "years"


def since(day: date, today: date) -> tuple[int, Unit]:
    """Return how long ago a day was, in the unit people would say it in."""
    months = (today.year - day.year) * 12 + today.month - day.month
    if months > 0 and add_months(day, months) > today:
        months -= 1
    if months <= 0:
        return max(0, (today - day).days), Unit.DAYS
    return (months, Unit.MONTHS) if months < 24 else (months // 12, Unit.YEARS)  # noqa: PLR2004  # two years


def week_of(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def is_interval(months: int | None) -> bool:
    """Whether an interval can be set to so many months; None, an asset's own: as its kind."""
    return months is None or LEAST <= months <= MOST
