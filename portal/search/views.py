"""The rep's home and the search page, whole or as the part that changes while typing."""

import secrets

from flask import Blueprint, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user
from markupsafe import Markup

from portal.accounts.acts import Act
from portal.accounts.gate import allows
from portal.accounts.rules import Role
from portal.config import Language
from portal.deals import queries as deals
from portal.deals.preparing import presenting as preparing
from portal.deals.working import presenting as at_work
from portal.library.links import competitor_path
from portal.library.pinning import queries as pins
from portal.library.rules import Kind
from portal.search import presenting, queries, rules
from portal.search.finding import Finder
from portal.search.home import presenting as home
from portal.search.naming import queries as naming
from portal.search.promoting import queries as promotions
from portal.search.promoting import rules as promoting
from portal.usage import recorder
from portal.usage.rules import Action
from portal.web import locale, words

bp = Blueprint("search", __name__)

SHORT_LIST = 6
PALETTE_HITS = 6
SUGGESTED = 3
HOME_KINDS = (
    Kind.BATTLECARD,
    Kind.CASE_STUDY,
    Kind.COMPARISON,
    Kind.FAQ,
    Kind.PLAYBOOK,
    Kind.ONE_PAGER,
)


def finder() -> Finder:
    """Return this process's finder."""
    found: Finder = current_app.extensions["arsenal.finder"]
    return found


def _reader() -> Language:
    return locale.code()


@bp.get("/")
@allows(Act.SEARCH)
def page() -> ResponseReturnValue:
    """Answer a search; show the home page when nothing was asked."""
    fragment = bool(request.args.get("fragment"))
    asked = rules.ask(
        request.args.get("q", ""),
        filters=_filters(),
        sort=request.args.get("sort"),
        page=request.args.get("page"),
        prefer=_reader(),
        literal=bool(request.args.get(rules.AS_TYPED_ARG)),
    )
    if asked.blank and not asked.query.filters:
        return _draw("", _home(), None, alone=fragment)
    promoted = promotions.live(promoting.key_of(asked.text), locale.today())
    answer = finder().find(rules.with_first(asked, promoted))
    ref = secrets.token_hex(8)
    recorder.note(
        Action.SEARCHED,
        language=_reader().value,
        source="instant" if fragment else "search",
        query=asked.text,
        results=answer.total,
        ref=ref,
        filters={name: sorted(values) for name, values in asked.query.filters.items()} or None,
        shown=(hit.card.asset_id for hit in answer.hits),
    )
    view = presenting.answer_view(
        answer,
        finder().term_names(_reader()),
        path=url_for("search.page"),
        ref=ref,
        promoted=promoted,
        pinned=pins.own_among(current_user.id, [hit.card.asset_id for hit in answer.hits]),
    )
    return _draw(asked.text, None, view, alone=fragment)


def _filters() -> dict[str, list[str]]:
    """What the address narrows the search to; an old link may name a term by a former slug."""
    filters = request.args.to_dict(flat=False)
    told = {facet: filters[facet] for facet in rules.TERMS if facet in filters}
    return filters | rules.renamed(told, naming.former_slugs()) if told else filters


def _draw(
    query: str,
    start: home.Home | None,
    answer: presenting.AnswerView | None,
    *,
    alone: bool,
) -> str:
    """Draw the results, alone or in their page; as a piece, since a page passes on every scrap."""
    results = render_template("search/_results.html", query=query, home=start, answer=answer)
    if alone:
        return results
    whole = Markup(results)  # noqa: S704  # just drawn, escaped where it had to be
    return render_template("search/page.html", query=query, answer=answer, results=whole)


@bp.get("/palette")
@allows(Act.SEARCH)
def palette() -> ResponseReturnValue:
    """List what the command palette offers for what was typed so far."""
    asked = rules.ask(request.args.get("q", ""), size=PALETTE_HITS, prefer=_reader())
    cards = [hit.card for hit in finder().find(asked).hits]
    return render_template(
        "search/_palette.html",
        hits=home.items(cards, "palette"),
        rivals=[
            presenting.Link(name, competitor_path(slug))
            for slug, name in rules.rivals(asked.text, finder().term_names(_reader()))
        ],
    )


def _home() -> home.Home:
    """What a rep sees before typing: pinned for the team, opened lately, new, battlecards."""
    reader = _reader().value
    lately = queries.by_assets(queries.opened_lately(current_user.id, SHORT_LIST), reader)
    groups = (
        (gettext("You opened lately"), lately),
        (gettext("New and changed"), queries.newest(reader, SHORT_LIST)),
        (gettext("Battlecards"), queries.of_kind(Kind.BATTLECARD.value, reader, SHORT_LIST)),
    )
    base = url_for("search.page")
    ways = [presenting.Link(gettext("Competitors"), url_for("competitors.index"))]
    ways += [
        presenting.Link(words.label(words.KINDS_MANY, kind.value), f"{base}?kind={kind.value}")
        for kind in HOME_KINDS
    ]
    ways.append(presenting.Link(gettext("Collections"), url_for("collections.index")))
    return home.Home(
        groups=(
            *_for_the_deal(),
            home.Group(gettext("Pinned by you"), _own_pins(reader)),
            home.Group(gettext("Pinned for your team"), _pinned(reader)),
            *(home.Group(head, home.items(cards, "home")) for head, cards in groups),
        ),
        kinds=tuple(ways),
    )


def _for_the_deal() -> tuple[home.Group, ...]:
    """What to use next on the deal the person works on, the first few of its page."""
    now = at_work.current()
    deal = deals.whole(*_me(), now.deal_id) if now is not None else None
    if deal is None:
        return ()
    found = tuple(
        home.Item(
            url=it.url,
            title=it.title,
            kind=it.kind,
            kind_label=it.kind_label,
            language=it.language,
            why=", ".join(it.why),
        )
        for it in preparing.preparing(deal, SUGGESTED).fits
    )
    return (home.Group(gettext("For %(deal)s", deal=deal.name), found),)


def _me() -> tuple[int, Role, int | None]:
    return current_user.id, current_user.role, current_user.team_id


def _own_pins(reader: str) -> tuple[home.Item, ...]:
    """What the person has pinned."""
    return home.items(
        queries.by_assets(pins.own_assets(current_user.id, SHORT_LIST), reader), "home"
    )


def _pinned(reader: str) -> tuple[home.Item, ...]:
    """What is pinned for the person's team: collections, then assets."""
    lists = tuple(
        home.Item(
            url=url_for("collections.show", collection_id=it.id),
            title=it.name,
            kind="collection",
            kind_label=gettext("Collection"),
            language=it.language,
        )
        for it in pins.pinned_collections(current_user.id, SHORT_LIST)
    )
    chosen = pins.pinned_assets(current_user.id, SHORT_LIST)
    cards = queries.by_assets(chosen, reader) if chosen else []
    return lists + home.items(cards, "home")
