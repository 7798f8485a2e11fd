"""Reports for those who publish: what gets used."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from portal import clock
from portal.accounts.gate import requires
from portal.accounts.rules import Role
from portal.config import Config
from portal.insights import queries, rules
from portal.insights.rules import Column, Line
from portal.library.links import asset_path
from portal.usage import queries as usage
from portal.usage.rules import WINDOWS, Window, read_window, window_of
from portal.web import locale, words
from portal.web.paging import Paging, SortLink, number_of, page_urls, paging, sort_links, with_args

bp = Blueprint("insights", __name__)

PAGE_SIZE = 50
QUERY_MOST = 200
COLUMNS = (
    (Column.TITLE.value, _("Title"), "asc"),
    (Column.VIEWS.value, _("Views"), "desc"),
    (Column.PEOPLE.value, _("People"), "desc"),
    (Column.COPIES.value, _("Copies"), "desc"),
    (Column.LAST_USED.value, _("Last used"), "desc"),
)


@dataclass(frozen=True, slots=True)
class WindowLink:
    """A time span to look back over."""

    days: int
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A line as the page shows it."""

    url: str
    title: str
    language: str
    kind: str
    kind_label: str
    views: int
    people: int
    copies: int
    last_used: datetime | None
    per_day: list[int]


@dataclass(frozen=True, slots=True)
class Report:
    """All the page shows."""

    q: str
    window: int
    windows: list[WindowLink]
    hidden: list[tuple[str, str]]
    columns: tuple[SortLink, ...]
    rows: list[Row]
    totals: usage.Totals
    paging: Paging


@bp.get("/insights/usage")
@requires(Role.MARKETER)
def usage_page() -> ResponseReturnValue:
    """Show how each asset was used over 7, 30 or 90 days."""
    return render_template("insights/usage.html", report=_report())


def _report() -> Report:
    """Put the report together from the address."""
    args, path = request.args, request.path
    config: Config = current_app.config["PORTAL"]
    window = window_of(
        read_window(args.get("window")), now=clock.now(), zone=ZoneInfo(config.timezone)
    )
    column = rules.read_column(args.get("sort"))
    direction = rules.read_direction(args.get("dir"), column)
    words_given = "".join(c for c in args.get("q", "")[:QUERY_MOST] if c.isprintable()).strip()
    understood = {"q": words_given, "sort": column.value, "dir": direction, "window": window.days}
    pairs = [(name, str(value)) for name, value in understood.items() if value and args.get(name)]
    found = rules.matching(queries.lines(window, locale.code().value), words_given)
    page = paging(
        total=len(found),
        number=number_of(args.get("page")),
        size=PAGE_SIZE,
        url=page_urls(path, pairs),
    )
    ordered = rules.in_order(found, column, direction)
    return Report(
        q=words_given,
        window=window.days,
        windows=[
            WindowLink(n, with_args(path, pairs, {"window": str(n)}), n == window.days)
            for n in WINDOWS
        ],
        hidden=[(name, value) for name, value in pairs if name != "q"],
        columns=sort_links(
            COLUMNS, path=path, args=pairs, current=column.value, direction=direction
        ),
        rows=_rows(ordered[page.offset : page.offset + page.size], window),
        totals=usage.totals(window),
        paging=page,
    )


def _rows(lines: list[Line], window: Window) -> list[Row]:
    """Add to the lines of one page what only a page needs: address, words and views per day."""
    per_day = usage.per_day(window, [line.id for line in lines])
    return [
        Row(
            url=asset_path(line.slug),
            title=line.title,
            language=line.language,
            kind=line.kind,
            kind_label=words.label(words.KINDS, line.kind),
            views=line.views,
            people=line.people,
            copies=line.copies,
            last_used=line.last_used,
            per_day=per_day[line.id],
        )
        for line in lines
    ]
