"""What the search page shows: labels, addresses, facets with counts, ways on; no decisions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import current_app, request
from flask_babel import gettext
from markupsafe import Markup

from portal.asset_requests.links import request_form_path
from portal.calls.ratings import presenting as rating
from portal.config import Language
from portal.library.attachments.labels import place_label
from portal.library.attachments.rules import place_of
from portal.library.freshness.presenting import FreshView, fresh_view
from portal.library.links import asset_path, competitor_path, search_trail
from portal.library.queries import name_of
from portal.library.rules import minutes
from portal.search import drawing, rules
from portal.search.drawing import HitView, Option
from portal.search.engine import Sort
from portal.search.finding import Answer, FoundHit, Shown
from portal.search.queries import Card
from portal.search.understood import presenting as meant
from portal.search.understood.presenting import Meant
from portal.web import locale, paging, words

SHOWN_FACETS = ("kind", "language", "competitor", "product", "industry")
MOST_TEXT = 2000
"""Characters of a query that links repeat."""
MOST_OPTIONS = 12
"""Values shown of one facet; ticked ones are always shown."""

Names = Mapping[tuple[str, str], str]


@dataclass(frozen=True, slots=True)
class Link:
    """Words and where they lead."""

    label: str
    url: str
    current: bool = False
    name: str = ""
    value: str = ""

    @property
    def text(self) -> str:
        """The same words, as suggestions call them."""
        return self.label


@dataclass(frozen=True, slots=True)
class FacetView:
    """One facet with its values, the most frequent first."""

    name: str
    label: str
    options: Markup


@dataclass(frozen=True, slots=True)
class AnswerView:
    """An answer as the page shows it."""

    total: int
    elapsed_ms: float
    relaxed: bool
    hits: Markup
    facets: tuple[FacetView, ...]
    active: tuple[Link, ...]
    sorts: tuple[Link, ...]
    sort: str
    suggestions: tuple[Link, ...]
    paging: paging.Paging
    clear_url: str
    ask_url: str = ""
    meant: Meant | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """An asset in a short list."""

    url: str
    title: str
    kind: str
    kind_label: str
    language: str
    fresh: FreshView | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """A short list with a heading."""

    heading: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Home:
    """What a rep sees before typing."""

    groups: tuple[Group, ...]
    kinds: tuple[Link, ...]


def label_of(facet: str, value: str, names: Names) -> str:
    """Return the words for a value of a facet in the request's language."""
    if facet == "kind":
        return words.label(words.KINDS, value)
    if facet == "language":
        return locale.NAMES.get(Language(value), value) if value in set(Language) else value
    return names.get((facet, value), value)


def _drawn(shown: Shown, language: str, today: date) -> tuple[Markup, Markup, Markup]:
    """Tags, facts and language of a hit as HTML, made once a day: the same in every answer."""
    day, drawn = shown.drawn.get(language, (None, None))
    if day != today:
        card = shown.card
        macros: Any = current_app.jinja_env.get_template("search/_card.html").module
        rivals = [
            (name_of(names, slug, language), competitor_path(slug))
            for slug, names in shown.competitors
        ]
        fresh = fresh_view(card.checked_on, card.months, today)
        drawn = (
            macros.tags(card.kind, words.label(words.KINDS, card.kind), rivals),
            macros.facts(card, minutes(card.words), fresh),
            macros.language(card.language),
        )
        shown.drawn[language] = (today, drawn)
    made: tuple[Markup, Markup, Markup] = drawn
    return made


def hit_view(hit: FoundHit, ref: str, reader: str, today: date, rated: str = "") -> HitView:
    """Show one hit; its links carry the search they belong to and the rank."""
    card, snippet = hit.card, hit.snippet
    trail = search_trail(ref, hit.rank)
    sentence = snippet.sentence
    place = place_of(snippet.anchor)
    tags, facts, spoken = _drawn(hit.shown, reader, today)
    return HitView(
        url=asset_path(card.slug, card.language, trail=trail),
        asset_id=card.asset_id,
        slug=card.slug,
        language=card.language,
        revision=card.revision,
        tags=tags,
        facts=facts,
        rated=rated,
        spoken=spoken,
        title=Markup(snippet.title),  # noqa: S704  # escaped by snippets
        snippet=Markup(snippet.html),  # noqa: S704  # escaped by snippets
        section_heading=place_label(place, snippet.heading) if place else snippet.heading,
        section_url=place.url(trail)
        if place
        else asset_path(card.slug, card.language, anchor=snippet.anchor, trail=trail),
        section_language=reader if place else card.language,
        is_file=place is not None,
        sayable=sentence.text if sentence else "",
        missing=snippet.missing,
        by=meant.found_by(snippet.by),
        other_languages=[
            (code, asset_path(card.slug, code, trail=trail))
            for code in hit.shown.languages
            if code != card.language
        ],
    )


def facet_views(answer: Answer, names: Names) -> tuple[FacetView, ...]:
    """Show the facets with counts; what is ticked stays visible even when nothing has it."""
    views = []
    for facet in SHOWN_FACETS:
        counts = answer.facets.get(facet, {})
        ticked = answer.asked.query.filters.get(facet, frozenset())
        values = sorted(counts, key=lambda v: (-counts[v], v))[:MOST_OPTIONS]
        values += sorted(ticked.difference(values))
        options = tuple(
            Option(value, label_of(facet, value, names), counts.get(value, 0), value in ticked)
            for value in values
        )
        if len(options) > 1 or ticked:
            label = words.label(words.FACETS, facet)
            views.append(FacetView(facet, label, drawing.options(facet, options)))
    return tuple(views)


def _args(answer: Answer) -> list[tuple[str, str]]:
    """What the address says, as understood: nothing unknown is carried from link to link."""
    query = answer.asked.query
    args = [("q", request.args.get("q", "")[:MOST_TEXT])]
    for facet in rules.FACETS:
        args += [(facet, value) for value in sorted(query.filters.get(facet, ()))]
    if query.sort is Sort.NEWEST and not answer.asked.blank:
        args.append(("sort", query.sort.value))
    if answer.asked.literal:
        args.append((rules.AS_TYPED_ARG, "1"))
    return [(name, value) for name, value in args if value]


def _active(answer: Answer, names: Names, path: str) -> tuple[Link, ...]:
    return tuple(
        Link(
            label_of(facet, value, names),
            paging.without(path, _args(answer), facet, value),
            name=facet,
            value=value,
        )
        for facet in rules.FACETS
        for value in sorted(answer.asked.query.filters.get(facet, ()))
    )


def _sorts(answer: Answer, path: str) -> tuple[Link, ...]:
    if answer.asked.blank:
        return ()
    current = answer.asked.query.sort
    return tuple(
        Link(label, paging.with_args(path, _args(answer), {"sort": value}), current=sort is current)
        for sort, value, label in (
            (Sort.BEST, None, gettext("Best match")),
            (Sort.NEWEST, Sort.NEWEST.value, gettext("Newest first")),
        )
    )


def answer_view(answer: Answer, names: Names, *, path: str, ref: str) -> AnswerView:
    """Show an answer."""
    asked = answer.asked
    query, reader, today = asked.query, str(locale.code()), locale.today()
    icon: Any = current_app.jinja_env.globals["icon"]
    rated = rating.of([hit.card.asset_id for hit in answer.hits])
    return AnswerView(
        total=answer.total,
        elapsed_ms=answer.elapsed_ms,
        relaxed=answer.relaxed,
        hits=drawing.hits(
            (
                hit_view(hit, ref, reader, today, rated[i].html if i in rated else "")
                for hit in answer.hits
                for i in (hit.card.asset_id,)
            ),
            drawing.Words(icon, gettext("Copy"), gettext("without"), locale.NAMES),
        ),
        facets=facet_views(answer, names),
        active=_active(answer, names, path),
        sorts=_sorts(answer, path),
        sort=query.sort.value if query.sort is Sort.NEWEST and not asked.blank else "",
        suggestions=()
        if answer.total
        else tuple(
            Link(name, paging.with_args(path, [], {"q": name}))
            for name in rules.near(asked.text, names.values())
        ),
        paging=paging.paging(
            total=min(answer.total, rules.MAX_PAGE * query.limit),
            number=asked.page,
            size=query.limit,
            url=paging.page_urls(path, _args(answer)),
        ),
        meant=meant.meant(asked, answer.total, _args(answer), path),
        clear_url=paging.with_args(path, [], {"q": asked.text}),
        ask_url=paging.with_args(request_form_path(), _args(answer), {}) if asked.text else "",
    )


def items(cards: Iterable[Card], source: str) -> tuple[Item, ...]:
    """Show cards as a short list whose links say where the reader came from."""
    today = locale.today()
    return tuple(
        Item(
            url=asset_path(card.slug, card.language, trail=f"from={source}"),
            title=card.title,
            kind=card.kind,
            kind_label=words.label(words.KINDS, card.kind),
            language=card.language,
            fresh=fresh_view(card.checked_on, card.months, today),
        )
        for card in cards
    )
