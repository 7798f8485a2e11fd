"""The log of searches, and one search looked at: what should have come, and why it did not."""

from collections.abc import Sequence
from typing import NamedTuple

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from portal.accounts.acts import Act
from portal.accounts.gate import allows
from portal.config import Config
from portal.errors import NotFound
from portal.library.publishing.acting import Actor
from portal.library.terms import presenting as vocabulary
from portal.library.terms.rules import SLUG_MOST
from portal.library.terms.service import ClashError
from portal.search import rules as searching
from portal.search.finding import Finder
from portal.search.log import aliases, listing, matching, presenting, queries, rules
from portal.search.log.forms import AliasForm
from portal.search.log.kept import Kept, Now
from portal.search.log.listing import Found, Teams, Wanted
from portal.search.log.rows import LANGUAGES
from portal.search.log.rules import Column, Which
from portal.search.looking import presenting as looking
from portal.usage.rules import INTEGER_MOST
from portal.web import locale, paging
from portal.web.sending import FORMATS, sent
from portal.web.tables import Table

bp = Blueprint("searchlog", __name__, url_prefix="/search/log")

PAGE_SIZE = 30
FILE_MOST = 5000
"""Lines of a file: those that come first."""


def _now(days: int) -> Now:
    """Return the log; tests undo what they write, so there none is kept."""
    config: Config = current_app.config["PORTAL"]
    kept: Kept = current_app.extensions.setdefault("arsenal.searchlog", Kept())
    return (Kept() if current_app.testing else kept).now(days, config.timezone)


def _finder() -> Finder:
    finder: Finder = current_app.extensions["arsenal.finder"]
    return finder


def _wanted(teams: Teams) -> Wanted:
    """Read the address; what is odd is what is usual."""
    args = request.args
    which = Which(told) if (told := args.get("list")) in set(Which) else Which.ALL
    team = searching.number(args.get("team"), default=0, least=0, most=INTEGER_MOST)
    days = searching.number(args.get("window"), default=rules.USUAL, least=0, most=10_000)
    spoken = args.get("language", "")
    return Wanted(
        days if days in rules.WINDOWS else rules.USUAL,
        which,
        team if team in teams.names else 0,
        spoken if spoken in LANGUAGES else "",
        Column(told) if (told := args.get("sort")) in set(Column) else rules.FIRST[which],
        args.get("dir") == "asc",
    )


class _Listed(NamedTuple):
    """What was asked for, and what was found."""

    now: Now
    wanted: Wanted
    teams: Teams
    found: Found

    @property
    def told(self) -> bool:
        """Whether so many people searched that something may be said of them."""
        return not self.wanted.team or self.found.people >= rules.FEW


def _listed() -> _Listed:
    teams = listing.teams()
    wanted = _wanted(teams)
    now = _now(wanted.days)
    return _Listed(now, wanted, teams, listing.found(now, wanted, teams))


@bp.get("")
@allows(Act.SEARCH_LOG_READ)
def index() -> ResponseReturnValue:
    """Show what people search for, and how often it leads to something."""
    it = _listed()
    weeks = it.found.weeks
    kind = request.args.get("format")
    if kind in FORMATS:
        if request.args.get("of") == "weeks":
            return sent(presenting.weeks_table(weeks), kind)
        lines = _lines(it, 0, FILE_MOST)
        return sent(_table(it, lines), kind)
    args = presenting.arguments(it.wanted)
    page = paging.paging(
        total=len(it.found.lines) if it.told else 0,
        number=paging.number_of(request.args.get("page")),
        size=PAGE_SIZE,
        url=paging.page_urls(request.path, args),
    )
    lines = _lines(it, page.offset, page.offset + page.size)
    table = _table(it, lines)
    return render_template(
        "search/log/index.html",
        lists=presenting.lists(args, it.wanted.which),
        windows=presenting.windows(args, it.wanted.days),
        heads=presenting.heads(table.columns, args, it.wanted.column.value, up=it.wanted.up),
        table=table,
        lines=lines,
        paging=page,
        wanted=it.wanted,
        told=it.told,
        kept=[(k, v) for k, v in args if k not in {"team", "language"}],
        teams=it.teams.names.items(),
        languages=presenting.language_choices(),
        totals=presenting.totals(it.found.whole.log, it.found.people) if it.told else [],
        held_back=it.found.held_back,
        late=presenting.date_of(it.now.counted_to) if it.now.counted_to is not None else None,
        weeks=presenting.weeks_table(weeks),
        chart=presenting.chart(weeks),
        files=[_file(args, of, kind) for of in ("", "weeks") for kind in FORMATS],
    )


def _table(it: _Listed, lines: Sequence[presenting.Shown]) -> Table:
    rows = [one.row for one in lines]
    return presenting.table(rows, it.wanted.which, teams=not it.wanted.team)


def _file(args: paging.Args, of: str, kind: str) -> str:
    return paging.with_args(request.path, args, {"of": of, "format": kind})


def _lines(it: _Listed, start: int, end: int) -> list[presenting.Shown]:
    """Return some of the lines in words."""
    if not it.told:
        return []
    groups = None if it.wanted.team else it.teams.groups
    lines = it.found.lines.cut(slice(start, end)).lines()
    worded = listing.worded(it.now, it.found.whole, lines, groups)
    return [
        presenting.shown(one.line, one.texts, presenting.teams_of(one.teams, it.teams.names))
        for one in worded
    ]


@bp.get("/look")
@allows(Act.SEARCH_LOG_READ)
def look() -> ResponseReturnValue:
    """Look at one search: what it finds, what should have come, and what to do about it."""
    text = searching.clean(request.args.get("q", ""), searching.SHOWN_TEXT)
    return _look(text, request.args.get("asset", ""), None)


def _look(text: str, slug: str, form: AliasForm | None, trouble: str = "") -> str:
    reader = locale.code().value
    slug = slug if len(slug) <= SLUG_MOST and "\x00" not in slug else ""
    found = matching.looked(_finder(), text, slug, reader) if text and slug else None
    if slug and text and found is None:
        raise NotFound(gettext("There is no such asset."))
    by_hand = searching.clean(request.args.get("find", ""), searching.SHOWN_TEXT)
    terms = queries.terms()
    if form is None:
        form = AliasForm(formdata=None, q=text, asset=slug)
        form.alias.data = looking.usual_alias(text, found)
        form.term.data = looking.usual_term(found, terms)
    form.term.choices = looking.term_choices(terms)
    hits, total = matching.hits(_finder(), text, matching.SHOWN, reader) if text else ((), 0)
    return render_template(
        "search/log/look.html",
        text=text,
        find=by_hand,
        hits=looking.results(hits),
        total=total,
        candidates=looking.candidates(_finder(), by_hand, text, reader),
        verdict=looking.verdict(found, text, reader),
        form=form,
        trouble=trouble,
        ask=looking.ask_url(text),
        again=url_for("searchlog.look", q=text, asset=slug or None),
        search=url_for("search.page", q=text),
    )


@bp.post("/alias")
@allows(Act.SYNONYMS_KEEP)
def alias() -> ResponseReturnValue:
    """Give a competitor or product another name, then try the search again."""
    form = AliasForm()
    form.term.choices = looking.term_choices(queries.terms())
    text = searching.clean(form.q.data or "", searching.SHOWN_TEXT)
    slug = form.asset.data or ""
    if not form.validate_on_submit():
        return _look(text, slug, form, gettext("Please look at the form again.")), 422
    actor = Actor(current_user.id, current_user.role, current_user.department)
    facet, _, name = form.term.data.partition("/")
    try:
        aliases.add(actor, facet, name, form.alias.data)
    except ClashError as error:
        return _look(text, slug, form, vocabulary.clash_words(error.clash)[0]), 422
    return redirect(url_for("searchlog.look", q=text, asset=slug or None, tried=1), 303)
