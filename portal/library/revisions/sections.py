"""A text's Markdown cut at its headings, as its page is, without losing a character: pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.library.rules import anchor_of
from portal.markup import fold, slugify
from portal.markup.outline import RESERVED

DEEPEST = 3
MOST = 2000
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_HEAD = re.compile(r"(#{1,6})(?!#)[ \t]*(.*?)[ \t]*#*[ \t]*$")
_UNDER = re.compile(r"(=+|-+) *$")
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()]*\)")
_MARKS = re.compile(r"[*`]|\{:? ?#[^{}]*\} *$|</?[a-zA-Z][^<>]*>")


@dataclass(frozen=True, slots=True)
class Piece:
    """A heading (level 1 to 3; 0 is the lead) and what stands under it, as it was written."""

    anchor: str
    level: int
    heading: str
    source: str

    @property
    def text(self) -> str:
        """The source without the blank lines around it: what makes two pieces the same."""
        return self.source.strip()


def _heads(lines: Sequence[str]) -> Iterable[tuple[int, int, str]]:
    """Yield (line, level, heading) of every heading that begins a section."""
    fence = ""
    for number, line in enumerate(lines):
        mark = _FENCE.match(line)
        if fence:
            if mark and mark[1].startswith(fence) and not line.strip().strip(fence[0]):
                fence = ""
            continue
        if mark:
            fence = mark[1]
        elif line.startswith("#"):
            found = _HEAD.match(line.rstrip("\n"))
            if found and found[2] and len(found[1]) <= DEEPEST:
                yield number, len(found[1]), found[2]
        elif (
            line.strip()
            and number + 1 < len(lines)
            and (number == 0 or not lines[number - 1].strip())
            and (under := _UNDER.match(lines[number + 1].rstrip("\n")))
        ):
            yield number, 1 if under[1][0] == "=" else 2, line.strip()


def split(body: str, title: str = "") -> list[Piece]:
    """Cut a body at its headings; the sources of all pieces, joined, are the body."""
    lines = re.split(r"(?<=\n)", body)
    heads = list(_heads(lines))[: MOST - 1]
    edges = [number for number, _level, _heading in heads]
    sources = [
        "".join(lines[start:end])
        for start, end in zip([0, *edges], [*edges, len(lines)], strict=True)
    ]
    taken: set[str] = set()
    pieces = [Piece("", 0, "", sources[0])] if sources[0] else []
    for (_number, level, raw), source in zip(heads, sources[1:], strict=True):
        heading = " ".join(_MARKS.sub("", _LINK.sub(r"\1", raw)).split())
        if title and not taken and not any(p.text for p in pieces) and fold(heading) == fold(title):
            taken.add("")
            pieces.append(Piece("", 0, "", source))
            continue
        base = anchor_of(heading) or slugify(heading)
        if base in RESERVED or base.startswith("say-"):
            base = f"s-{base}"
        anchor, times = base, 2
        while anchor in taken:
            anchor, times = f"{base}-{times}", times + 1
        taken.add(anchor)
        pieces.append(Piece(anchor, level, heading, source))
    return pieces


def told_in(content: Mapping[str, Any]) -> list[Piece]:
    """Return the sections of a content (`library.service.content_of`) that say something."""
    return [p for p in split(content.get("body") or "", content.get("title") or "") if p.text]


def join(sources: Iterable[str]) -> str:
    """Put sections together again: each begins after an empty line, an empty one is left out."""
    parts = [source.strip("\n") for source in sources if source.strip()]
    return "\n\n".join(parts) + "\n" if parts else ""


def leaves(value: Any, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], str]]:  # noqa: ANN401
    """Return every text within a value with its path: `("results", "0", "label")`."""
    if isinstance(value, Mapping):
        return [leaf for key in value for leaf in leaves(value[key], (*path, str(key)))]
    if isinstance(value, list | tuple):
        return [leaf for n, it in enumerate(value) for leaf in leaves(it, (*path, str(n)))]
    return [] if value is None else [(path, str(value))]
