"""A request as its page shows it: facts, who waits, clocks, what has happened, what can be done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app, url_for
from flask_babel import gettext
from flask_login import current_user
from markupsafe import Markup

from portal.asset_requests import labels, rules
from portal.asset_requests.acting import Person
from portal.asset_requests.models import AssetRequest, RequestEvent, RequestSupporter
from portal.asset_requests.rules import Action, Group, State
from portal.config import Config, Language
from portal.deals.models import Deal
from portal.deals.rules import may_see
from portal.library.links import asset_path
from portal.library.models import Asset
from portal.library.rules import pick_language
from portal.library.terms import queries as terms
from portal.library.terms.presenting import name as term_name
from portal.web import locale, words
from portal.web.money import money

ANSWERING = frozenset({Group.ANSWERER, Group.ASSIGNEE, Group.MANAGER})
"""Who is told the deals that wait, whomever's they are."""


def zone() -> str:
    """Return the company's time zone."""
    config: Config = current_app.config["PORTAL"]
    return config.timezone


def actor() -> Person:
    """Return who asks."""
    me = current_user
    return Person(me.id, me.role, me.department, me.team_id, zone())


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who waits: name, team, and the deal as the reader may see it."""

    name: str
    team: str
    is_here: bool
    deal: str
    deal_url: str


@dataclass(frozen=True, slots=True)
class Named:
    """An asset a request points at: whether readers get it, and where it is."""

    slug: str
    title: str
    language: str
    state: str
    state_label: str
    url: str
    is_out: bool


@dataclass(frozen=True, slots=True)
class Move:
    """A move somebody may make: its words, what it asks for, whether it stands out."""

    action: str
    label: str
    ask: str
    is_main: bool
    is_grave: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the timeline; `html` is what was said, already cleaned."""

    id: int
    who: str
    what: str
    at: datetime
    note: str
    html: Markup | None
    is_said: bool
    number: int


def named(asset: Asset | None, *, desk: bool) -> Named | None:
    """Show an asset a request points at."""
    if asset is None:
        return None
    texts = {text.language: text.title for text in asset.texts}
    language = pick_language(texts, None, locale.code()).value if texts else str(locale.code())
    is_out = asset.state == "published"
    url = (
        asset_path(asset.slug, trail="from=request")
        if is_out
        else (url_for("publishing.show", slug=asset.slug) if desk else "")
    )
    state = words.label(words.STATES, asset.state)
    title = texts.get(language, asset.slug)
    return Named(asset.slug, title, language, asset.state, state, url, is_out)


def facts(it: AssetRequest) -> list[tuple[str, str]]:
    """Return what is asked for as (what, words); what does not matter is left out."""
    told = [
        (gettext("Kind"), words.label(words.KINDS, it.kind)),
        (
            gettext("Language"),
            locale.NAMES[Language(it.language)] if it.language in set(Language) else "",
        ),
        *(
            (words.label(words.FACETS, facet), term_words(facet, getattr(it, facet)))
            for facet in rules.FACETS
        ),
        (gettext("Who can answer"), words.label(words.DEPARTMENTS, it.department)),
        (gettext("Needed by"), locale.day(it.needed_by)),
        (gettext("Urgent"), gettext("yes") if it.urgent else ""),
    ]
    return [(label, said) for label, said in told if said]


def term_words(facet: str, slug: str | None) -> str:
    """Return what a word of the vocabulary is called, though it has got another slug since."""
    if not slug:
        return ""
    found = terms.found(facet, slug)
    return term_name(found) if found is not None else slug


def _is_theirs(who: Person, deal: Deal) -> bool:
    return may_see(
        role=who.role,
        viewer_id=who.id,
        viewer_team=who.team_id,
        owner_id=deal.owner_id,
        team=deal.team_id,
    )


def waiting(who: Person, it: AssetRequest, groups: frozenset[Group]) -> list[Waiting]:
    """Show who waits."""
    return [_waiting(who, row, groups) for row in it.supporters]


def _waiting(who: Person, row: RequestSupporter, groups: frozenset[Group]) -> Waiting:
    """Show one who waits; the deal is told to its team, and to those who answer."""
    deal, said = row.deal, ""
    theirs = deal is not None and _is_theirs(who, deal)
    if deal is not None and (theirs or groups & ANSWERING):
        amount = money(deal.amount, deal.currency) if deal.amount is not None else ""
        said = " · ".join(part for part in (deal.name, amount, deal.stage) if part)
    elif deal is not None:
        said = gettext("a deal of another team")
    return Waiting(
        name=row.user.name,
        team=row.user.team.name if row.user.team else "",
        is_here=row.user.active,
        deal=said,
        deal_url=url_for("deals.show", deal_id=row.deal_id) if theirs else "",
    )


def moves(groups: frozenset[Group], state: State) -> list[Move]:
    """Return the moves that are buttons of the page, the most wanted first."""
    own = {Action.DELIVER, Action.MERGE, Action.ASSIGN, Action.COMMENT, Action.THANK}
    own |= {Action.CHANGE, Action.SUPPORT, Action.LEAVE}
    found = [action for action in rules.moves_of(groups, state) if action not in own]
    order = {name: place for place, name in enumerate(labels.MAIN)}
    found.sort(key=lambda action: order.get(action.value, len(order)))
    return [
        Move(
            action=action.value,
            label=words.label(labels.ACTIONS, action),
            ask=words.label(labels.ASKED, action) if rules.MOVES[action].words else "",
            is_main=place == 0 and action.value in labels.MAIN,
            is_grave=action.value in labels.GRAVE,
        )
        for place, action in enumerate(found)
    ]


def lines(events: Sequence[RequestEvent], here: int) -> list[Line]:
    """Show what has happened; what happened to a merged request says so."""
    return [_line(event, here) for event in events]


def _line(event: RequestEvent, here: int) -> Line:
    detail: dict[str, Any] = event.detail or {}
    what = words.label(labels.HAPPENED, event.action)
    if event.action == Action.ASSIGN:
        what %= {"to": detail.get("to", "")}
    if event.action == Action.MERGE:
        what = (
            gettext("made it part of #%(n)s", n=detail["into"])
            if "into" in detail
            else gettext(
                "took in #%(n)s: %(title)s", n=detail.get("from"), title=detail.get("title")
            )
        )
    html = detail.get("html")
    return Line(
        id=event.id,
        who=event.user.name if event.user else gettext("The portal"),
        what=what,
        at=event.at,
        note="" if html else event.note,
        html=Markup(html) if html else None,  # noqa: S704  # cleaned when it was said
        is_said=event.action in {Action.COMMENT, Action.THANK},
        number=event.request_id if event.request_id != here else 0,
    )
