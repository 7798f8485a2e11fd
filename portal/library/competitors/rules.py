"""What is decided about a competitor's page: which texts, in which order, which sentences."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol, TypeVar

from portal.library.rules import Kind, Nested, Part, pick_language
from portal.markup import Sayable

LATELY = timedelta(days=90)
"""How far back "most used" looks."""
MOST_OF_A_KIND = 8
MOST_SENTENCES = 12
QUICK_PARTS = (Part.OBJECTIONS, Part.LANDMINES, Part.WHY_WE_WIN)
"""The parts of the card a rep needs in the middle of a call, in this order."""


class Text(Protocol):
    """A text of an asset, as far as it matters here."""

    @property
    def asset_id(self) -> int: ...  # noqa: D102
    @property
    def language(self) -> str: ...  # noqa: D102
    @property
    def kind(self) -> str: ...  # noqa: D102


T = TypeVar("T", bound=Text)


def one_each(texts: Iterable[T], reader: str) -> list[T]:
    """Return one text an asset, what the reader understands first; otherwise the order stays."""
    found: dict[int, dict[str, T]] = {}
    for text in texts:
        found.setdefault(text.asset_id, {})[text.language] = text
    chosen = [texts[pick_language(texts, reader).value] for texts in found.values()]
    return sorted(chosen, key=lambda text: text.language != reader)


def by_kind(texts: Iterable[T]) -> dict[Kind, list[T]]:
    """Return texts by kind, in the order of `Kind`; the order within a kind stays."""
    found: dict[Kind, list[T]] = {}
    for text in texts:
        found.setdefault(Kind(text.kind), []).append(text)
    return {kind: found[kind] for kind in Kind if kind in found}


@dataclass(frozen=True, slots=True)
class Line:
    """What a rep can say to one thing: the first sentence of an item of the card."""

    anchor: str
    heading: str
    sayable: Sayable | None


@dataclass(frozen=True, slots=True)
class Quick:
    """A part of the card with its lines; `more` of them are only on the card."""

    part: Part
    heading: str
    lines: Sequence[Line]
    more: int


def quick_parts(sections: Iterable[Nested]) -> list[Quick]:
    """Return the parts of a card that are needed in a call, each with what can be said."""
    known = {section.part: section for section in sections if section.part}
    found = []
    for part in QUICK_PARTS:
        if part not in known:
            continue
        section = known[part]
        lines = [Line(section.anchor, "", said) for said in section.sayables]
        lines += [
            Line(item.anchor, item.heading, item.sayables[0] if item.sayables else None)
            for item in section.items
        ]
        if lines:
            shown = lines[:MOST_SENTENCES]
            found.append(Quick(part, section.heading, shown, len(lines) - len(shown)))
    return found
