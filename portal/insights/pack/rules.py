"""Weeks and months a pack is about, when one goes out by itself, what is to be decided. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from portal.accounts import policy
from portal.accounts.acts import Act
from portal.accounts.rules import Role
from portal.usage.rules import midnight

WORDS_MOST, MINUTES_MOST, TOKEN_MOST = 300, 20_000, 40
EARLIEST = date(2000, 1, 3)
"""The first Monday of this century: no pack is about an earlier day."""
DAYS_LATE = 3
"""So many days a pack that should go out by itself is made up for."""
WEEK = timedelta(days=7)


class Kind(StrEnum):
    """How long a time a pack is about."""

    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Span:
    """A week from Monday, or a month: whole days of the company's time zone; `after` is past it."""

    kind: Kind
    first: date
    after: date

    @property
    def last(self) -> date:
        """The last day."""
        return self.after - timedelta(days=1)

    def moments(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Return when it begins and when it is over; a week of 23 or 25 hours' days included."""
        return midnight(self.first, zone), midnight(self.after, zone)

    def is_over(self, today: date) -> bool:
        """Whether all its days have passed."""
        return today >= self.after


def span_of(kind: Kind, day: date) -> Span:
    """Return the week or month a day is in."""
    if kind is Kind.WEEK:
        first = day - timedelta(days=day.weekday())
        return Span(kind, first, first + WEEK)
    first = day.replace(day=1)
    return Span(kind, first, (first + timedelta(days=31)).replace(day=1))


def before(span: Span) -> Span:
    """Return the one before."""
    return span_of(span.kind, span.first - timedelta(days=1))


def following(span: Span) -> Span:
    """Return the one after."""
    return span_of(span.kind, span.after)


def latest(kind: Kind, today: date) -> Span:
    """Return the last one that is over: what a meeting today looks at."""
    return before(span_of(kind, today))


def read(kind: str, first: str, today: date) -> Span | None:
    """Return what an address names; None unless it is a week's or month's first day, and began."""
    try:
        day = date.fromisoformat(first)
        span = span_of(Kind(kind), day)
    except (ValueError, OverflowError):
        return None
    good = span.first == day and f"{day}" == first and EARLIEST <= day <= today
    return span if good else None


def goes_out(kind: Kind, today: date, *, switched_on: date | None, is_sent: bool) -> Span | None:
    """Return the pack that is to go out by itself today, if one is.

    It does on the first day after its time, or up to three days later when the worker stood still;
    not one whose time was over before it was switched on.
    """
    span = latest(kind, today)
    if is_sent or switched_on is None or switched_on > span.after:
        return None
    return span if today - span.after < timedelta(days=DAYS_LATE) else None


def may_write(role: Role) -> bool:
    """Whether somebody may write minutes and actions: marketers, managers and admins."""
    return policy.granted(role, Act.PACK_WRITE)


def may_send(role: Role) -> bool:
    """Whether somebody may send a pack, and have packs go out by themselves."""
    return policy.granted(role, Act.PACK_SEND)


# --- figures -----------------------------------------------------------------------------------

GAP_PEOPLE = 2
"""What so many people looked for in vain is worth a decision."""


@dataclass(frozen=True, slots=True)
class Vain:
    """What was looked for in vain: as most wrote it, how often, by how many people."""

    query: str
    times: int
    people: int


def in_vain(rows: Iterable[tuple[str, str, int | None, int]]) -> list[Vain]:
    """Put together searches that are the same but for letter case and accents.

    Args:
        rows: what makes queries the same, the query, who (None: forgotten), how often.
    """
    found: dict[str, dict[str, int]] = {}
    people: dict[str, set[int]] = {}
    for key, query, user_id, times in rows:
        if not key:
            continue
        spelt = found.setdefault(key, {})
        spelt[query] = spelt.get(query, 0) + times
        people.setdefault(key, set()).update({user_id} - {None})  # type: ignore[arg-type]
    vain = [
        Vain(
            min(spelt, key=lambda query: (-spelt[query], query)),
            sum(spelt.values()),
            len(people[key]),
        )
        for key, spelt in found.items()
    ]
    return sorted(vain, key=lambda it: (-it.people, -it.times, it.query))


class Decision(StrEnum):
    """What a meeting has to decide about."""

    HURTS = "hurts"
    CONTRADICTION = "contradiction"
    OVERDUE = "overdue"
    DECLINED = "declined"
    GAP = "gap"
    STALE = "stale"


def decisions(facts: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return what is to be decided, by the other facts of a pack; the gravest first."""
    found: list[dict[str, Any]] = [
        {"what": Decision.HURTS.value, "asset": it["asset"]} for it in facts["hurting"]
    ]
    counted = (
        (Decision.CONTRADICTION, facts["contradictions"]),
        (Decision.OVERDUE, sum(side["count"] for side in facts["overdue"].values())),
    )
    found += [{"what": what.value, "count": count} for what, count in counted if count]
    found += [
        {"what": Decision.DECLINED.value, "number": it["number"], "title": it["title"]}
        for it in facts["declined"]
    ]
    found += [
        {"what": Decision.GAP.value, "query": it["query"], "people": it["people"]}
        for it in facts["vain"]["items"]
        if it["people"] >= GAP_PEOPLE
    ]
    if facts["stale"]["used"]:
        found.append({"what": Decision.STALE.value, "count": facts["stale"]["used"]})
    return found
