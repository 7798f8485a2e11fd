"""A small tree of cleaned HTML: read it, write it with our attributes only, take its text."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

MAX_DEPTH = 48  # deeper elements are dissolved; nobody reads the 48th quotation level
VOID = frozenset({"br", "hr", "img"})
BLOCKS = frozenset(
    {
        *("p", "div", "pre", "blockquote", "aside", "ul", "ol", "li", "dl", "dt", "dd", "hr"),
        *("table", "thead", "tbody", "tfoot", "tr", "caption"),
        *("h1", "h2", "h3", "h4", "h5", "h6"),
    }
)
CELLS = frozenset({"td", "th"})
# what may stand on the page; everything else is dropped when written
ATTRIBUTES = {
    "a": ("href", "rel", "title"),
    "abbr": ("title",),
    "aside": ("class",),
    "blockquote": ("id",),
    "div": ("class", "role", "tabindex", "aria-label"),
    "img": ("src", "alt", "title", "width", "height", "loading"),
    "ol": ("start",),
    "td": ("data-label", "align", "colspan", "rowspan"),
    "th": ("scope", "align", "colspan", "rowspan"),
}
_TAG = re.compile(r'<(/?)([a-zA-Z][a-zA-Z0-9]*)((?:\s+[a-zA-Z-]+="[^"]*")*)\s*/?>')
_ATTRIBUTE = re.compile(r'([a-zA-Z-]+)="([^"]*)"')
_SPACES = re.compile(r"[^\S\n]+")
_LINES = re.compile(r"\s*\n\s*")


@dataclass(slots=True, eq=False)
class Node:
    """One element; children are elements and unescaped text."""

    tag: str
    attrs: dict[str, str] = field(default_factory=dict)
    children: "list[Node | str]" = field(default_factory=list)

    def walk(self) -> "Iterator[Node]":
        """Yield this element and all below it, in reading order."""
        yield self
        for child in self.children:
            if isinstance(child, Node):
                yield from child.walk()


def parse(markup: str) -> Node:
    """Read HTML as nh3 writes it (closed tags, quoted attributes) into a tree, in linear time."""
    root = Node("div")
    stack: list[tuple[str, Node]] = [("", root)]
    position = 0
    for match in _TAG.finditer(markup):
        if match.start() > position:
            stack[-1][1].children.append(html.unescape(markup[position : match.start()]))
        position = match.end()
        closing, tag, attrs = match[1], match[2].lower(), match[3]
        if closing:
            if stack[-1][0] == tag:
                stack.pop()
            continue
        parent = stack[-1][1]
        node = Node(tag, {k: html.unescape(v) for k, v in _ATTRIBUTE.findall(attrs)})
        if tag in VOID:
            parent.children.append(node)
        elif len(stack) > MAX_DEPTH:
            stack.append((tag, parent))
        else:
            parent.children.append(node)
            stack.append((tag, node))
    if position < len(markup):
        stack[-1][1].children.append(html.unescape(markup[position:]))
    return root


def write(nodes: "list[Node | str]") -> str:
    """Write elements as HTML, with the attributes allowed and in a fixed order."""
    parts: list[str] = []
    for node in nodes:
        if isinstance(node, str):
            parts.append(html.escape(node, quote=False))
            continue
        attrs = "".join(
            f' {name}="{html.escape(node.attrs[name])}"'
            for name in ATTRIBUTES.get(node.tag, ())
            if name in node.attrs
        )
        parts.append(f"<{node.tag}{attrs}>")
        if node.tag not in VOID:
            parts.append(write(node.children))
            parts.append(f"</{node.tag}>")
    return "".join(parts)


def _gather(nodes: "list[Node | str]", parts: list[str], *, keep: bool) -> None:
    for node in nodes:
        if isinstance(node, str):
            parts.append(node if keep else node.replace("\n", " "))
            continue
        if node.tag == "br":
            parts.append("\n")
        elif node.tag == "img":
            parts.append(f" {node.attrs.get('alt', '')} ")
        block, cell = node.tag in BLOCKS, node.tag in CELLS
        parts.append("\n" if block else "")
        _gather(node.children, parts, keep=keep or node.tag == "pre")
        parts.append("\n" if block else "  " if cell else "")


def text(nodes: "list[Node | str]") -> str:
    """Return what a reader reads: one line a block, blanks collapsed."""
    parts: list[str] = []
    _gather(nodes, parts, keep=False)
    return _LINES.sub("\n", _SPACES.sub(" ", "".join(parts))).strip()
