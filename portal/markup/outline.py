"""Cleaned HTML cut into sections: anchors, sayable sentences, tables that can be stacked, links."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from portal.markup import tree
from portal.markup.cleaning import BOXES, to_html
from portal.markup.elements import ANCHOR_LIMIT, Finisher, Nodes
from portal.markup.flavours import readable
from portal.markup.slugs import fold, slugify
from portal.markup.tree import Node

SECTION_LEVELS = {"h1": 1, "h2": 2, "h3": 3}
MAX_SECTIONS = 2000
# ids the pages themselves use, or that a browser looks up by name
RESERVED = frozenset(
    (
        "main content nav menu top search query q results palette toast footer header form filters "
        "toc-title related-title shelf body head title theme language account app icons location "
        "cookie domain forms images links"
    ).split()
)
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Sayable:
    """One block quote: plain text to copy, and where it stands."""

    anchor: str
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """A heading (level 1–3; 0 is the lead before the first one) and what stands under it."""

    anchor: str
    level: int
    heading: str
    html: str
    text: str
    sayables: tuple[Sayable, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A whole text as sections in reading order, and its number of words."""

    sections: tuple[Section, ...]
    words: int


@dataclass(slots=True, eq=False)
class _Draft:
    """A section while it is gathered; `aliases` are ids the author gave."""

    level: int
    heading: str
    nodes: Nodes = field(default_factory=list)
    aliases: list[str] = field(default_factory=list)
    anchor: str = ""


def _no_part(_heading: str) -> str | None:
    return None


def _keep_link(_href: str) -> str | None:
    return None


def plain(html: str) -> str:
    """Return the text of HTML that this package has cleaned: one line a block."""
    return tree.text(tree.parse(html).children)


class _Cutter:
    """Deals the top level of a document out to sections."""

    def __init__(self) -> None:
        self.drafts = [_Draft(0, "")]
        self._run: Nodes = []

    def deal(self, nodes: Nodes) -> None:
        for node in nodes:
            if isinstance(node, Node) and (node.tag in BOXES or node.tag == "div"):
                self._close_run()
                self.deal(node.children)
                self._close_run()
            elif isinstance(node, Node) and node.tag in SECTION_LEVELS:
                self._close_run()
                self._open(node)
            elif isinstance(node, str) or node.tag not in tree.BLOCKS:
                self._run.append(node)
            else:
                self._close_run()
                self.drafts[-1].nodes.append(node)

    def finish(self) -> list[_Draft]:
        self._close_run()
        if len(self.drafts) > MAX_SECTIONS:
            self.drafts[MAX_SECTIONS - 1].nodes += [
                node
                for draft in self.drafts[MAX_SECTIONS:]
                for node in (Node("p", {}, [draft.heading]), *draft.nodes)
            ]
            del self.drafts[MAX_SECTIONS:]
        return self.drafts

    def _open(self, node: Node) -> None:
        heading = tree.text(node.children).replace("\n", " ").strip()
        if heading:
            self.drafts.append(_Draft(SECTION_LEVELS[node.tag], heading))
        self.drafts[-1].aliases += [
            n.attrs[key] for n in node.walk() for key in ("id", "name") if key in n.attrs
        ]

    def _close_run(self) -> None:
        if any(isinstance(n, Node) or n.strip() for n in self._run):
            self.drafts[-1].nodes.append(Node("p", {}, self._run))
        self._run = []


def _drop_title(drafts: list[_Draft], title: str) -> None:
    """Let a heading that only repeats the title go: the page shows the title already."""
    if len(drafts) < 2 or drafts[0].nodes or not title:  # noqa: PLR2004
        return
    if fold(drafts[1].heading) == fold(title):
        drafts[1].level, drafts[1].heading = 0, ""
        del drafts[0]


def _name(drafts: list[_Draft], anchor_of: Callable[[str], str | None]) -> dict[str, str]:
    """Give every section its anchor; return where the author's own ids lead now."""
    taken: set[str] = set()
    aliases: dict[str, str] = {}
    for draft in drafts:
        if not draft.level:
            continue
        base = anchor_of(draft.heading) or slugify(draft.heading, ANCHOR_LIMIT)
        if base in RESERVED or base.startswith("say-"):
            base = f"s-{base}"
        anchor, number = base, 2
        while anchor in taken:
            anchor, number = f"{base}-{number}", number + 1
        taken.add(anchor)
        draft.anchor = anchor
    for draft in drafts:
        for alias in draft.aliases:
            aliases.setdefault(alias, draft.anchor)
    return aliases | {anchor: anchor for anchor in taken}


def _quotes(nodes: Nodes) -> Iterator[Node]:
    """Yield the outermost block quotes in reading order."""
    for node in nodes:
        if isinstance(node, Node):
            if node.tag == "blockquote":
                yield node
            else:
                yield from _quotes(node.children)


def _sayables(nodes: Nodes, anchor: str) -> tuple[Sayable, ...]:
    """Number the sentences to say of a section."""
    found: list[Sayable] = []
    for node in _quotes(nodes):
        if words := tree.text(node.children):
            name = "-".join(filter(None, ("say", anchor, str(len(found) + 1))))
            node.attrs["id"] = name
            found.append(Sayable(anchor=name, text=words))
    return tuple(found)


def render(
    source: str,
    *,
    title: str = "",
    anchor_of: Callable[[str], str | None] = _no_part,
    link_of: Callable[[str], str | None] = _keep_link,
) -> Document:
    """Turn Markdown into sections of safe HTML, in at most about five seconds.

    `title`: a first heading that says the same is left out. `anchor_of`: a heading's own anchor,
    else its slug. `link_of`: where a relative link leads, else it stays.

    Raises:
        Invalid: when the source is over 1 MB or would take too long.
    """
    cutter = _Cutter()
    cutter.deal(tree.parse(to_html(readable(source))).children)
    drafts = cutter.finish()
    _drop_title(drafts, title)
    finisher = Finisher(_name(drafts, anchor_of), link_of)
    sections = []
    for draft in drafts:
        nodes = finisher.finish(draft.nodes, draft.heading or title)
        if draft.level or nodes:
            said = _sayables(nodes, draft.anchor)
            html, text = tree.write(nodes), tree.text(nodes)
            sections.append(Section(draft.anchor, draft.level, draft.heading, html, text, said))
    words = sum(len(_WORD.findall(f"{s.heading} {s.text}")) for s in sections)
    return Document(tuple(sections), words)
