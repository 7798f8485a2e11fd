"""The first heading of a text as its page draws it, found without drawing all of it."""

import re
from collections.abc import Iterator

from portal.errors import Invalid
from portal.markup import tree
from portal.markup.cleaning import BOXES, HOLLOW, to_html
from portal.markup.flavours import readable
from portal.markup.tree import Node

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
# where a heading may be: `#` at the beginning (after marks that go), an underline, or HTML
_CANDIDATE = re.compile(
    r"^[ \t]*(?:[{<:].*)?#|^ {0,3}(?:=+|-+)[ \t]*$|<h[1-6]\b", re.MULTILINE | re.IGNORECASE
)
# what is no heading inside of these must not become one because the text was cut before their end
_SPANS = (
    ("<!--", "-->"),
    ("\n#|\n", "\n|#"),
    *((f"<{tag}", f"</{tag}") for tag in ("pre", *sorted(HOLLOW))),
)


def first_heading(source: str) -> str:
    """Return the text of a Markdown source's first heading, "" when none is drawn or it can not be.

    Headings in quotes, lists, tables, code and comments are none of the text's own.
    """
    source = source.replace("\r\n", "\n").replace("\r", "\n")
    try:
        for part in _parts(source):
            heading = _first(tree.parse(to_html(readable(part))).children)
            # `[words][label]`: the label may be explained further down
            if heading and ("[" not in heading or part == source):
                return heading
    except Invalid:
        pass
    return ""


def _parts(source: str) -> Iterator[str]:
    """Yield beginnings of the source, each twice as many places that may be a heading.

    So it is drawn about twice at most, however many of these places are none.
    """
    lowered, number = source.lower(), 0
    for number, place in enumerate(_CANDIDATE.finditer(source), 1):
        if number & (number - 1) == 0:
            yield source[: _end(lowered, place.end())]
    if number:
        yield source


def _end(source: str, start: int) -> int:
    """Return where the paragraph ends, and what was opened in or before it."""
    end = source.find("\n\n", start)
    while end >= 0:
        closed = [
            source.find(closing, end)
            for opening, closing in _SPANS
            if source.rfind(opening, 0, end) > source.rfind(closing, 0, end)
        ]
        if max(closed, default=-1) < 0:
            return end
        end = source.find("\n\n", max(closed))
    return len(source)


def _first(nodes: list[Node | str]) -> str:
    for node in nodes:
        if isinstance(node, Node):
            heading = ""
            if node.tag in BOXES or node.tag == "div":
                heading = _first(node.children)
            elif node.tag in _HEADINGS:
                heading = tree.text(node.children).replace("\n", " ").strip()
            if heading:
                return heading
    return ""
