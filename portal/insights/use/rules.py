"""What counts as use by what, which groups are too small to show, what rises and what is new."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate
from math import sqrt
from statistics import median
from typing import Any

from portal.markup import fold

WINDOWS = (7, 30, 90, 365)
"""Days a page can look back over; twice as many are kept, to compare with the time before."""
SPANS = tuple(sorted({*WINDOWS, *(2 * days for days in WINDOWS)}))
USUAL = 30
COHORT_WEEKS = 4
COHORT_LEAST = 2
NEW_DAYS = 30
SMALL = 3
"""Figures of fewer people than this would tell on somebody."""
WEEKLY_FROM = 91
"""From so many days on a chart shows weeks."""
HOT_USES = 5
HOT_RISE = 2.0
"""How many standard errors a rise must be above the time before."""


class Dim(StrEnum):
    """What use is counted by, as it is kept."""

    ALL = "*"
    ASSET = "a"
    KIND = "k"
    LANGUAGE = "l"
    STAGE = "s"
    PERSON = "p"
    WEEK = "w"  # of a person: key is the person, day the week's Monday


class By(StrEnum):
    """What a table can be by."""

    ASSET = "asset"
    KIND = "kind"
    TEAM = "team"
    PERSON = "person"
    LANGUAGE = "language"
    STAGE = "stage"
    DAY = "day"


WORDS = {By.KIND: Dim.KIND, By.LANGUAGE: Dim.LANGUAGE, By.STAGE: Dim.STAGE}
"""What of these is kept by words."""


class Listing(StrEnum):
    """Lists of assets that ask for something to be done."""

    HOT = "hot"
    NEVER_SHOWN = "never-shown"
    NOT_OPENED = "not-opened"
    NOT_USED = "not-used"
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class Counts:
    """How something was used: times, and different people."""

    views: int = 0
    people: int = 0
    copies: int = 0
    downloads: int = 0
    prints: int = 0
    opens: int = 0
    shown: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        """Return both together; people only if they are different ones."""
        return Counts(  # one by one: tens of thousands a page
            self.views + other.views,
            self.people + other.people,
            self.copies + other.copies,
            self.downloads + other.downloads,
            self.prints + other.prints,
            self.opens + other.opens,
            self.shown + other.shown,
        )

    @property
    def taken(self) -> int:
        """How often it was more than looked at: copied, downloaded or printed."""
        return self.copies + self.downloads + self.prints

    @property
    def uses(self) -> int:
        """Every use: views, copies, downloads and prints."""
        return self.views + self.taken


NOTHING = Counts()


def read_window(raw: str | None) -> int:
    """Return the days asked for; 30 when it is none of ours."""
    return next((days for days in WINDOWS if str(days) == raw), USUAL)


def monday(day: int) -> int:
    """Return the Monday of a day, both counted from 1970 (a Thursday)."""
    return day - (day + 3) % 7


def firsts(today: int) -> dict[int, int]:
    """Return the first day of each span that ends today."""
    return {days: today - days + 1 for days in SPANS}


# --- groups too small to show ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Group:
    """People who belong together, how many they are, and their use."""

    key: int
    name: str
    members: int
    counts: Counts


@dataclass(frozen=True, slots=True)
class Shown:
    """Groups that may be shown, and the others as one; `others` is None when there are none."""

    groups: tuple[Group, ...]
    others: Group | None


@dataclass(frozen=True, slots=True)
class Member:
    """A person and their team, as they are now."""

    id: int
    name: str
    team_id: int | None
    team: str | None
    active: bool
    email: str


def groups(found: Mapping[int, Counts], people: Iterable[Member], no_team: str) -> list[Group]:
    """Return the teams of today with the use of their people; whoever has none is a group, too."""
    names: dict[int, str] = {}
    members: dict[int, int] = {}
    counts: dict[int, Counts] = {}
    for person in people:
        team = person.team_id or 0
        names[team] = person.team or no_team
        use = found.get(person.id, NOTHING)
        if person.active or use.uses:
            members[team] = members.get(team, 0) + 1
            counts[team] = counts.get(team, NOTHING) + use
    return [Group(key, names[key], n, counts[key]) for key, n in sorted(members.items())]


def _tells(group: Group) -> bool:
    """Whether a group's figures would tell what one or two people did."""
    return group.members < SMALL or 0 < group.counts.people < SMALL


def _together(groups: Iterable[Group]) -> Group:
    """Return groups as one."""
    found = list(groups)
    counts = sum((it.counts for it in found), NOTHING)
    return Group(-1, "", sum(it.members for it in found), counts)


def without_small(groups: Sequence[Group], known: Collection[int] = ()) -> Shown:
    """Hide groups of fewer than three people, so that no subtraction from a total finds them.

    What is hidden is shown as one group. Whoever knows the groups `known` (their own) takes them
    off it as well: what is left without any of them must be two groups and three people, or
    nobody. Until it is so, the smallest group still shown is hidden, too.
    """
    hidden = [it for it in groups if _tells(it)]
    shown = sorted(
        (it for it in groups if not _tells(it)), key=lambda it: (it.counts.people, it.key)
    )
    while hidden and shown and not _safe(hidden, known):
        hidden.append(shown.pop(0))
    kept = {it.key for it in shown}
    if hidden and not _safe(hidden, known):
        return Shown((), None)  # not even together: the total stands for all of them
    return Shown(
        tuple(it for it in groups if it.key in kept), _together(hidden) if hidden else None
    )


def _safe(hidden: Sequence[Group], known: Collection[int]) -> bool:
    rest = [it for it in hidden if it.key not in known]
    if not rest:
        return True  # it is their own, and nobody else's
    together = _together(rest)
    return len(rest) > 1 and together.members >= SMALL and together.counts.people >= SMALL


# --- rising, new, adopted -------------------------------------------------------------------------


def rise(now: int, before: int) -> float:
    """Return how far a count is above the one before, in standard errors of their difference."""
    return (now - before) / sqrt(now + before) if now + before else 0.0


def is_hot(now: Counts, before: int) -> bool:
    """Whether an asset's use rises: enough of it, by more than one person's whim or chance."""
    return now.uses >= HOT_USES and now.people >= SMALL and rise(now.uses, before) >= HOT_RISE


def change(now: int, before: int) -> int | None:
    """Return by how many percent a count has changed; None when there was nothing before."""
    return round(100 * (now - before) / before) if before else None


def running(per_day: Iterable[int]) -> list[int]:
    """Return how much it is together up to each day."""
    return list(accumulate(per_day))


def usual_start(starts: Sequence[Sequence[int]]) -> list[float]:
    """Return the median of what new assets had reached on each of their first days."""
    return [median(days) for days in zip(*map(running, starts), strict=True)] if starts else []


@dataclass(frozen=True, slots=True)
class Adoption:
    """Of how many people how many used something in enough weeks, and in each of them."""

    people: int
    adopted: int
    per_week: tuple[tuple[int, int], ...]


def last_weeks(today: int) -> tuple[int, ...]:
    """Return the Mondays of the last four weeks that are over, the first one first."""
    this = monday(today)
    return tuple(this - 7 * n for n in range(COHORT_WEEKS, 0, -1))


def adoption(cohort: Collection[int], used: Mapping[int, Collection[int]], today: int) -> Adoption:
    """Return who of a cohort used something in at least two of the last four weeks.

    Args:
        cohort: those who could sign in all the while; the denominator, whoever did what.
        used: person → Mondays of the weeks in which they used something.
        today: by which the weeks are over.
    """
    weeks = last_weeks(today)
    people, these = set(cohort), set(weeks)
    seen = [these.intersection(found) for person, found in used.items() if person in people]
    times = Counter(week for found in seen for week in found)
    return Adoption(
        people=len(people),
        adopted=sum(len(found) >= COHORT_LEAST for found in seen),
        per_week=tuple((week, times[week]) for week in weeks),
    )


# --- the order of a table -------------------------------------------------------------------------


def in_order(rows: Sequence[Mapping[str, Any]], key: str, *, up: bool) -> list[Mapping[str, Any]]:
    """Return the rows of a table sorted by a column; what is empty comes last either way."""
    there = [row for row in rows if row.get(key) is not None]
    empty = [row for row in rows if row.get(key) is None]
    return sorted(there, key=lambda row: _sortable(row[key]), reverse=not up) + empty


def _sortable(value: Any) -> Any:  # noqa: ANN401  # all cells of a column are of one kind
    return fold(value) if isinstance(value, str) else value
