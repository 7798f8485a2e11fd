"""The start page: short lists of assets, and ways into the library."""

from collections.abc import Iterable
from dataclasses import dataclass

from portal.library.freshness.presenting import FreshView, fresh_view
from portal.library.links import asset_path
from portal.search.presenting import Link
from portal.search.queries import Card
from portal.web import locale, words


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
