"""Reads a calendar file into meetings; what it says of people is left where it is."""

from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo
from typing import Any

from portal.calls.agenda import rules
from portal.calls.agenda.rules import Event
from portal.errors import Invalid
from portal.markup import fold

_ODD = (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError, RecursionError)
TITLE_MOST, WORDS_MOST = 200, 4000


def events(data: bytes, *, now: datetime, zone: tzinfo) -> list[Event]:
    """Return the meetings of a calendar file that are near now, each once, by time.

    Repeated ones: those of the next 30 days. Whole days and meetings that can not be read are left
    out. A time without a zone is in `zone`.

    Raises:
        Invalid: when it is no calendar.
    """
    if b"BEGIN:VCALENDAR" not in data[:100_000].upper():
        raise Invalid("no calendar")
    from icalendar import Calendar  # noqa: PLC0415  # only for who brings a calendar

    try:
        calendars = Calendar.from_ical(data, multiple=True)
    except _ODD as error:
        raise Invalid("broken calendar") from error
    found: dict[str, Event] = {}
    series = 0
    for calendar in calendars:
        off = str(calendar.get("METHOD", "")).upper() == "CANCEL"
        moved = _moved(calendar, zone)
        parts = sorted(calendar.walk("VEVENT"), key=_sequence)
        for part in parts:
            series += part.get("RRULE") is not None
            if part.get("RRULE") is not None and series > rules.SERIES_MOST:
                continue
            try:
                found |= {it.uid: it for it in _meetings(part, moved, off, now=now, zone=zone)}
            except _ODD:
                continue
    return sorted(found.values(), key=lambda it: (it.at, it.uid))[: rules.EVENTS_MOST]


def _sequence(part: Any) -> int:  # noqa: ANN401  # the library's own
    try:
        return int(part.get("SEQUENCE", 0))
    except _ODD:
        return 0


def _moment(value: Any, zone: tzinfo) -> datetime | None:  # noqa: ANN401
    """Return a moment with its zone; None for a whole day."""
    read = getattr(value, "dt", value)
    if not isinstance(read, datetime):
        return None
    return read if read.tzinfo is not None else read.replace(tzinfo=zone)


def _uid(part: Any) -> str:  # noqa: ANN401
    uid = str(part.get("UID", "")).strip()
    return uid or f"{part.get('SUMMARY', '')}#{part['DTSTART'].dt.isoformat()}"


def _moved(calendar: Any, zone: tzinfo) -> set[str]:  # noqa: ANN401
    """Return the occurrences that are told apart from their series."""
    found = set()
    for part in calendar.walk("VEVENT"):
        try:
            at = _moment(part.get("RECURRENCE-ID"), zone)
            if at is not None:
                found.add(rules.uid_of(_uid(part), at))
        except _ODD:
            continue
    return found


def _meetings(
    part: Any,  # noqa: ANN401
    moved: set[str],
    off: bool,
    *,
    now: datetime,
    zone: tzinfo,
) -> Iterator[Event]:
    start = _moment(part["DTSTART"], zone)
    if start is None:
        return
    off = off or str(part.get("STATUS", "")).upper() == "CANCELLED"
    uid, rule = _uid(part), part.get("RRULE")
    title = " ".join(str(part.get("SUMMARY", "")).split())[:TITLE_MOST]
    said = " ".join(str(part.get(name, "")) for name in ("SUMMARY", "LOCATION", "DESCRIPTION"))
    words = fold(said[:WORDS_MOST])
    original = _moment(part.get("RECURRENCE-ID"), zone)
    if rule is None or original is not None:
        if rules.is_wanted(start, now):
            yield Event(rules.uid_of(uid, original), start.astimezone(UTC), title, words, off)
        return
    left_out = _left_out(part, zone)
    rule = rule[0] if isinstance(rule, list) else rule
    until = _moment((rule.get("UNTIL") or [None])[0], zone)
    for at in rules.times_of(start, rules.repeat_of(rule, until), now):
        known = rules.uid_of(uid, at)
        if known not in moved:
            yield Event(known, at.astimezone(UTC), title, words, off or at in left_out)


def _left_out(part: Any, zone: tzinfo) -> set[datetime]:  # noqa: ANN401
    """Return the times at which a repeated meeting does not take place."""
    said = part.get("EXDATE") or []
    found = set()
    for group in said if isinstance(said, list) else [said]:
        for one in getattr(group, "dts", ()):
            at = _moment(one, zone)
            if at is not None:
                found.add(at)
    return found
