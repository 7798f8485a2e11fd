"""A section's cleaned HTML as blocks a person reads one by one: paragraphs, items, rows, quotes."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from portal.markup import tree
from portal.markup.tree import Node

UNREAD = frozenset({"pre", "code", "kbd", "samp"})
CONTAINERS = frozenset({"ul", "ol", "dl", "div", "aside", "blockquote", "table", "thead", "tbody"})
CONTAINERS |= {"tfoot"}

_BLANKS = re.compile(r"[ \t\r\n]+")  # a no-break space holds a number together: it stays


@dataclass(frozen=True, slots=True)
class Link:
    """A link as it stands in a block."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class Block:
    """One block: its words (code left out), its links; of a table's row also cells and columns."""

    text: str
    links: tuple[Link, ...] = ()
    said: bool = False
    cells: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()


def blocks_of(html: str) -> list[Block]:
    """Return the blocks of a section in reading order; empty ones are left out."""
    return list(_blocks(tree.parse(html).children, said=False))


def _blocks(nodes: Sequence[Node | str], *, said: bool) -> Iterator[Block]:
    run: list[Node | str] = []
    for node in nodes:
        if isinstance(node, Node) and (node.tag in tree.BLOCKS or node.tag in UNREAD - {"code"}):
            yield from _block(run, said=said)
            run = []
            if node.tag == "table":
                yield from _rows(node, said=said)
            elif node.tag not in UNREAD:
                yield from _blocks(node.children, said=said or node.tag == "blockquote")
        else:
            run.append(node)
    yield from _block(run, said=said)


def _block(run: Sequence[Node | str], *, said: bool) -> Iterator[Block]:
    if not run:
        return
    links: list[Link] = []
    words = _words(run, links)
    if words:
        yield Block(words, tuple(links), said)


def _words(nodes: Sequence[Node | str], links: list[Link]) -> str:
    parts: list[str] = []
    _gather(nodes, parts, links)
    return _BLANKS.sub(" ", "".join(parts)).strip()


def _gather(nodes: Sequence[Node | str], parts: list[str], links: list[Link]) -> None:
    for node in nodes:
        if isinstance(node, str):
            parts.append(node.replace("\n", " "))
            continue
        if node.tag in UNREAD or node.tag in {"br", "img"}:
            parts.append(" ")
            continue
        start = len(parts)
        _gather(node.children, parts, links)
        if node.tag == "a" and node.attrs.get("href"):
            links.append(Link("".join(parts[start:]).strip(), node.attrs["href"]))
        if node.tag in tree.BLOCKS:
            parts.append(" ")


def _rows(table: Node, *, said: bool) -> Iterator[Block]:
    """Yield each row of a table under its headings; the row of headings itself is none."""
    columns: tuple[str, ...] = ()
    for number, row in enumerate(node for node in table.walk() if node.tag == "tr"):
        links: list[Link] = []
        nodes = [c for c in row.children if isinstance(c, Node) and c.tag in tree.CELLS]
        cells = tuple(_words(cell.children, links) for cell in nodes)
        if number == 0 and nodes and all(cell.tag == "th" for cell in nodes):
            columns = cells
        elif any(cells):
            yield Block(" · ".join(filter(None, cells)), tuple(links), said, cells, columns)
