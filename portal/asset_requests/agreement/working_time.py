"""Working time: how much of it lies between two moments, and when so much of it has passed; pure.

Moments are aware and given back in UTC. A span of working hours lasts from the first moment at
which the clocks on the wall show its beginning, or have passed it, until the first at which they
show its end: an hour that clocks skip is not worked, one they show twice is worked twice.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

Span = tuple[int, int]
"""Working hours of a day: from, to, in minutes since midnight; to may be 1440."""
Week = Sequence[Sequence[Span]]
"""Working hours of Monday to Sunday."""
Pause = tuple[datetime, datetime | None]
"""Time that is not counted; None: it lasts still."""

DAY = timedelta(days=1)
NOTHING = timedelta(0)
SEARCHED = 3660
"""Days looked ahead before it is said that a calendar has no such moment."""


class NeverError(ValueError):
    """So much working time will not have passed within ten years."""


def first_shown(wall: datetime, zone: ZoneInfo) -> datetime:
    """Return the first moment at which clocks in a zone show `wall` (naive) or have passed it."""
    moment = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == wall:
        return moment
    # The clocks skip it: the moment they do so is between the two readings of it.
    before, after = wall.replace(tzinfo=zone, fold=1).astimezone(UTC), moment
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=int((after - before).total_seconds()) // 2)
        if middle.astimezone(zone).replace(tzinfo=None) >= wall:
            after = middle
        else:
            before = middle
    return after


def joined(spans: Iterable[Span]) -> list[Span]:
    """Return spans in order, those that touch or overlap as one, empty ones left out."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if end <= start:
            continue
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


class Calendar:
    """When people work: hours of the week in a time zone, days off, and days worked besides.

    `is_off` is asked about public holidays, each day once. A day in `opened` is worked even on a
    holiday, in its own hours or, when its weekday has none, in those of the week's first working
    day; a day in `closed` is not.
    """

    def __init__(
        self,
        week: Week,
        zone: str,
        *,
        is_off: Callable[[date], bool] = lambda _day: False,
        closed: Iterable[date] = (),
        opened: Iterable[date] = (),
    ) -> None:
        """Keep what is told; days are worked out when asked for."""
        self.zone = ZoneInfo(zone)
        self._week = [joined(spans) for spans in week]
        self._is_off, self._closed, self._opened = is_off, frozenset(closed), frozenset(opened)
        self._days: dict[date, list[tuple[datetime, datetime]]] = {}

    def spans(self, day: date) -> list[Span]:
        """Return the working hours of a day on the wall's clocks."""
        usual = self._week[day.weekday()]
        if day in self._closed:
            return []
        if day in self._opened:
            return usual or next((spans for spans in self._week if spans), [])
        return [] if self._is_off(day) else usual

    def hours(self, day: date) -> list[tuple[datetime, datetime]]:
        """Return the working hours of a day as moments."""
        known = self._days.get(day)
        if known is None:
            known = [
                (start, end)
                for span in self.spans(day)
                for start, end in pairwise(self._at(day, minute) for minute in span)
                if start < end
            ]
            self._days[day] = known
        return known

    def _at(self, day: date, minute: int) -> datetime:
        midnight = datetime.combine(day, time())
        return first_shown(midnight + timedelta(minutes=minute), self.zone)

    def day_of(self, moment: datetime) -> date:
        """Return the day it is in the calendar's zone."""
        return moment.astimezone(self.zone).date()

    def end_of_day(self, moment: datetime, days: int) -> datetime:
        """Return the moment at which the day so many days after a moment is over."""
        return self._at(self.day_of(moment) + timedelta(days=days + 1), 0)

    def elapsed(self, start: datetime, end: datetime) -> timedelta:
        """Return the working time between two moments; none when they are in the wrong order."""
        worked = NOTHING
        # A day's hours can reach over midnight where clocks are put back at it.
        day, last = self.day_of(start) - DAY, self.day_of(end) + DAY
        while day <= last and start < end:
            for opens, closes in self.hours(day):
                worked += max(NOTHING, min(end, closes) - max(start, opens))
            day += DAY
        return worked

    def after(self, start: datetime, work: timedelta) -> datetime:
        """Return the first moment at which so much has been worked since a start.

        Raises:
            NeverError: when that is not within ten years.
        """
        moment = start.astimezone(UTC)
        if work <= NOTHING:
            return moment
        day, left = self.day_of(start) - DAY, work
        for _ in range(SEARCHED):
            for opens, closes in self.hours(day):
                opened = max(moment, opens)
                if closes - opened >= left:
                    return opened + left
                left -= max(NOTHING, closes - opened)
            day += DAY
        raise NeverError(f"{work} of work are not done in {SEARCHED} days after {start}")


def merged(pauses: Iterable[Pause]) -> list[Pause]:
    """Return pauses in order, those that touch or overlap as one, empty ones left out."""
    found: list[Pause] = []
    for start, end in sorted(pauses, key=lambda pause: pause[0]):
        if end is not None and end <= start:
            continue
        if found and (found[-1][1] is None or start <= found[-1][1]):
            last = found[-1][1]
            found[-1] = (found[-1][0], None if last is None or end is None else max(last, end))
        else:
            found.append((start, end))
    return found


def _counted(start: datetime, pauses: Iterable[Pause]) -> list[Pause]:
    """Return the stretches from a start on that are not paused; the last may be without end."""
    found: list[Pause] = []
    begins: datetime | None = start
    for paused, goes_on in merged(pauses):
        if begins is None:
            break
        if paused > begins:
            found.append((begins, paused))
        begins = None if goes_on is None else max(begins, goes_on)
    return [*found, (begins, None)] if begins is not None else found


def elapsed(
    calendar: Calendar, start: datetime, end: datetime, pauses: Sequence[Pause] = ()
) -> timedelta:
    """Return the working time between two moments, without what was paused."""
    stretches = _counted(start, pauses)
    return sum(
        (calendar.elapsed(begins, min(end, ends or end)) for begins, ends in stretches), NOTHING
    )


def after(
    calendar: Calendar, start: datetime, work: timedelta, pauses: Sequence[Pause] = ()
) -> datetime | None:
    """Return when so much has been worked, without pauses; None while a pause keeps it open.

    Raises:
        NeverError: when that is not within ten years.
    """
    left = work
    for begins, ends in _counted(start, pauses):
        if ends is None:
            return calendar.after(begins, left)
        here = calendar.elapsed(begins, ends)
        if here >= left:
            return calendar.after(begins, left)
        left -= here
    return None


def hours_of(text: str) -> list[Span]:
    """Read working hours as people write them: `8:00-12:00, 13:00-17:30`; empty: a day off.

    Raises:
        ValueError: when they can not be read, end before they begin, or overlap.
    """
    found = []
    for part in text.replace(";", ",").split(","):
        if not part.strip():
            continue
        ends = [end.strip() for end in part.replace("–", "-").replace("—", "-").split("-")]
        minutes = [_minute(end) for end in ends]
        if len(minutes) != 2 or minutes[0] >= minutes[1]:  # noqa: PLR2004  # from, to
            raise ValueError(part.strip())
        found.append((minutes[0], minutes[1]))
    found.sort()
    if any(later[0] < earlier[1] for earlier, later in pairwise(found)):
        raise ValueError(text)
    return found


def _minute(text: str) -> int:
    hour, _, minute = text.replace(".", ":").partition(":")
    said = (hour, minute or "0")
    if not all(part.isascii() and part.isdigit() and len(part) <= 2 for part in said):  # noqa: PLR2004
        raise ValueError(text)
    whole = int(said[0]) * 60 + int(said[1])
    if int(said[1]) > 59 or whole > 1440:  # noqa: PLR2004  # minutes of an hour, of a day
        raise ValueError(text)
    return whole


def hours_text(spans: Iterable[Span]) -> str:
    """Write working hours as `hours_of` reads them."""
    return ", ".join(
        f"{start // 60:02}:{start % 60:02}–{end // 60:02}:{end % 60:02}" for start, end in spans
    )
