"""Reports for those who publish: what gets used."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_login import current_user

from portal.accounts import policy
from portal.accounts.acts import Act
from portal.accounts.gate import allows
from portal.config import Config
from portal.insights import queries, rules
from portal.insights.pages import presenting as frame
from portal.insights.rules import Column, Line
from portal.insights.use import assets
from portal.insights.use import queries as use
from portal.insights.use.queries import Basis
from portal.insights.use.rules import Counts, read_window
from portal.library.links import asset_path
from portal.web import locale, words
from portal.web.paging import Choice, Paging, SortLink, number_of, page_urls, paging, sort_links

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
class Row:
    """A line as the page shows it."""

    url: str
    use_url: str
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
    since_words: str
    ways: list[Choice]
    csv: str
    json: str
    windows: list[Choice]
    hidden: list[tuple[str, str]]
    columns: tuple[SortLink, ...]
    rows: list[Row]
    totals: Counts
    paging: Paging


@bp.get("/insights/usage")
@allows(Act.FIGURES_DESK)
def usage_page() -> ResponseReturnValue:
    """Show how each asset was used over 7, 30, 90 or 365 days."""
    return render_template("insights/usage.html", report=_report())


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Which lines are asked for, and in which order."""

    on: Basis
    words: str
    column: Column
    up: bool


def _page(wanted: _Wanted, url: Callable[[int], str]) -> tuple[list[Line], Paging]:
    """Return the lines of one page: words are folded here, the rest is the database's work."""
    language, order, asked = locale.code().value, wanted.column, request.args.get("page")
    if wanted.words or order is Column.TITLE:
        every = rules.matching(queries.lines(wanted.on, language), wanted.words)
        found = rules.in_order(every, order, "asc" if wanted.up else "desc")
        page = paging(total=len(found), number=number_of(asked), size=PAGE_SIZE, url=url)
        return found[page.offset : page.offset + page.size], page
    total = assets.count(wanted.on)
    page = paging(total=total, number=number_of(asked), size=PAGE_SIZE, url=url)
    place = {"size": page.size, "offset": page.offset}
    return queries.page(wanted.on, language, order, up=wanted.up, **place), page


def _report() -> Report:
    """Put the report together from the address."""
    args, path = request.args, request.path
    config: Config = current_app.config["PORTAL"]
    on = use.basis(read_window(args.get("window")), config.timezone)
    column = rules.read_column(args.get("sort"))
    direction = rules.read_direction(args.get("dir"), column)
    words_given = "".join(c for c in args.get("q", "")[:QUERY_MOST] if c.isprintable()).strip()
    understood = {"q": words_given, "sort": column.value, "dir": direction, "window": on.days}
    pairs = [(name, str(value)) for name, value in understood.items() if value and args.get(name)]
    wanted = _Wanted(on, words_given, column, up=direction == "asc")
    shown, page = _page(wanted, page_urls(path, pairs))
    return Report(
        q=words_given,
        window=on.days,
        since_words=frame.since_words(on.since),
        ways=frame.ways(
            "asset", on.days, people=policy.reaches(current_user.role, Act.USE_OF_TEAM)
        ),
        csv=url_for("use.table", by="asset", window=on.days, format="csv"),
        json=url_for("use.table", by="asset", window=on.days, format="json"),
        windows=frame.windows(on, pairs),
        hidden=[(name, value) for name, value in pairs if name != "q"],
        columns=sort_links(
            COLUMNS, path=path, args=pairs, current=column.value, direction=direction
        ),
        rows=_rows(shown, on),
        totals=use.total(on),
        paging=page,
    )


def _rows(lines: list[Line], on: Basis) -> list[Row]:
    """Add to the lines of one page what only a page needs: address, words and views per day."""
    per_day = use.views_over_time(on, [line.id for line in lines])
    return [
        Row(
            url=asset_path(line.slug),
            use_url=url_for("use.asset", slug=line.slug, window=on.days),
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
