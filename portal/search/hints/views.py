"""What the search box suggests: before the first key, and while somebody types."""

from flask import Blueprint, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from portal.accounts.acts import Act
from portal.accounts.gate import allows
from portal.library.pinning import queries as pins
from portal.search import queries, rules
from portal.search.finding import Finder
from portal.search.hints import presenting, service
from portal.search.hints.presenting import Hint
from portal.search.hints.rules import TYPED_MOST, words_of
from portal.web import locale

bp = Blueprint("hints", __name__)

RECENT, BRIEF = 4, 2


@bp.get("/search/hints")
@allows(Act.SEARCH)
def show() -> ResponseReturnValue:
    """List suggestions, as links; `brief`: with few assets, where results stand below anyhow."""
    typed = words_of(rules.clean(request.args.get("q", ""), TYPED_MOST))
    found = _typed(typed, brief=bool(request.args.get("brief"))) if typed else _before()
    return render_template("search/hints/_hints.html", hints=found)


def _typed(typed: list[str], *, brief: bool) -> list[Hint]:
    reader = locale.code().value
    finder: Finder = current_app.extensions["arsenal.finder"]
    phrases: service.Phrases = current_app.extensions["arsenal.phrases"]
    searches = service.searches(current_user.id, typed, phrases.beginning(typed, reader))
    found = presenting.of_searches(searches)
    found += presenting.of_rivals(typed, finder.term_names(reader))
    chosen = service.titles(typed, reader)[: BRIEF if brief else None]
    cards = queries.cards(chosen) if chosen else {}
    return found + presenting.of_cards(cards[i] for i in chosen if i in cards)


def _before() -> list[Hint]:
    """What one searched for, pinned, and opened lately."""
    reader = locale.code().value
    searches = service.searches(current_user.id, (), ())
    pinned = pins.own_assets(current_user.id, RECENT)
    lately = [i for i in queries.opened_lately(current_user.id, 2 * RECENT) if i not in pinned]
    return [
        *presenting.of_searches(searches),
        *presenting.of_cards(queries.by_assets(pinned, reader), "pin", gettext("pinned")),
        *presenting.of_cards(
            queries.by_assets(lately[:RECENT], reader), "file", gettext("opened lately")
        ),
    ]
