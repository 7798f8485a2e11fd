"""Tracks of a timeline, and days of use summed to weeks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

WEEKS = 53
"""How many weeks back the use of an asset is shown: a year."""


class Track(StrEnum):
    """What of a timeline is shown."""

    TEXTS = "texts"
    REVIEW = "review"
    FACTS = "facts"
    USE = "use"


ACTIONS: Mapping[Track, frozenset[str]] = {
    Track.TEXTS: frozenset({"create", "save"}),
    Track.REVIEW: frozenset(
        {
            "submit",
            "send-back",
            "publish",
            "discard",
            "unpublish",
            "retire",
            "restore",
            "schedule",
            "comment",
        }
    ),
}
"""The actions of two tracks; whatever else happens to an asset is about its facts."""


@dataclass(frozen=True, slots=True)
class Week:
    """How often an asset was viewed and copied from in the week that begins on a Monday."""

    monday: date
    views: int
    copies: int

    @property
    def last(self) -> date:
        """The Sunday it ends on."""
        return self.monday + timedelta(days=6)


def weekly(days: Iterable[tuple[date, int, int]]) -> list[Week]:
    """Sum (day, views, copies) to weeks, the latest first; weeks without use are left out."""
    sums: dict[date, tuple[int, int]] = {}
    for day, views, copies in days:
        monday = day - timedelta(days=day.weekday())
        before = sums.get(monday, (0, 0))
        sums[monday] = (before[0] + views, before[1] + copies)
    return [
        Week(monday, views, copies)
        for monday, (views, copies) in sorted(sums.items(), reverse=True)
        if views or copies
    ]
