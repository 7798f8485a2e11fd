"""Requests as the table and the board show them, in the reader's words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext, ngettext

from portal.accounts import policy
from portal.accounts.acts import Act
from portal.accounts.rules import Role
from portal.asset_requests import labels as asked
from portal.asset_requests.acting import Person
from portal.asset_requests.agreement.clocks import Standing as Due
from portal.asset_requests.agreement.labels import PROMISES
from portal.asset_requests.agreement.presenting import due_words, overdue_words
from portal.asset_requests.board import labels, rules
from portal.asset_requests.board.queries import Line, Named
from portal.asset_requests.board.reading import FACETS, Details
from portal.asset_requests.links import request_path
from portal.asset_requests.rules import Action, Standing, State, Weight, groups_of
from portal.library.queries import name_of
from portal.library.rules import pick_language
from portal.web import locale, words
from portal.web.money import value_words

Choice = tuple[str, str]
_LANGUAGES: Mapping[str | None, str] = {code.value: name for code, name in locale.NAMES.items()}


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
        self.who, self.language = who, str(locale.code())
        self._people: dict[int, str] = {}
        self._words: dict[tuple[int, str], str] = {}
        self._ways: dict[tuple[Standing, State, bool], list[tuple[rules.Way, str, str]]] = {}

    def label(self, table: words.Table, value: str | None) -> str:
        key = id(table), value or ""
        if key not in self._words:
            self._words[key] = words.label(table, value)
        return self._words[key]

    def people(self, number: int) -> str:
        if number not in self._people:
            self._people[number] = ngettext("%(num)d waits", "%(num)d wait", number)
        return self._people[number]

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
        state_label=said.label(asked.STATES, it.state),
        kind=it.kind or "",
        kind_label=said.label(words.KINDS, it.kind),
        about=_about(it, known, said),
        urgent=it.urgent,
        department=said.label(words.DEPARTMENTS, it.department),
        requester=it.requester,
        assignee=it.assignee or "",
        people=said.people(weight.people),
        value=value_words(weight.value, short=True),
        closes=locale.day(weight.closes_on),
        asked_at=it.asked_at,
        due=_due(it, known, said),
        ways=_ways(it, said),
    )


def _about(it: Line, known: Details, said: _Said) -> list[str]:
    """What a request is about: an asset and what is the matter with it, words, a language."""
    found = []
    texts = known.titles.get(it.asset_id or 0, {})
    if texts and it.complaint:
        title = texts[pick_language(texts, said.language)]
        found.append(f"{said.label(asked.COMPLAINTS, it.complaint)}: {title}")
    elif texts:
        found.append(texts[pick_language(texts, said.language)])
    for facet in FACETS:
        slug = getattr(it, facet)
        if slug:
            found.append(name_of(known.named.get((facet, slug), {}), slug, said.language))
    if it.language in _LANGUAGES:
        found.append(_LANGUAGES[it.language])
    return found


def _due(it: Line, known: Details, said: _Said) -> DueView:
    if it.due_at is None:
        return DueView()
    calendar = known.calendars.get(it.agreement_id or 0)
    if calendar is None:
        return DueView()
    todo = said.label(PROMISES, it.promise)
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
    if way.action is Action.DELIVER:
        return f"{request_path(number)}/deliver"
    return f"{request_path(number)}?do={way.action}#{way.action}"


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
            value=value_words(it.value, short=True),
        )
        for it in loads
    ]


def state_choices() -> list[Choice]:
    """Return the states to choose from: open ones and settled ones together first."""
    some = [(value, str(label)) for value, label in labels.SOME.items()]
    return [*some, *((state.value, words.label(asked.STATES, state)) for state in State)]


def people_choices(people: Sequence[tuple[int, str]], me: int) -> list[Choice]:
    """Return whose requests can be chosen: one's own, nobody's, somebody's."""
    first = [("me", gettext("Has it: me")), ("nobody", gettext("Has it: nobody"))]
    return [*first, *((str(number), name) for number, name in people if number != me)]


def term_choices(named: Named, facet: str) -> list[Choice]:
    """Return the words of a facet by name."""
    language = str(locale.code())
    found = [
        (slug, name_of(names, slug, language)) for (of, slug), names in named.items() if of == facet
    ]
    return sorted(found, key=lambda pair: pair[1].casefold())


def answers_others(role: Role) -> bool:
    """Whether somebody looks at the queues of several departments."""
    return policy.granted(role, Act.REQUESTS_OF_ALL)
