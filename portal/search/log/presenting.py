"""What the page of the log shows: figures, lines with their teams, the success rate over time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask import request, url_for
from flask_babel import gettext, ngettext
from markupsafe import Markup

from portal.asset_requests.similar.rules import speaks
from portal.search.log import labels, rules
from portal.search.log.listing import Wanted
from portal.search.log.rows import FOUND, Log
from portal.search.log.rules import Line, Which
from portal.search.log.weeks import Week
from portal.usage.queries import EPOCH
from portal.web import charts, figures, locale, words
from portal.web.charts import Line as Drawn
from portal.web.paging import Args, Choice, SortLink, sort_links, with_args
from portal.web.tables import Column, Row, Table


@dataclass(frozen=True, slots=True)
class Shown:
    """A line on its page: where it leads, what else was typed for it, in which language it is."""

    text: str
    speaks: str | None
    others: Sequence[tuple[str, str | None]]
    url: str
    row: Row


def date_of(day: int) -> date:
    """Return a day counted from 1970 as a date."""
    return date.fromordinal(EPOCH + day)


def column(key: str, *, kind: str = "number", unit: str = "") -> Column:
    """Return a column of lines."""
    return Column(
        key,
        words.label(labels.COLUMNS, key),
        unit,
        words.label(labels.MEANS, key),
        "head" if kind == "head" else "text" if kind == "text" else "number",
    )


def columns(which: Which, *, teams: bool) -> list[Column]:
    """Return the columns, what the list is about first; without teams when one was chosen."""
    first = rules.FIRST[which].value
    counted = sorted(("searches", "people", "nothing", "poor"), key=lambda key: key != first)
    return [
        column("search", kind="head"),
        *map(column, counted),
        column("opened", unit="%"),
        *([column("teams", kind="text")] if teams else []),
        column("last"),
    ]


def row(line: Line, texts: Sequence[str], teams: Sequence[tuple[str, int]]) -> Row:
    """Return a line as a row of the table."""
    return {
        "search": texts[0] if texts else "",
        "searches": line.times,
        "people": line.people,
        "nothing": line.nothing,
        "poor": line.poor,
        "opened": 100 * line.led / line.times,
        "teams": ", ".join(f"{name} {locale.number(count)}" for name, count in teams),
        "last": date_of(line.last),
    }


def shown(line: Line, texts: Sequence[str], teams: Sequence[tuple[str, int]]) -> Shown:
    """Show a line."""
    text = texts[0] if texts else ""
    return Shown(
        text=text,
        speaks=speaks(text),
        others=[(it, speaks(it)) for it in texts[1:]],
        url=url_for("searchlog.look", q=text),
        row=row(line, texts, teams),
    )


def table(rows: Sequence[Row], which: Which, *, teams: bool) -> Table:
    """Return lines as a table, as files have it."""
    return Table(
        "searches",
        gettext("Searches"),
        columns(which, teams=teams),
        rows,
        empty=gettext("Nobody searched in this time."),
    )


def arguments(wanted: Wanted) -> list[tuple[str, str]]:
    """Return what the address asks for as it was understood, whichever page of it."""
    told = {
        "window": str(wanted.days),
        "list": wanted.which.value,
        "team": str(wanted.team or ""),
        "language": wanted.language,
        "sort": wanted.column.value,
        "dir": "asc" if wanted.up else "desc",
    }
    return [(name, value) for name, value in told.items() if value and request.args.get(name)]


def lists(args: Args, current: Which) -> list[Choice]:
    """Return the ways to the three lists."""
    kept = [(k, v) for k, v in args if k not in {"sort", "dir", "list"}]
    return [
        Choice(
            words.label(labels.LISTS, it),
            with_args(request.path, kept, {"list": "" if it is Which.ALL else it.value}),
            it is current,
        )
        for it in Which
    ]


def windows(args: Args, current: int) -> list[Choice]:
    """Return the numbers of days one can look back over."""
    kept = list(args)
    return [
        Choice(
            gettext("A year") if days == rules.WINDOWS[-1]
            else ngettext("%(num)d day", "%(num)d days", days),
            with_args(request.path, kept, {"window": str(days)}),
            days == current,
        )
        for days in rules.WINDOWS
    ]  # fmt: skip


def heads(
    shown_columns: Sequence[Column], args: Args, current: str, *, up: bool
) -> list[tuple[Column, SortLink | None]]:
    """Return the headings; those of numbers sort."""
    sorted_by = set(rules.Column)
    links = {
        it.key: it
        for it in sort_links(
            [(it.key, it.label, "desc") for it in shown_columns if it.key in sorted_by],
            path=request.path,
            args=args,
            current=current,
            direction="asc" if up else "desc",
        )
    }
    return [(it, links.get(it.key)) for it in shown_columns]


def totals(log: Log, people: int) -> list[tuple[str, str]]:
    """Return the figures above the list: (figure, what it counts)."""
    times, visits = len(log.outcome), len(log.visit_led)
    nothing = int(((log.outcome & FOUND) == 0).sum())
    poor = int((log.outcome == FOUND).sum())
    led = int(log.visit_led.sum())
    share = figures.percent(led / visits) if people >= rules.FEW and visits else figures.NONE
    return [
        (share, gettext("of visits with a search led to something")),
        (locale.number(times), ngettext("search", "searches", times)),
        (locale.number(people), ngettext("person searched", "people searched", people)),
        (_part(nothing, times), gettext("of searches found nothing")),
        (_part(poor, times), gettext("found something, nothing was opened")),
    ]


def _part(some: int, times: int) -> str:
    return figures.percent(some / times) if times else figures.NONE


def weeks_table(found: Sequence[Week]) -> Table:
    """Return the success rate by week as a table."""
    rows: list[Row] = [
        {
            "week": date_of(it.monday),
            "visits": it.visits,
            "led": it.led if it.share is not None else None,
            "share": None if it.share is None else 100 * it.share,
            "people": it.people,
        }
        for it in found
    ]
    made = [
        Column(
            key,
            words.label(labels.WEEK, key),
            "%" if key == "share" else "",
            words.label(labels.WEEK_MEANS, key),
            "head" if key == "week" else "number",
        )
        for key in ("week", "visits", "led", "share", "people")
    ]
    return Table("search-success", gettext("Success rate by week"), made, rows)


def chart(found: Sequence[Week]) -> Markup:
    """Draw the success rate by week."""
    line = Drawn(
        gettext("Success rate"), [None if it.share is None else 100 * it.share for it in found]
    )
    return charts.time_series(
        [line],
        [locale.short_day(date_of(it.monday)) for it in found],
        name="success",
        title=gettext("Success rate by week"),
        desc=gettext("The share of visits with a search in which a result was opened."),
        number=lambda value: figures.percent(value / 100),
        empty=gettext("Too few people searched to say anything of them."),
        most=100,
    )


def teams_of(groups: Mapping[int, int], names: Mapping[int, str]) -> list[tuple[str, int]]:
    """Return teams with how many of their people searched, the most first."""
    told = sorted(groups.items(), key=lambda it: (-it[1], names.get(it[0], "")))
    return [(names[team], count) for team, count in told if team in names]


def language_choices() -> list[tuple[str, str]]:
    """Return the languages searches can be in."""
    return [(code.value, name) for code, name in locale.NAMES.items()]
