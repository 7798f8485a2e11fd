"""What the vocabulary's pages show: names in the reader's language, addresses, clashes in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import url_for
from flask_babel import gettext

from portal.library.models import FacetTerm
from portal.library.queries import name_of
from portal.library.rules import Facet
from portal.library.terms import labels
from portal.library.terms.models import TermEvent
from portal.library.terms.queries import TermLine
from portal.library.terms.rules import Clash
from portal.web import locale, words


@dataclass(frozen=True, slots=True)
class Tab:
    """One of the five lists."""

    facet: str
    label: str
    url: str
    current: bool
    count: int


@dataclass(frozen=True, slots=True)
class LineView:
    """A term in a list; `others` are its names in other languages, with their codes."""

    url: str
    name: str
    language: str
    others: Sequence[tuple[str, str]]
    aliases: Sequence[str]
    assets: int
    published: int
    search_url: str
    retired_on: date | None


def tabs(counts: dict[str, int], current: Facet) -> list[Tab]:
    """Return the five lists to choose from."""
    return [
        Tab(
            facet.value,
            words.label(labels.FACETS_MANY, facet),
            url_for("terms.index", facet=facet.value),
            facet is current,
            counts.get(facet.value, 0),
        )
        for facet in Facet
    ]


def name(term: FacetTerm) -> str:
    """Return a term's name in the reader's language, else in another one."""
    return name_of(term.names, term.slug, locale.code().value)


def language_of(names: dict[str, str]) -> str:
    """Return the language that `name_of` takes a name in."""
    reader = locale.code().value
    return next((code for code in (reader, "en", *names) if names.get(code)), reader)


def line_view(line: TermLine, facet: Facet) -> LineView:
    """Show a term in a list."""
    shown = language_of(line.names)
    main = name_of(line.names, line.slug, locale.code().value)
    return LineView(
        url=url_for("terms.show", facet=facet.value, slug=line.slug),
        name=main,
        language=shown,
        others=[
            (code.value, line.names[code])
            for code in locale.NAMES
            if code != shown and line.names.get(code) and line.names[code] != main
        ],
        aliases=line.aliases,
        assets=line.assets,
        published=line.published,
        search_url=f"{url_for('search.page')}?{facet.value}={line.slug}",
        retired_on=line.retired_on,
    )


def clash_words(clash: Clash) -> tuple[str, str]:
    """Explain that a word is taken: by which term; and return where that one is kept."""
    other = name_of(clash.other.names, clash.other.slug, locale.code().value)
    message = gettext(
        "“%(word)s” already belongs to %(term)s. Choose another word, take it away there, or merge "
        "the two.",
        word=clash.word,
        term=other,
    )
    return message, clash.other.slug


@dataclass(frozen=True, slots=True)
class EventView:
    """One line of a term's history; `undo_url` is empty where nothing can be undone."""

    at: datetime
    who: str
    what: str
    details: Sequence[str]
    undo_url: str


def event_view(event: TermEvent, former: Sequence[str]) -> EventView:
    """Show one line of a term's history."""
    detail, is_merge = event.detail, event.action == "merge"
    can_undo = is_merge and event.undone_at is None and detail["slug"] in former
    return EventView(
        at=event.at,
        who=event.user.name if event.user else gettext("The portal"),
        what=words.label(labels.HAPPENED, event.action),
        details=_details(detail) if is_merge or event.action == "change" else (),
        undo_url=url_for("terms.undo", event_id=event.id) if can_undo else "",
    )


def _details(detail: dict[str, Any]) -> list[str]:
    if "only" in detail:
        merged = name_of(detail["names"], detail["slug"], locale.code().value)
        count = len(detail["only"]) + len(detail["both"])
        return [merged, gettext("Assets: %(n)s", n=locale.number(count))]
    return [
        f"{words.label(labels.CHANGED, key)}: {_said(old)} → {_said(new)}"
        for key, (old, new) in sorted(detail.items())
    ]


def _said(value: Any) -> str:  # noqa: ANN401  # a slug, names by language, or aliases
    if isinstance(value, dict):
        value = [value[code] for code in locale.NAMES if value.get(code)]
    return ", ".join(value) if isinstance(value, list) else str(value)
