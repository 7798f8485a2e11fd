"""Elements of a page made ready: links, images, tables that can be stacked, quotes, callouts."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from portal.markup import tree
from portal.markup.cleaning import BOXES
from portal.markup.slugs import slugify
from portal.markup.tree import Node

ANCHOR_LIMIT = 60
Nodes = list[Node | str]

_IGNORED = re.compile(r"[\x00-\x20\x7f]+")  # browsers skip these inside an address
_SCHEME = re.compile(r"([^/?#:]*):")  # also what only looks like one
_CALLOUT = re.compile(r"\s*\[!\s*[a-zA-Z]+[^\]\n]{0,80}\][ \t]*")
_NUMBER = re.compile(r"\d{1,4}")


def _safe_url(url: str, *, image: bool) -> str | None:
    """Return the address without what browsers ignore, or None when it leads somewhere odd."""
    url = _IGNORED.sub("", url)
    if "\\" in url or url.startswith("//") or not url:
        return None
    scheme = _SCHEME.match(url)
    if not scheme:
        return url
    name = scheme[1].lower()
    if name in {"http", "https"} and not re.match(r"https?://[^/?#]", url, re.IGNORECASE):
        return None
    return url if name in ({"https"} if image else {"http", "https", "mailto"}) else None


@dataclass(frozen=True, slots=True)
class Finisher:
    """Rewrites elements in place; `aliases` says where an author's own id leads now."""

    aliases: dict[str, str]
    link_of: Callable[[str], str | None]

    def finish(self, nodes: Nodes, label: str) -> Nodes:
        """Return the elements as they go on the page; `label` names tables without headings."""
        done: Nodes = []
        for node in nodes:
            if isinstance(node, str):
                done.append(node)
                continue
            node.children = self.finish(node.children, label)
            done += self._element(node, label)
        return done

    def _element(self, node: Node, label: str) -> Nodes:
        tag = node.tag
        if tag == "a":
            return self._link(node)
        if tag == "img":
            return self._image(node)
        if tag in {"h1", "h2", "h3"}:  # inside a list or table: no section of its own
            return [Node("p", {}, [Node("strong", {}, node.children)])]
        if tag in BOXES or tag == "div":
            return [Node("p", {}, node.children)] if _is_inline(node) else node.children
        if tag == "table":
            node = _table(node, label)
        elif tag == "blockquote":
            node = _quote(node)
        elif tag == "p" and not any(isinstance(c, Node) or c.strip() for c in node.children):
            return []
        elif tag == "ol" and not _NUMBER.fullmatch(node.attrs.get("start", "")):
            node.attrs.pop("start", None)
        return [node]

    def _link(self, node: Node) -> Nodes:
        href = _safe_url(node.attrs.get("href", ""), image=False)
        if href and href.startswith("#"):
            wanted = unquote(href[1:])
            anchor = self.aliases.get(wanted) or self.aliases.get(slugify(wanted, ANCHOR_LIMIT))
            href = f"#{anchor}" if anchor else None
        elif href and not _SCHEME.match(href):
            href = self.link_of(href) or href
        seen = any(isinstance(c, Node) or c.strip() for c in node.children)
        if not href or not seen:
            return node.children
        node.attrs = {k: v for k, v in node.attrs.items() if k == "title"} | {"href": href}
        if _SCHEME.match(href) and not href.lower().startswith("mailto:"):
            node.attrs["rel"] = "noopener noreferrer"
        return [node]

    def _image(self, node: Node) -> Nodes:
        src = _safe_url(node.attrs.get("src", ""), image=True)
        alt = node.attrs.get("alt", "")
        if not src:
            return [alt] if alt else []
        kept = {k: v for k, v in node.attrs.items() if k == "title" or _NUMBER.fullmatch(v)}
        node.attrs = kept | {"src": src, "alt": alt, "loading": "lazy"}
        return [node]


def _is_inline(node: Node) -> bool:
    return bool(node.children) and not any(
        isinstance(child, Node) and child.tag in tree.BLOCKS for child in node.children
    )


def _quote(node: Node) -> Node:
    """Tell a callout (`> [!NOTE]`) from a sentence to say; parts without a paragraph get one."""
    first: Node = node
    while (children := [c for c in first.children if isinstance(c, Node) or c.strip()]) and (
        isinstance(children[0], Node)
    ):
        first = children[0]
    if children and isinstance(children[0], str) and (mark := _CALLOUT.match(children[0])):
        place = first.children.index(children[0])
        first.children[place] = children[0][mark.end() :].lstrip("\n")
        return Node("aside", {"class": "callout"}, node.children)
    if _is_inline(node):
        node.children = [Node("p", {}, node.children)]
    return Node("blockquote", {}, node.children)


def _rows(part: Node) -> Iterator[list[Node]]:
    """Yield the cells of each row of this table, not of tables within it."""
    for child in part.children:
        if isinstance(child, str):
            continue
        if child.tag in {"thead", "tbody", "tfoot"}:
            yield from _rows(child)
        elif child.tag == "tr":
            yield [c for c in child.children if isinstance(c, Node) and c.tag in tree.CELLS]


def _table(table: Node, label: str) -> Node:
    """Name every cell after its column, so that style alone can stack the rows on a phone."""
    rows = list(_rows(table))
    first = rows[0] if rows else []
    heads: list[str] = []
    if first and all(cell.tag == "th" for cell in first):
        heads = [tree.text(cell.children).replace("\n", " ")[:80] for cell in first]
    for number, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            cell.attrs = {
                k: v
                for k, v in cell.attrs.items()
                if (k == "align" and v in {"left", "right", "center"})
                or (k.endswith("span") and _NUMBER.fullmatch(v))
            }
            if cell.tag == "th":
                cell.attrs["scope"] = "col" if heads and number == 0 else "row"
            elif column < len(heads):
                cell.attrs["data-label"] = heads[column]
    name = ", ".join(head for head in heads if head)[:120] or label or "…"
    attrs = {"class": "table", "role": "region", "tabindex": "0", "aria-label": name}
    return Node("div", attrs, [table])
