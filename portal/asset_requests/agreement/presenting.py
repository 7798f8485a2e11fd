"""The agreement and its clocks in words, in the reader's language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import cast

from babel import Locale
from babel.dates import format_datetime, format_time
from babel.numbers import format_decimal
from flask_babel import gettext, ngettext

from portal.asset_requests.agreement import holidays_of, queries, service
from portal.asset_requests.agreement import terms as agreed
from portal.asset_requests.agreement.clocks import BY_DAYS, Clock, Standing
from portal.asset_requests.agreement.labels import PROMISES, TERMS, WEEKDAYS
from portal.asset_requests.agreement.terms import Terms
from portal.asset_requests.agreement.working_time import Calendar, Span, hours_text
from portal.web import locale, words

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
INSTANT = timedelta(microseconds=1)
TODAY = timedelta(hours=8)
"""So much working time ahead is told in hours rather than by a day."""


def hours(number: int) -> str:
    """Return so many working hours in words."""
    return str(ngettext("%(num)d working hour", "%(num)d working hours", number))


IN_DAYS = frozenset({*(promise.value for promise in BY_DAYS), "outcome"})
"""Promises whose time is told in days."""


def days(number: int) -> str:
    """Return so many days in words."""
    return str(ngettext("%(num)d day", "%(num)d days", number))


def span_words(seconds: int | None, promise: str) -> str:
    """Return how long a promise took: in days for a try, else in working hours; one decimal."""
    if seconds is None:
        return ""
    number = seconds / (86400 if promise in IN_DAYS else 3600)
    text = format_decimal(round(number, 1), locale=str(locale.code()))
    pattern = (
        gettext("%(number)s d", number=text)
        if promise in IN_DAYS
        else gettext("%(number)s h", number=text)
    )
    return str(pattern)


def kind_label(kind: str) -> str:
    """Return the word for a kind as the terms name it."""
    return words.label(words.KINDS, kind) if kind != agreed.OTHER else str(TERMS[agreed.OTHER])


def deliver_lines() -> list[tuple[str, str]]:
    """Return what is delivered as (name of the term, words), every kind."""
    return [(f"deliver.{kind}", kind_label(kind)) for kind in agreed.KINDS]


def term_label(name: str) -> str:
    """Return the words for a term as `terms.lines` names it."""
    first, *rest = name.split(".")
    if first == "week":
        return str(WEEKDAYS[int(rest[0])])
    if first not in {"deliver", "acknowledge"}:
        return words.label(TERMS, first)
    what = (
        gettext("Deliver: %(kind)s", kind=kind_label(rest[0]))
        if first == "deliver"
        else words.label(TERMS, first)
    )
    return str(gettext("%(what)s, urgent", what=what)) if rest[-1] == "urgent" else str(what)


def country(code: str) -> str:
    """Return the name of a country."""
    return str(Locale(str(locale.code())).territories.get(code, code))


def term_value(name: str, value: object) -> str:
    """Return the value of a term in words."""
    if isinstance(value, bool):
        return str(gettext("yes") if value else gettext("no"))
    if isinstance(value, int):
        return days(value) if name.endswith("_days") else hours(value)
    if isinstance(value, str):
        return value
    if name.startswith("week"):
        return hours_text(cast("Sequence[Span]", value)) or str(gettext("day off"))
    if name == "countries":
        named = [country(code) for code in cast("Sequence[str]", value)]
    else:
        named = [locale.day(day) for day in cast("Sequence[date]", value)]
    return ", ".join(named) or str(gettext("none"))


@dataclass(frozen=True, slots=True)
class Change:
    """A term that differs: its words, before, after."""

    label: str
    before: str
    after: str


def changes(before: Terms, after: Terms) -> list[Change]:
    """Return what differs between two versions, in words; of days, only those that do."""
    found = []
    for name, was, now in agreed.differences(before, after):
        old, new = was, now
        if name in {"closed", "opened", "countries"}:
            left, right = cast("Sequence[str]", was), cast("Sequence[str]", now)
            old = [one for one in left if one not in right]
            new = [one for one in right if one not in left]
        found.append(Change(term_label(name), term_value(name, old), term_value(name, new)))
    return found


@dataclass(frozen=True, slots=True)
class TermsView:
    """Terms as their page shows them: words, and per kind (word, hours, urgent ones)."""

    acknowledge: tuple[int, int]
    deliver: list[tuple[str, int, int]]
    context: str
    try_days: str
    outcome_days: str
    week: list[tuple[str, str]]
    zone: str
    countries: str
    closed: str
    opened: str


def terms_view(terms: Terms) -> TermsView:
    """Show terms."""
    told = {name: term_value(name, value) for name, value in agreed.lines(terms)}
    return TermsView(
        acknowledge=(terms.acknowledge.usual, terms.acknowledge.urgent),
        deliver=[
            (kind_label(kind), terms.deliver_in(kind).usual, terms.deliver_in(kind).urgent)
            for kind in agreed.KINDS
        ],
        context=told["context"],
        try_days=told["try_days"],
        outcome_days=told["outcome_days"],
        week=[(str(day), told[f"week.{number}"]) for number, day in enumerate(WEEKDAYS)],
        **{name: told[name] for name in ("zone", "countries", "closed", "opened")},
    )


@dataclass(frozen=True, slots=True)
class DueView:
    """How a clock stands: for the colour, and in words; `at` is when it is due."""

    standing: str
    words: str
    at: datetime | None


def due_view(it: Clock, calendar: Calendar, now: datetime, soon: datetime | None = None) -> DueView:
    """Show how a clock stands."""
    standing = it.standing(now, soon)
    return DueView(standing.value, _said(it, standing, calendar, now), it.due_at)


def _said(it: Clock, standing: Standing, calendar: Calendar, now: datetime) -> str:
    plain: Mapping[Standing, str] = {
        Standing.ON_TIME: gettext("done on time"),
        Standing.LATE: gettext("done late") if it.done_at else gettext("ended late"),
        Standing.STOPPED: gettext("not needed any more"),
        Standing.PAUSED: gettext("paused: waits for an answer"),
    }
    if standing in plain or it.due_at is None:
        return str(plain.get(standing, ""))
    if standing is Standing.OVERDUE:
        return overdue_words(it.due_at, calendar, now)
    return due_words(it.due_at, calendar, now)


def _is_day(due_at: datetime, calendar: Calendar) -> bool:
    """Whether something is due within a day rather than at an hour: when that day is over."""
    return due_at.astimezone(calendar.zone).time() == time()


def _due_day(due_at: datetime, calendar: Calendar, now: datetime) -> str:
    last = due_at - INSTANT
    away = calendar.day_of(last) - calendar.day_of(now)
    if away <= DAY:
        return str(gettext("due tomorrow") if away == DAY else gettext("due today"))
    code = str(locale.code())
    day = format_datetime(last, "EEE d MMM", tzinfo=calendar.zone, locale=code)
    return str(gettext("due on %(day)s", day=day))


def due_words(due_at: datetime, calendar: Calendar, now: datetime) -> str:
    """Return when something is due: in working hours when it is near, else the day."""
    if _is_day(due_at, calendar):
        return _due_day(due_at, calendar, now)
    left, away = calendar.elapsed(now, due_at), calendar.day_of(due_at) - calendar.day_of(now)
    if left < HOUR and away < DAY:
        return str(
            ngettext(
                "due in %(num)d minute", "due in %(num)d minutes", max(1, int(left.seconds / 60))
            )
        )
    if away < DAY and left <= TODAY:
        return str(
            ngettext(
                "due in %(num)d working hour", "due in %(num)d working hours", int(left / HOUR)
            )
        )
    zone, code = calendar.zone, str(locale.code())
    hour = format_time(due_at, format="short", tzinfo=zone, locale=code)
    if away == DAY:
        return str(gettext("due tomorrow %(time)s", time=hour))
    day = format_datetime(due_at, "EEE d MMM", tzinfo=zone, locale=code)
    return str(gettext("due on %(day)s, %(time)s", day=day, time=hour))


def overdue_words(due_at: datetime, calendar: Calendar, now: datetime) -> str:
    """Return for how long something has been overdue: working hours of a day, else days."""
    last = due_at - INSTANT if _is_day(due_at, calendar) else due_at
    away = (calendar.day_of(now) - calendar.day_of(last)).days
    if away:
        return str(ngettext("overdue by %(num)d day", "overdue by %(num)d days", away))
    worked = int(calendar.elapsed(due_at, now) / HOUR)
    if not worked:
        return str(gettext("overdue since a short while"))
    return str(
        ngettext("overdue by %(num)d working hour", "overdue by %(num)d working hours", worked)
    )


def open_clocks(request_id: int, now: datetime) -> list[tuple[str, DueView]]:
    """Return what is still owed about a request as (promise in words, how it stands)."""
    kept = queries.terms_of(request_id)
    if kept is None:
        return []
    calendar = holidays_of.calendar(agreed.read(kept.agreement.terms))
    return [
        (
            words.label(PROMISES, row.promise),
            due_view(service.clock_of(row), calendar, now, row.soon_at),
        )
        for row in queries.clocks_of(request_id)
        if row.ended_at is None
    ]
