"""What suggestions show: an address, words, a picture, and what it is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext

from portal.library.links import asset_path, competitor_path
from portal.search.hints import rules
from portal.search.hints.service import RIVALS
from portal.search.queries import Card
from portal.web import words


@dataclass(frozen=True, slots=True)
class Hint:
    """A suggestion; `language` of its words, when it is not the page's."""

    url: str
    text: str
    icon: str
    note: str
    language: str = ""


def of_searches(found: Iterable[tuple[str, bool]]) -> list[Hint]:
    """Show searches to make again."""
    return [
        Hint(
            url_for("search.page", q=text),
            text,
            "clock" if mine else "search",
            gettext("you searched") if mine else gettext("search"),
        )
        for text, mine in found
    ]


def of_cards(cards: Iterable[Card], icon: str = "file", note: str = "") -> list[Hint]:
    """Show assets to open."""
    return [
        Hint(
            asset_path(card.slug, card.language, trail="from=palette"),
            card.title,
            icon,
            note or words.label(words.KINDS, card.kind),
            card.language,
        )
        for card in cards
    ]


def of_rivals(typed: Sequence[str], names: Mapping[tuple[str, str], str]) -> list[Hint]:
    """Show the competitors whose name begins so."""
    found = [
        Hint(competitor_path(slug), name, "shield", gettext("competitor"))
        for (facet, slug), name in sorted(names.items())
        if facet == "competitor" and rules.begins(typed, name)
    ]
    return found[:RIVALS]
