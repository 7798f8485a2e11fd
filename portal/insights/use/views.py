"""Pages of use: what is used how much, by what and whom, what rises, what nobody finds."""

from dataclasses import replace
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user
from markupsafe import Markup

from portal.accounts import policy
from portal.accounts.acts import Act
from portal.accounts.gate import allows
from portal.config import Config
from portal.errors import Forbidden, NotFound
from portal.insights.pages import presenting as frame
from portal.insights.pictures import presenting as drawing
from portal.insights.rules import Column
from portal.insights.use import assets, labels, one, presenting, queries, rules, starts
from portal.insights.use.queries import Basis
from portal.insights.use.rules import By, Dim, Listing
from portal.library.freshness.queries import titles as titles_of
from portal.library.links import asset_path
from portal.web import locale, sending, words
from portal.web.paging import Choice, number_of, page_urls, paging
from portal.web.tables import Table

bp = Blueprint("use", __name__, url_prefix="/insights/use")

PAGE_SIZE = 50
FILE_MOST = 100_000
SHORT_LIST = 5


def _zone() -> str:
    config: Config = current_app.config["PORTAL"]
    return config.timezone


def _basis() -> Basis:
    return queries.basis(rules.read_window(request.args.get("window")), _zone())


def _sees_people() -> bool:
    """Whether the reader may see use by person: managers of their team, admins of everybody."""
    return policy.reaches(current_user.role, Act.USE_OF_TEAM)


def _known_teams() -> set[int]:
    """Return the team whose people the reader sees one by one anyway."""
    return {current_user.team_id} if _sees_people() and current_user.team_id else set()


def _ways(current: str, on: Basis) -> list[Choice]:
    return frame.ways(current, on.days, people=_sees_people())


def _file(table: Table, on: Basis) -> Response | None:
    """Return a table as the file the address asks for."""
    kind = request.args.get("format")
    if kind not in sending.FORMATS:
        return None
    return sending.sent(table, kind, f"{table.name}-{on.since}-{on.days}")


@bp.get("")
@allows(Act.FIGURES_DESK)
def overview() -> ResponseReturnValue:
    """Show how much is used, over time, by how many of Sales, and what rises."""
    on = _basis()
    longer = queries.basis(2 * on.days, _zone(), on)
    days = queries.per_day(on, Dim.ALL)[0]
    table = presenting.days_table(on, days)
    if told := _file(table, on):
        return told
    new = starts.nothing_before(on, longer)
    hot, how_many = (
        ([], 0)
        if new
        else assets.listing(Listing.HOT, on, longer, _zone(), size=SHORT_LIST, offset=0)
    )
    titles = titles_of([it.id for it in hot], locale.code().value)
    adopted = queries.adoption(on, _zone())
    return render_template(
        "insights/use/overview.html",
        ways=_ways("", on),
        totals=presenting.totals(queries.total(on), None if new else queries.total(longer)),
        chart=drawing.over_time(on, days, "use"),
        table=table,
        adopted=adopted if adopted.people >= rules.SMALL else None,
        weeks=drawing.weeks(adopted),
        hot=presenting.rising(hot, titles, on.days),
        hot_count=how_many,
        new=new,
        **_common(on),
    )


def _common(on: Basis) -> dict[str, object]:
    return {
        "windows": frame.windows(on, frame.arguments()),
        "since": frame.since_words(on.since),
        "csv": frame.file_url("csv"),
        "json": frame.file_url("json"),
    }


@bp.get("/by/<by>")
@allows(Act.FIGURES_DESK)
def table(by: str) -> ResponseReturnValue:
    """Show use by kind, team, person, language, stage or day."""
    if by not in set(By):
        raise NotFound(gettext("There is no such page."))
    chosen, on = By(by), _basis()
    if chosen is By.ASSET and request.args.get("format") not in sending.FORMATS:
        return redirect(url_for("insights.usage_page", window=on.days), 303)
    found = presenting.sortable(_table(chosen, on), "name" if chosen is By.DAY else "views")
    if told := _file(found.table, on):
        return told
    return _draw(
        found,
        on,
        current=by,
        heading=words.label(labels.BY, by),
        note=_note(chosen),
    )


def _table(by: By, on: Basis) -> Table:
    if by is By.ASSET:
        found = assets.lines(on, Column.VIEWS, up=False, size=FILE_MOST)
        titles = titles_of([it.id for it in found], locale.code().value)
        return presenting.assets_table("use-by-asset", found, titles, on.days)
    if by is By.DAY:
        return presenting.days_table(on, queries.per_day(on, Dim.ALL)[0])
    if by in rules.WORDS:
        return presenting.words_table(by, queries.by_word(on, rules.WORDS[by]))
    if by is By.TEAM:
        groups = rules.groups(
            queries.by_person(on), queries.members().values(), presenting.no_team()
        )
        return presenting.teams_table(rules.without_small(groups, _known_teams()))
    if not _sees_people():
        raise Forbidden(gettext("Use by person is for the manager of their team."))
    admin = policy.granted(current_user.role, Act.USE_OF_ALL)
    team = None if admin else current_user.team_id or 0
    return presenting.people_table(queries.by_person(on), queries.members(team))


def _note(by: By) -> str:
    if by is By.TEAM:
        note: str = gettext(
            "Teams as they are today. Teams of which fewer than three people used something are"
            " shown together, so that nobody is found out. Uses of people who are not known any"
            " more are in the totals only."
        )
        return note
    if by is By.PERSON:
        return str(gettext("Managers see their own team here, admins everybody."))
    return ""


def _draw(
    found: presenting.Sorted, on: Basis, *, current: str, heading: str, note: str
) -> ResponseReturnValue:
    """Draw a page of a table."""
    page = paging(
        total=len(found.table.rows),
        number=number_of(request.args.get("page")),
        size=PAGE_SIZE,
        url=page_urls(request.path, frame.arguments()),
    )
    return render_template(
        "insights/use/table.html",
        ways=_ways(current, on),
        heading=heading,
        note=note,
        heads=found.heads,
        table=found.table,
        rows=found.table.rows[page.offset : page.offset + page.size],
        paging=page,
        **_common(on),
    )


@bp.get("/lists/<name>")
@allows(Act.FIGURES_DESK)
def listing(name: str) -> ResponseReturnValue:
    """Show assets that rise, are never listed, not opened, not used, or not used at all."""
    if name not in set(Listing):
        raise NotFound(gettext("There is no such page."))
    which, on = Listing(name), _basis()
    longer = queries.basis(2 * on.days, _zone(), on)
    is_file = request.args.get("format") in sending.FORMATS
    number = number_of(request.args.get("page"))
    size, offset = (FILE_MOST, 0) if is_file else (PAGE_SIZE, (number - 1) * PAGE_SIZE)
    new = starts.nothing_before(on, longer) if which is Listing.HOT else None
    found, how_many = (
        ([], 0) if new else assets.listing(which, on, longer, _zone(), size=size, offset=offset)
    )
    titles = titles_of([it.id for it in found], locale.code().value)
    shown = presenting.assets_table(f"use-{name}", found, titles, on.days)
    if told := _file(shown, on):
        return told
    since = on.shown_since
    return render_template(
        "insights/use/listing.html",
        ways=_ways(name, on),
        heading=words.label(labels.LISTS, name),
        note=words.label(labels.LISTS_MEAN, name),
        recorded=queries.day_of(since) if since is not None and since > on.first else None,
        unrecorded=since is None and not on.waiting,
        about_search=which in {Listing.NEVER_SHOWN, Listing.NOT_OPENED},
        new=new,
        table=shown,
        paging=paging(
            total=how_many,
            number=number,
            size=PAGE_SIZE,
            url=page_urls(request.path, frame.arguments()),
        ),
        **_common(on),
    )


@bp.get("/assets/<slug>")
@allows(Act.FIGURES_SEE)
def asset(slug: str) -> ResponseReturnValue:
    """Show the use of one asset; by team and beyond what is published only to marketers."""
    marketer = policy.granted(current_user.role, Act.FIGURES_OF_DRAFTS)
    it = queries.visible(slug, everything=marketer)
    if it is None:
        raise NotFound(gettext("There is no such asset."))
    on, zone = _basis(), ZoneInfo(_zone())
    days = queries.per_day(on, Dim.ASSET, [it.id])[it.id]
    table = presenting.days_table(on, days)
    if told := _file(replace(table, name=f"use-of-{slug}"), on):
        return told
    counts = queries.total(on, it.id)
    own = starts.first_days(on, it, zone)
    titles = titles_of([it.id], locale.code().value)
    language, title = titles.get(it.id, ("en", slug))
    return render_template(
        "insights/use/asset.html",
        ways=_ways("asset", on) if marketer else [],
        title=title,
        language=language,
        url=asset_path(slug),
        counts=presenting.cells(counts),
        counted=labels.COUNTED,
        chart=drawing.over_time(on, days, "asset"),
        table=table,
        funnel=drawing.funnel(counts),
        start=_start(own, starts.usual_starts(on, zone, it.id)) if own else None,
        teams=_teams_of(on, it.id) if marketer else None,
        split=presenting.split(one.split_of(on, it.id)) if marketer else (),
        **_common(on),
    )


def _start(own: list[int], others: list[list[int]]) -> Markup | None:
    """Draw the first days; nothing when no use of them is known: they may be older than the log."""
    usual = rules.usual_start(others)
    return drawing.start(own, usual) if any(own) or any(usual) else None


def _teams_of(on: Basis, asset_id: int) -> Table:
    """Return how many people of which team used an asset."""
    users = one.users_of(on, asset_id)
    found = {it: rules.Counts(views=1, people=1) for it in users}
    groups = rules.groups(found, queries.members().values(), presenting.no_team())
    groups = [it for it in groups if it.counts.people]
    return presenting.teams_table(rules.without_small(groups, _known_teams()), ("people",))


@bp.get("/mine")
@allows(Act.USE_OWN)
def mine() -> ResponseReturnValue:
    """Show everybody their own use."""
    on = _basis()
    days = queries.per_day(on, Dim.PERSON, [current_user.id])[current_user.id]
    found = one.own(on, current_user.id)
    titles = titles_of([asset_id for asset_id, _, _ in found], locale.code().value)
    table = presenting.own_table(found, titles, on.days)
    if told := _file(table, on):
        return told
    return render_template(
        "insights/use/mine.html",
        counts=presenting.cells(sum(days.values(), rules.NOTHING)),
        counted=labels.COUNTED,
        chart=drawing.over_time(on, days, "mine"),
        days=presenting.days_table(on, days),
        table=table,
        **_common(on),
    )
