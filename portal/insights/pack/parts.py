"""What every part of a pack is made of in the reader's language: lines, blocks, sections."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from portal.library.links import asset_path
from portal.library.rules import pick_language
from portal.web import locale, words

Facts = Mapping[str, Any]


WIDE = frozenset({"out", "used", "won"})


@dataclass(frozen=True, slots=True)
class Line:
    """One line: what it says, in which language that is, where it leads, and a word beside it."""

    text: str
    url: str = ""
    note: str = ""
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that belong together; `drawn` shows the same on a page, which need not list them."""

    title: str
    lines: list[Line]
    more: int = 0
    drawn: Markup | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a pack: its head, what it says in one sentence, its lines, where there is more."""

    key: str
    title: str
    lead: str
    blocks: list[Block] = field(default_factory=list)
    hint: str = ""
    url: str = ""

    @property
    def is_wide(self) -> bool:
        """Whether it goes over the whole page: what has a picture needs the room."""
        return self.key in WIDE

    @property
    def is_quiet(self) -> bool:
        """Whether there is nothing but its sentence."""
        return not any(block.lines for block in self.blocks)


@dataclass(frozen=True, slots=True)
class Named:
    """An asset as the reader sees it."""

    title: str
    url: str
    lang: str
    kind: str


def named(facts: Facts, number: int) -> Named:
    """Return an asset of the facts in the reader's language."""
    it = facts["assets"].get(str(number)) or {"slug": "", "kind": "", "titles": {}}
    titles = it["titles"]
    if not titles:
        return Named(it["slug"] or "–", "", "", "")
    language = pick_language(titles, None, locale.code()).value
    kind = words.label(words.KINDS, it["kind"])
    return Named(titles[language], asset_path(it["slug"]), language, kind)


def asset_line(facts: Facts, number: int, note: str = "") -> Line:
    """Return a line that names an asset."""
    it = named(facts, number)
    return Line(it.title, it.url, note, it.lang)
