"""Pages of the table and the board: look, filter, move a card, change many."""

from collections.abc import Mapping
from typing import Any

from flask import (
    Blueprint,
    jsonify,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from portal import clock
from portal.accounts import policy
from portal.accounts.acts import Act
from portal.accounts.gate import allows
from portal.asset_requests import labels as asked
from portal.asset_requests import queries as one
from portal.asset_requests.acting import Person
from portal.asset_requests.board import forms, labels, listing, presenting, queries, reading, rules
from portal.asset_requests.board import service as moving
from portal.asset_requests.board.rules import Sort, Wanted, Wish
from portal.asset_requests.presenting import actor
from portal.asset_requests.rules import ANSWERING, State
from portal.errors import Conflict, Forbidden, Invalid, NotFound
from portal.web import paging, words
from portal.web.forms import Form

bp = Blueprint("board", __name__, url_prefix="/requests")

PAGE_SIZE = 40
REPORT = "requests.batch"
"""Where the session keeps what became of the last batch."""


def _wanted(who: Person) -> Wanted:
    tabs = rules.tabs_of(who.role, who.department, who.team_id)
    return forms.wanted_of(request.args, tabs, who.id)


def _args() -> list[tuple[str, str]]:
    """Return what the address asks for, but for the page."""
    return [(name, value) for name, value in request.args.items() if name != "page"]


def _filters(who: Person, wanted: Wanted, path: str) -> dict[str, Any]:
    """Return what both pages need to show and change what is wanted."""
    tabs = rules.tabs_of(who.role, who.department, who.team_id)
    counts = listing.counts(wanted, who, tabs, clock.now())
    chosen = [wanted.assignee_id] if wanted.assignee_id else []
    return {
        "wanted": wanted,
        "said": request.args,
        "kept": request.query_string.decode("ascii", "replace"),
        "tabs": [
            (
                words.label(labels.TABS, tab),
                paging.with_args(path, _args(), {"tab": tab.value}),
                tab is wanted.tab,
                counts[tab],
            )
            for tab in tabs
        ],
        "total": counts[wanted.tab],
        "states": presenting.state_choices(),
        "kinds": list(words.KINDS.items()),
        "departments": [(it.value, words.label(words.DEPARTMENTS, it)) for it in ANSWERING]
        if rules.Tab.ALL in tabs
        else [],
        "people": presenting.people_choices(queries.having(who, chosen), who.id),
        "competitors": presenting.term_choices(queries.terms(["competitor"]), "competitor"),
        "dues": list(labels.DUES.items()),
        "sorts": list(labels.SORTS.items()),
    }


@bp.get("/")
@allows(Act.REQUEST_SEE)
def index() -> ResponseReturnValue:
    """List requests: one's own, the team's, the queue's, all; each as far as one may see them."""
    return _table()


def _table(trouble: str = "") -> str:
    who, now = actor(), clock.now()
    wanted = _wanted(who)
    told = _filters(who, wanted, url_for("board.index"))
    page = paging.paging(
        total=told["total"],
        number=paging.number_of(request.args.get("page")),
        size=PAGE_SIZE,
        url=paging.page_urls(url_for("board.index"), _args()),
    )
    currency = listing.main_currency(wanted, who, now) if wanted.sort is Sort.WEIGHT else ""
    found = listing.numbers(
        wanted, who, now, currency=currency, limit=page.size, offset=page.offset
    )
    is_answerer = policy.granted(who.role, Act.REQUESTS_WORK)
    return render_template(
        "asset_requests/board/index.html",
        **told,
        lines=presenting.views(found, reading.details(found, who, now)),
        paging=page,
        is_answerer=is_answerer,
        assignable=_assignable(who, wanted) if is_answerer else [],
        to_departments=[(it.value, words.label(words.DEPARTMENTS, it)) for it in ANSWERING],
        trouble=trouble,
    )


def _assignable(who: Person, wanted: Wanted) -> list[tuple[int, str]]:
    """Return who may be given what is listed; when it is done, each one is looked at again."""
    own = who.department if who.department in set(ANSWERING) else None
    people = one.assignable(wanted.department or own or ANSWERING[0].value)
    return [(it.id, it.name) for it in people]


@bp.get("/board")
@allows(Act.REQUESTS_WORK)
def board() -> ResponseReturnValue:
    """Show open requests as cards in columns, and who has how much."""
    return _board()


def _board(trouble: str = "") -> str:
    who, now, path = actor(), clock.now(), url_for("board.board")
    wanted = _wanted(who)
    found = reading.board_of(wanted, who, now, forms.column_of(request.args.get("more")))
    cards = presenting.columns([column.shown for column in found.columns], found.details, who)
    people = queries.names({it.person_id for it in found.loads if it.person_id})
    to = url_for("board.index")
    return render_template(
        "asset_requests/board/board.html",
        **_filters(who, wanted, path),
        columns=[
            {
                "state": column.state.value,
                "label": words.label(asked.STATES, column.state),
                "cards": shown,
                "total": column.total,
                "more": paging.with_args(path, _args(), {"more": column.state.value})
                if len(column.shown) < min(column.total, rules.CARDS_MOST)
                else "",
                "table": paging.with_args(to, _args(), {"state": column.state.value, "more": None}),
            }
            for column, shown in zip(found.columns, cards, strict=True)
        ],
        loads=[
            (it, paging.with_args(path, _args(), {"assignee": it.key}))
            for it in presenting.load_views(found.loads, people)
        ],
        everybody=paging.with_args(path, _args(), {"assignee": None}),
        trouble=trouble,
    )


@bp.post("/board/move")
@allows(Act.REQUESTS_WORK)
def move() -> ResponseReturnValue:
    """Move a card: for the script as JSON with the card anew, for the form back to the board."""
    if not Form().validate_on_submit():
        raise Invalid
    wish, who = forms.wish_of(request.form), actor()
    is_script = request.accept_mimetypes.best == "application/json"
    try:
        way = moving.move(who, wish)
    except (Conflict, Forbidden) as error:
        said = (
            gettext("Somebody was faster: it is no longer where you saw it.")
            if isinstance(error, Conflict)
            else gettext("You can not move this one there.")
        )
        if not is_script:
            return _board(said), error.status
        return jsonify(why=said, **_card(wish, who)), error.status
    if way is not None:
        go = presenting.way_path(wish.number, way)
        return jsonify(go=go) if is_script else redirect(go, 303)
    if is_script:
        return jsonify(_card(wish, who))
    return redirect(paging.with_args(url_for("board.board"), _args(), {}), 303)


def _card(wish: Wish, who: Person) -> Mapping[str, str]:
    """Return a card as it is now, and in which column; empty when it is on none."""
    known = reading.details([wish.number], who, clock.now())
    found = presenting.views([wish.number], known, who)
    if not found:
        return {"column": "", "card": ""}
    column = rules.column_of(State(found[0].state))
    card = render_template("asset_requests/board/card.html", it=found[0])
    return {"column": column.value if column else "", "card": card}


@bp.post("/batch")
@allows(Act.REQUESTS_WORK)
def batch() -> ResponseReturnValue:
    """Do something with the requests ticked, each on its own; what became of them is told next."""
    if not Form().validate_on_submit():
        raise Invalid
    who = actor()
    try:
        asked = forms.batch_of(request.form, request.form.getlist("request"), who.id)
    except Invalid as error:
        return _table(_missing(str(error.reason))), 422
    report = moving.run(who, asked)
    left = {str(number): why.value for number, why in report.left.items()}
    session[REPORT] = {"task": asked.task.value, "done": report.done, "left": left}
    return redirect(paging.with_args(url_for("board.report"), _args(), {}), 303)


def _missing(what: str) -> str:
    said: Mapping[str, str] = {
        forms.Missing.NONE: gettext("Tick the requests first."),
        forms.Missing.MANY: gettext(
            "At most %(most)s requests at once, please.", most=rules.BATCH_MOST
        ),
        forms.Missing.PERSON: gettext("Choose who is to have them."),
        forms.Missing.DEPARTMENT: gettext("Choose which department is to answer them."),
        forms.Missing.REASON: gettext("Say why they are declined, in at most 4,000 characters."),
    }
    return said.get(what) or str(gettext("Choose what is to be done."))


@bp.get("/batch")
@allows(Act.REQUESTS_WORK)
def report() -> ResponseReturnValue:
    """Tell what became of the requests changed together last."""
    told = session.get(REPORT)
    if not isinstance(told, dict):
        raise NotFound
    who, now = actor(), clock.now()
    left = {int(number): why for number, why in told["left"].items()}
    known = reading.details([*told["done"], *left], who, now)
    by_why: dict[str, list[int]] = {}
    for number, why in left.items():
        by_why.setdefault(why, []).append(number)
    return render_template(
        "asset_requests/board/report.html",
        done=presenting.views(told["done"], known),
        left=[
            (
                words.label(labels.WHYS, why),
                numbers,
                # what is for others to do may not be for this person to see either
                [] if why == rules.Why.OTHERS else presenting.views(numbers, known),
            )
            for why, numbers in sorted(by_why.items())
        ],
        back=paging.with_args(url_for("board.index"), _args(), {}),
    )
