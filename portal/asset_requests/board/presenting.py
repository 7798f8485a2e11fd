"""Requests as the table and the board show them, in the reader's words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache

from babel.numbers import format_compact_currency
from flask_babel import gettext, ngettext

from portal.accounts.rules import Role
from portal.asset_requests.acting import Person
from portal.asset_requests.agreement.clocks import Standing as Due
from portal.asset_requests.agreement.presenting import due_words, overdue_words
from portal.asset_requests.board import labels, rules
from portal.asset_requests.board.queries import Line, Named
from portal.asset_requests.board.reading import FACETS, Details
from portal.asset_requests.labels import STATES
from portal.asset_requests.links import request_path
from portal.asset_requests.rules import Standing, State, Weight, groups_of
from portal.library.queries import name_of
from portal.library.rules import pick_language
from portal.web import locale, words

Choice = tuple[str, str]


@lru_cache(maxsize=4096)
def _money(amount: Decimal, currency: str, language: str) -> str:
    return str(format_compact_currency(amount, currency, locale=language, fraction_digits=1))


def money(value: Mapping[str, Decimal]) -> str:
    """Return sums of money in words, short, currencies side by side."""
    language = str(locale.code())
    return " + ".join(_money(amount, code, language) for code, amount in value.items())


@dataclass(frozen=True, slots=True)
class DueView:
    """When what is next is due: for the colour, in words, and what that is."""

    standing: str = ""
    words: str = ""
    todo: str = ""


@dataclass(frozen=True, slots=True)
class WayView:
    """Where a card can be moved: what the form sends; or, when words are asked for, where."""

    value: str
    column: str
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class RequestView:
    """A request as a line of the table or a card of the board."""

    number: int
    url: str
    title: str
    state: str
    state_label: str
    kind: str
    kind_label: str
    about: Sequence[str]
    urgent: bool
    department: str
    requester: str
    assignee: str
    people: str
    value: str
    closes: str
    asked_at: datetime
    due: DueView
    ways: Sequence[WayView] = ()


def standing_of(line: Line, who: Person) -> Standing:
    """Return what decides who somebody is to a request."""
    return Standing(
        role=who.role,
        is_requester=line.requester_id == who.id,
        is_supporter=line.waits and line.requester_id != who.id,
        same_team=who.team_id is not None and line.team_id == who.team_id,
        is_assignee=line.assignee_id == who.id,
        same_department=who.department == line.department,
    )


class _Said:
    """Words said again and again on a page, looked up once; and where whom may move what."""

    def __init__(self, who: Person | None) -> None:
        self.who = who
        self._words: dict[tuple[int, str], str] = {}
        self._ways: dict[tuple[Standing, State, bool], list[tuple[rules.Way, str, str]]] = {}

    def label(self, table: words.Table, value: str | None) -> str:
        key = id(table), value or ""
        if key not in self._words:
            self._words[key] = words.label(table, value)
        return self._words[key]

    def ways(self, it: Line) -> list[tuple[rules.Way, str, str]]:
        """Return where a request can be moved as (way, column, words)."""
        if self.who is None:
            return []
        standing = standing_of(it, self.who)
        key = standing, it.state, it.assignee_id is None
        if key not in self._ways:
            found = rules.ways_of(groups_of(standing), it.state, it.assignee_id)
            self._ways[key] = [
                (
                    way,
                    (rules.column_of(way.to) or way.to).value,
                    self.label(labels.WAYS, way.action),
                )
                for way in found
            ]
        return self._ways[key]


def views(numbers: Sequence[int], known: Details, who: Person | None = None) -> list[RequestView]:
    """Show requests in an order; with where this person can move them when somebody is named."""
    said = _Said(who)
    return [_view(known.lines[n], known, said) for n in numbers if n in known.lines]


def columns(found: Sequence[Sequence[int]], known: Details, who: Person) -> list[list[RequestView]]:
    """Show requests column by column."""
    said = _Said(who)
    return [[_view(known.lines[n], known, said) for n in some] for some in found]


def _view(it: Line, known: Details, said: _Said) -> RequestView:
    weight = known.weights.get(it.id, Weight({}, 0, None))
    return RequestView(
        number=it.id,
        url=request_path(it.id),
        title=it.title,
        state=it.state.value,
        state_label=said.label(STATES, it.state),
        kind=it.kind or "",
        kind_label=said.label(words.KINDS, it.kind),
        about=_about(it, known),
        urgent=it.urgent,
        department=said.label(words.DEPARTMENTS, it.department),
        requester=it.requester,
        assignee=it.assignee or "",
        people=ngettext("%(num)d waits", "%(num)d wait", weight.people),
        value=money(weight.value),
        closes=locale.day(weight.closes_on),
        asked_at=it.asked_at,
        due=_due(it, known, said),
        ways=_ways(it, said),
    )


def term_name(named: Named, facet: str, slug: str) -> str:
    """Return the name of a word of the vocabulary; its slug when there is no such word."""
    return name_of(named.get((facet, slug), {}), slug, str(locale.code()))


def _about(it: Line, known: Details) -> list[str]:
    """What a request is about: an asset and what is the matter with it, words, a language."""
    found = []
    texts = known.titles.get(it.asset_id or 0, {})
    if texts and it.complaint:
        title = texts[pick_language(texts, str(locale.code()))]
        found.append(words.label(labels.COMPLAINTS, it.complaint) % {"title": title})
    elif texts:
        found.append(texts[pick_language(texts, str(locale.code()))])
    for facet in FACETS:
        slug = getattr(it, facet)
        if slug:
            found.append(term_name(known.named, facet, slug))
    if it.language in set(locale.NAMES):
        found.append(next(n for code, n in locale.NAMES.items() if code == it.language))
    return found


def _due(it: Line, known: Details, said: _Said) -> DueView:
    if it.due_at is None:
        return DueView()
    calendar = known.calendars.get(it.agreement_id or 0)
    if calendar is None:
        return DueView()
    todo = said.label(labels.PROMISES, it.promise)
    if it.due_at < known.now:
        return DueView(Due.OVERDUE, overdue_words(it.due_at, calendar, known.now), todo)
    soon = known.soon.get((it.id, it.promise))
    is_soon = soon is not None and soon <= known.now
    return DueView(
        Due.SOON if is_soon else Due.RUNNING, due_words(it.due_at, calendar, known.now), todo
    )


def _ways(it: Line, said: _Said) -> list[WayView]:
    return [
        WayView(
            value=f"{it.id}:{it.state}:{way.to}",
            column=column,
            label=label,
            url="" if way.is_plain else way_path(it.id, way),
        )
        for way, column, label in said.ways(it)
    ]


def way_path(number: int, way: rules.Way) -> str:
    """Return where on a request's page the words of a move are said."""
    return f"{request_path(number)}#{way.action}"


@dataclass(frozen=True, slots=True)
class LoadView:
    """How much somebody has."""

    key: str
    name: str
    open: int
    overdue: int
    value: str


def load_views(loads: Sequence[rules.Load], names: Mapping[int, str]) -> list[LoadView]:
    """Show who has how much."""
    return [
        LoadView(
            key=str(it.person_id) if it.person_id else "nobody",
            name=names.get(it.person_id, "–") if it.person_id else gettext("Nobody yet"),
            open=it.open,
            overdue=it.overdue,
            value=money(it.value),
        )
        for it in loads
    ]


def state_choices() -> list[Choice]:
    """Return the states to choose from: open ones and settled ones together first."""
    some = [(value, str(label)) for value, label in labels.SOME.items()]
    return [*some, *((state.value, words.label(STATES, state)) for state in State)]


def people_choices(people: Sequence[tuple[int, str]], me: int) -> list[Choice]:
    """Return whose requests can be chosen: one's own, nobody's, somebody's."""
    first = [("me", gettext("Has it: me")), ("nobody", gettext("Has it: nobody"))]
    return [*first, *((str(number), name) for number, name in people if number != me)]


def term_choices(named: Named, facet: str) -> list[Choice]:
    """Return the words of a facet by name."""
    found = [(slug, term_name(named, facet, slug)) for of, slug in named if of == facet]
    return sorted(found, key=lambda pair: pair[1].casefold())


def answers_others(role: Role) -> bool:
    """Whether somebody looks at the queues of several departments."""
    return role.covers(Role.MARKETER)
