"""Figures in words."""

from dataclasses import dataclass

from babel.numbers import format_decimal
from flask_babel import gettext, ngettext

from portal.asset_requests.figures.rules import REACHED, Line
from portal.asset_requests.labels import STATES
from portal.web import figures, locale, words

DAY = 86_400


@dataclass(frozen=True, slots=True)
class LineView:
    """A row of the table: whose, how deep, how many, times in words, shares in words."""

    label: str
    depth: int
    asked: int
    delivered: int
    times: list[tuple[str, str]]
    existing: str
    used: str
    used_of: str


def states() -> list[str]:
    """Return the words of the states whose time is told."""
    return [words.label(STATES, state) for state in REACHED]


def duration(seconds: int | None) -> str:
    """Return how long something took, in hours up to two days, else in days."""
    if seconds is None:
        return str(gettext("not yet"))
    is_long = seconds >= 2 * DAY
    number = format_decimal(
        round(seconds / (DAY if is_long else 3600), 1), locale=str(locale.code())
    )
    told = (
        gettext("%(number)s d", number=number)
        if is_long
        else gettext("%(number)s h", number=number)
    )
    return str(told)


def line_view(line: Line) -> LineView:
    """Show a line."""
    label, depth = str(gettext("All")), 0
    if line.department:
        label, depth = words.label(words.DEPARTMENTS, line.department), 1
    if line.kind:
        label, depth = words.label(words.KINDS, line.kind), 2
    return LineView(
        label=label,
        depth=depth,
        asked=line.asked,
        delivered=line.delivered,
        times=[(duration(a), duration(b)) for a, b in line.times.values()],
        existing=figures.percent(line.existing / line.answered if line.answered else None),
        used=figures.percent(line.used / line.judged if line.judged else None),
        used_of=str(ngettext("of %(num)d delivery", "of %(num)d deliveries", line.judged)),
    )
