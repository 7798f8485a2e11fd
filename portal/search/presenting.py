"""What the search page shows: labels, addresses, facets with counts, ways on; no decisions."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from flask import current_app, request, url_for
from flask_babel import gettext
from markupsafe import Markup

from portal.asset_requests.links import request_form_path
from portal.calls.ratings import presenting as rating
from portal.library.attachments.labels import place_label
from portal.library.attachments.rules import place_of
from portal.library.freshness.presenting import fresh_view
from portal.library.links import asset_path, competitor_path, search_trail
from portal.library.pinning.presenting import button as pin_button
from portal.library.queries import name_of
from portal.library.rules import minutes
from portal.search import drawing, rules
from portal.search.drawing import HitView
from portal.search.engine import Sort
from portal.search.facets.presenting import FacetView, Named, Names, facet_views
from portal.search.finding import Answer, FoundHit, Shown
from portal.search.promoting.presenting import labels as promotion_labels
from portal.search.understood import presenting as meant
from portal.search.understood.presenting import Meant
from portal.web import locale, paging, words

MOST_TEXT = 2000
"""Characters of a query that links repeat."""


@dataclass(frozen=True, slots=True)
class Link:
    """Words and where they lead."""

    label: str
    url: str
    current: bool = False
    name: str = ""
    value: str = ""


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


@lru_cache(maxsize=1024)
def _once(drawn: Markup) -> Markup:
    """Return the first of equal pieces: thousands of cards have one of three languages."""
    return drawn


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
            _once(macros.tags(card.kind, words.label(words.KINDS, card.kind), rivals)),
            macros.facts(card, minutes(card.words), fresh),
            _once(macros.language(card.language)),
        )
        shown.drawn[language] = (today, drawn)
    made: tuple[Markup, Markup, Markup] = drawn
    return made


@dataclass(frozen=True, slots=True)
class Around:
    """What hits of one answer share: what is said of some of them, and where to go from each."""

    ref: str
    reader: str
    today: date
    rated: Mapping[int, str]
    promoted: Mapping[int, str]
    pinned: Collection[int]
    why: str


def hit_view(hit: FoundHit, around: Around) -> HitView:
    """Show one hit; its links carry the search they belong to and the rank."""
    ref, reader, today = around.ref, around.reader, around.today
    card, snippet = hit.card, hit.snippet
    trail = search_trail(ref, hit.rank)
    sentence = snippet.sentence
    place = place_of(snippet.anchor)
    tags, facts, spoken = _drawn(hit.shown, reader, today)
    return HitView(
        url=asset_path(card.slug, card.language, trail=trail),
        asset_id=card.asset_id,
        language=card.language,
        revision=card.revision,
        tags=tags,
        facts=facts,
        rated=around.rated.get(card.asset_id, ""),
        promoted=around.promoted.get(card.asset_id, ""),
        why_url=f"{around.why}&asset={card.asset_id}" if around.why else "",
        pin=pin_button(card.slug, pinned=card.asset_id in around.pinned, small=True),
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


def _args(answer: Answer) -> list[tuple[str, str]]:
    """What the address says, as understood: nothing unknown is carried from link to link."""
    return rules.args_of(answer.asked, request.args.get("q", "")[:MOST_TEXT])


def _active(answer: Answer, named: Named, path: str) -> tuple[Link, ...]:
    return tuple(
        Link(
            named(facet, value),
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


def _around(
    answer: Answer,
    ref: str,
    promoted: Mapping[int, date],
    pinned: Collection[int],
) -> Around:
    found = rating.of([hit.card.asset_id for hit in answer.hits])
    args = _args(answer)
    return Around(
        ref=ref,
        reader=str(locale.code()),
        today=locale.today(),
        rated={asset_id: shown.html for asset_id, shown in found.items()},
        promoted=promotion_labels(promoted),
        pinned=pinned,
        why=paging.with_args(url_for("why.show"), args, {}) if args else "",
    )


def _hits(answer: Answer, around: Around) -> Markup:
    """Draw the hits."""
    icon: Any = current_app.jinja_env.globals["icon"]
    said = drawing.Words(
        icon,
        gettext("Copy"),
        gettext("without"),
        locale.NAMES,
        gettext("Why this result"),
    )
    return drawing.hits((hit_view(hit, around) for hit in answer.hits), said)


def answer_view(
    answer: Answer,
    names: Names,
    *,
    path: str,
    ref: str,
    promoted: Mapping[int, date] = MappingProxyType({}),
    pinned: Collection[int] = (),
) -> AnswerView:
    """Show an answer; `promoted`: assets with the last day; `pinned`: those the reader pinned."""
    asked = answer.asked
    query = asked.query
    named = Named.of(answer, names)
    around = _around(answer, ref, promoted, pinned)
    return AnswerView(
        total=answer.total,
        elapsed_ms=answer.elapsed_ms,
        relaxed=answer.relaxed,
        hits=_hits(answer, around),
        facets=facet_views(answer, named),
        active=_active(answer, named, path),
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
