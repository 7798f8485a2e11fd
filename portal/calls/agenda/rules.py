"""When a repeated meeting takes place next, and which deal a meeting is about: pure."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from portal.markup import fold

FILE_MOST = 1_000_000
EVENTS_MOST, SERIES_MOST = 2000, 300
BEHIND, BEFORE = timedelta(days=14), timedelta(days=365)
"""Meetings this long ago up to this far ahead are taken."""
REPEATED = timedelta(days=30)
"""Of a meeting that is repeated, those of the next days."""
COUNTED = 3700
"""Days over which repetitions are counted, ten years."""
NAME_LEAST = 3
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True, slots=True)
class Event:
    """A meeting of a calendar; `words` are folded, to look for names in, and are not kept."""

    uid: str
    at: datetime
    title: str
    words: str
    off: bool = False


@dataclass(frozen=True, slots=True)
class Repeat:
    """A rule by which a meeting is repeated, as far as we follow it."""

    every: str
    interval: int = 1
    count: int | None = None
    until: datetime | None = None
    days: tuple[tuple[int, int], ...] = ()  # (which of the month, weekday); 0: each
    month_days: tuple[int, ...] = ()


def uid_of(uid: str, occurrence: datetime | None = None) -> str:
    """Return what a meeting is known by: nothing of what a calendar put into its name is kept."""
    when = occurrence.astimezone(UTC).isoformat() if occurrence else ""
    return hashlib.sha256(f"{uid}#{when}".encode("utf-8", "replace")).hexdigest()


def _numbers(values: Iterable[object]) -> tuple[int, ...]:
    return tuple(int(str(value)) for value in values)


def repeat_of(rule: Mapping[str, Sequence[object]], until: datetime | None) -> Repeat:
    """Read a rule; its keys are those of iCalendar, each with a list of values.

    Raises:
        ValueError: when a number is none.
    """
    first = {key.upper(): list(values) for key, values in rule.items()}
    place = _numbers(first.get("BYSETPOS", ()))
    days = []
    for value in map(str, first.get("BYDAY", ())):
        number = int(value[:-2]) if value[:-2] else (place[0] if len(place) == 1 else 0)
        days.append((number, _DAYS.index(value[-2:].upper())))
    return Repeat(
        every=str(first.get("FREQ", [""])[0]).upper(),
        interval=max(1, _numbers(first.get("INTERVAL", [1]))[0]),
        count=_numbers(first["COUNT"])[0] if first.get("COUNT") else None,
        until=until,
        days=tuple(days),
        month_days=_numbers(first.get("BYMONTHDAY", ())),
    )


def _last_of(day: date) -> int:
    return ((day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)).day


def _in_month(rule: Repeat, first: date, day: date) -> bool:
    last = _last_of(day)
    if rule.month_days:
        return day.day in rule.month_days or day.day - last - 1 in rule.month_days
    for number, weekday in rule.days:
        places = {0, (day.day - 1) // 7 + 1, -((last - day.day) // 7 + 1)}
        if weekday == day.weekday() and number in places:
            return True
    return not rule.days and day.day == first.day


def falls_on(rule: Repeat, first: date, day: date) -> bool:
    """Whether a meeting first held on a day is held on another."""
    if day == first:
        return True
    weekdays = {weekday for _, weekday in rule.days}
    months = (day.year - first.year) * 12 + day.month - first.month
    if rule.every == "DAILY":
        fits = (day - first).days % rule.interval == 0
        return fits and (not weekdays or day.weekday() in weekdays)
    if rule.every == "WEEKLY":
        begin = first - timedelta(days=first.weekday())
        fits = (day - begin).days // 7 % rule.interval == 0
        return fits and day.weekday() in (weekdays or {first.weekday()})
    if rule.every == "MONTHLY":
        return months % rule.interval == 0 and _in_month(rule, first, day)
    if rule.every == "YEARLY":
        same = (day.month, day.day) == (first.month, first.day)
        return same and (day.year - first.year) % rule.interval == 0
    return False


def times_of(start: datetime, rule: Repeat, now: datetime) -> list[datetime]:
    """Return when a repeated meeting takes place in the days ahead, at its own time of day.

    It is looked at day by day: no rule, however odd, takes longer than the days counted.
    """
    end = (now + REPEATED).astimezone(start.tzinfo).date()
    first = start.date()
    day = first if rule.count else max(first, now.astimezone(start.tzinfo).date())
    found, number = [], 0
    for _ in range(COUNTED):
        if day > end or (rule.count is not None and number >= rule.count):
            break
        if falls_on(rule, first, day):
            number += 1
            at = datetime.combine(day, start.time(), start.tzinfo)
            if rule.until is not None and at > rule.until:
                break
            if at >= now:
                found.append(at)
        day += timedelta(days=1)
    return found


def is_wanted(at: datetime, now: datetime) -> bool:
    """Whether a single meeting is near enough to be a call."""
    return now - BEHIND <= at <= now + BEFORE


@dataclass(frozen=True, slots=True)
class Known:
    """A deal as a meeting may name it: by its name or its customer's."""

    id: int
    names: tuple[str, ...]
    is_mine: bool


def names_of(*names: str) -> tuple[str, ...]:
    """Return names as they are looked for; very short ones would be found everywhere."""
    return tuple(key for name in names if len(key := fold(name)) >= NAME_LEAST)


def deal_of(words: str, deals: Collection[Known]) -> int | None:
    """Return the deal a meeting is about: the longest name found; None when several fit as well."""
    padded, best, found = f" {words} ", 0, []
    for deal in deals:
        longest = max((len(name) for name in deal.names if f" {name} " in padded), default=0)
        if longest > best:
            best, found = longest, [deal]
        elif longest and longest == best:
            found.append(deal)
    mine = [deal for deal in found if deal.is_mine]
    for group in (found, mine):
        if len(group) == 1:
            return group[0].id
    return None
