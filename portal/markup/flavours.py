"""Markdown as people really write it, made plain: lists, fences, MDX, Liquid, `:::`, `{#ids}`.

Reads line by line, in linear time, and leaves code alone. What only another site generator
understands goes; the words in it stay.
"""

import re
from dataclasses import dataclass, field

_FENCE = re.compile(r"(`{3,}(?!`)|~{3,}(?!~))([^`]*)$")
_ITEM = re.compile(r"([-*+]|\d{1,9}[.)])(?: {1,4}(?=\S)| *$)")
_RULE = re.compile(r"([-*_])(?: *\1){2,} *$")
_BREAKS = re.compile(r"#{1,6} |>|\||<[a-zA-Z/!]")  # ends a list without a blank line
_MODULE = re.compile(r"import\s[^;]{0,300}[\"'][^\"']+[\"'];?\s*$|export\s+(?:const|let|default)\b")
_JSX_CLOSED = re.compile(r"</([A-Z][a-z]\w*)\s*>|<([A-Z][a-z]\w{0,60})\b[^<>]{0,2000}/>")
_JSX = re.compile(r"</?([A-Z][a-z]\w*)\b([^<>]*)>")
_JSX_TITLE = re.compile(r"\btitle=\"([^\"]*)\"")
_JSX_COMMENT = re.compile(r"\{/\*[^*]*\*/\}")
_LIQUID = re.compile(r"\{%-?([^%]*)-?%\}")
_LIQUID_VALUE = re.compile(
    r"\{\{-?\s*(?:site|page|include|layout)\.[^{}]*\}\}|\{\{[<%][^{}]*[>%]\}\}"
)
_QUOTED = re.compile(r"\"([^\"]+)\"")
_LABEL = re.compile(r"\[([^\[\]]+)\]")
_INCLUDE = re.compile(r"\[!INCLUDE ?\[([^\[\]]*)\]\s?\([^()]*\)\]", re.IGNORECASE)
_VIDEO = re.compile(r"\[!VIDEO +(https?://[^\s\]]+)\s*\]", re.IGNORECASE)
_COLONS = re.compile(r":{3,}")
_COLON_IMAGE = re.compile(r"(?<!:):{3,}image\b(.*?)(?::{3,}|$)")
_COLON_VALUE = re.compile(r"(source|alt-text)=\"([^\"]*)\"")
_HEADING_ID = re.compile(r"\{:? ?#([\w.-]{1,100})(?=[\s}])[^{}]*\}\s*$")
_KRAMDOWN = re.compile(r"\{:[^{}]*\} *$")


PART = "<!-- -->"
_LIQUID_LINES = re.compile(r"\{%[^%\n]*\n[^%]{0,2000}%\}")
_TITLE_OF = re.compile(r"\[\{#T\}\]\(([^()\s#]+)([^()\s]*)\)")
_GRID_ROW = re.compile(r"\|\|[ \t]*\n[ \t]*\|\|")


def _liquid(match: re.Match[str]) -> str:
    """Keep the title of a note or tab and the label of an include; the rest is machinery."""
    words = match[1].split(None, 1)
    if len(words) == 2 and words[0] in {"note", "cut"} and (title := _QUOTED.search(words[1])):  # noqa: PLR2004
        return f"**{title[1]}**"
    if len(words) == 2 and words[0] == "include" and (label := _LABEL.search(words[1])):  # noqa: PLR2004
        return label[1]
    return ""


def _stem(match: re.Match[str]) -> str:
    """Name a link after its file, where a generator would have put the file's title."""
    name = match[1].rstrip("/").rpartition("/")[2].rpartition(".")
    return f"[{(name[0] or name[2]).replace('-', ' ').replace('_', ' ')}]({match[1]}{match[2]})"


def _grids(source: str) -> str:
    """Turn `#| || a | b || |#` into tables; rows that hold code become paragraphs."""
    parts: list[str] = []
    position = 0
    while (start := source.find("\n#|\n", position)) >= 0:
        end = source.find("\n|#", start)
        if end < 0:
            break
        inside = source[start + 3 : end].strip().removeprefix("||").removesuffix("||")
        rows = [row.strip().split(" | ") for row in _GRID_ROW.split(inside)]
        parts += [source[position:start], "\n\n", _grid(rows), "\n"]
        position = end + len("\n|#")
    return "".join([*parts, source[position:]])


def _grid(rows: list[list[str]]) -> str:
    if any("```" in cell or "\n\n" in cell for row in rows for cell in row):
        return "\n\n".join(" — ".join(row) for row in rows)
    lines = ["|" + "|".join(c.strip().replace("\n", "<br>") for c in row) + "|" for row in rows]
    return "\n".join([lines[0], "|" + "---|" * len(rows[0]), *lines[1:]])


def _colons(line: str) -> str:
    """Turn `:::image source alt-text:::` into an image; other `:::` lines only mark boxes."""

    def image(match: re.Match[str]) -> str:
        values = dict(_COLON_VALUE.findall(match[1]))
        return f"![{values.get('alt-text', '')}]({values.get('source', '').replace(' ', '%20')})"

    line = _COLON_IMAGE.sub(image, line)
    return "" if _COLONS.match(line.strip()) else line


def _words(text: str, components: frozenset[str]) -> str:
    """Tidy a piece of a line that is not code."""
    if "\\<" in text:
        text = text.replace("\\<", "&lt;")
    if "{" in text:
        text = _TITLE_OF.sub(_stem, text)
        text = _LIQUID_VALUE.sub("", _LIQUID.sub(_liquid, _JSX_COMMENT.sub("", text)))
    if "[!" in text:
        text = _VIDEO.sub(r"[\1](\1)", text)
        text = _INCLUDE.sub(lambda m: m[1].replace("_", " "), text)
    if components and "<" in text:
        text = _JSX.sub(
            lambda m: (
                m[0]
                if m[1] not in components
                else f"**{title[1]}** "
                if (title := _JSX_TITLE.search(m[2]))
                else ""
            ),
            text,
        )
    return text


@dataclass(slots=True)
class _Reader:
    """Reads lines one by one; `stack` holds the marker column of every open list item."""

    components: frozenset[str]
    out: list[str] = field(default_factory=list)
    stack: list[int] = field(default_factory=list)
    fence: str = ""
    fence_indent: int = 0
    raw: bool = False
    quoted: bool = False
    after_blank: bool = True

    def read(self, line: str) -> None:
        bare = line.lstrip(" ")
        indent = len(line) - len(bare)
        if self.fence:
            self._inside_fence(line, bare)
        elif self.raw:
            self.raw = "</pre" not in line.lower()
            self.out.append(line)
        elif not bare:
            self.after_blank = True
            self.out.append("")
        elif (fence := _FENCE.match(bare)) and (indent < 4 or self.stack):  # noqa: PLR2004
            self._open_fence(fence[1], indent)
        else:
            self._text(line, bare, indent)
            self.after_blank = False

    def close(self) -> str:
        if self.fence and not self.stack:
            self.out.append(self.fence)
        return "\n".join(self.out)

    # fences

    def _open_fence(self, fence: str, indent: int) -> None:
        self.fence, self.fence_indent = fence, indent
        while self.stack and indent < self.stack[-1] + 2:
            self.stack.pop()
        self.out += [""] if self.stack else ["", fence]

    def _inside_fence(self, line: str, bare: str) -> None:
        if bare.startswith(self.fence) and not bare.strip(self.fence[0] + " "):
            self.out.append("" if self.stack else self.fence)
            self.fence, self.after_blank = "", True
            return
        lost = min(self.fence_indent, len(line) - len(bare))
        pad = " " * (4 * len(self.stack) + 4) if self.stack else ""
        self.out.append((pad + line[lost:]).rstrip() if self.stack else line[lost:])

    # text

    def _text(self, line: str, bare: str, indent: int) -> None:
        code = indent >= 4 and not self.stack and self.after_blank  # noqa: PLR2004
        if code:
            self.out.append(line)
            return
        if bare[0] == ">" and self.quoted and self.after_blank and not self.stack:
            self.out += [PART, ""]  # two quotes, not one with two paragraphs
        tidy = self._tidy(bare)
        if not tidy.strip():
            self.out.append("")
            return
        if "<pre" in tidy.lower() and "</pre" not in tidy.lower():
            self.raw = True
        item = None if _RULE.match(tidy) else _ITEM.match(tidy)
        if item:
            self._item(tidy, item, indent)
        elif self.stack:
            self._in_list(tidy, indent)
        else:
            self.out.append(" " * indent + tidy)
        self.quoted = bare[0] == ">"

    def _tidy(self, bare: str) -> str:
        if _MODULE.match(bare):
            return ""
        if ":::" in bare:
            bare = _colons(bare)
        if "{" in bare:
            if bare.startswith("#"):
                bare = _HEADING_ID.sub(r'<a id="\1"></a>', bare)
            bare = _KRAMDOWN.sub("", bare)
        if "`" not in bare:
            return _words(bare, self.components)
        parts = bare.split("`")
        parts[::2] = [_words(part, self.components) for part in parts[::2]]
        return "`".join(parts)

    def _item(self, tidy: str, item: re.Match[str], indent: int) -> None:
        was_open = bool(self.stack)
        while self.stack and indent < self.stack[-1] + 2:
            self.stack.pop()
        interrupts = not was_open and not self.after_blank
        if interrupts and (item[1] not in {"-", "*", "+", "1.", "1)"} or not tidy[item.end() :]):
            self.out.append(" " * indent + tidy)  # "… in\n1986. A fine year" is no list
            return
        if interrupts:
            self.out.append("")
        marker = item[1].replace(")", ".")
        self.out.append("    " * len(self.stack) + f"{marker} {tidy[item.end() :]}")
        self.stack.append(indent)

    def _in_list(self, tidy: str, indent: int) -> None:
        if self.after_blank or (indent == 0 and _BREAKS.match(tidy)):
            while self.stack and indent < self.stack[-1] + 2:
                self.stack.pop()
            if not self.stack and not self.after_blank:
                self.out.append("")
        elif tidy[0] == ">" and not self.quoted:
            self.out.append("")
        # four more columns than the item's text: code inside the item
        deeper = indent - (self.stack[-1] + 2) if self.stack else indent
        extra = "    " if self.stack and self.after_blank and deeper >= 4 else ""  # noqa: PLR2004
        self.out.append("    " * len(self.stack) + extra + tidy)


def readable(source: str) -> str:
    """Return the source as plain Markdown that renders the way its author meant."""
    source = source.replace("\r\n", "\n").replace("\r", "\n")
    if "{%" in source:
        source = _LIQUID_LINES.sub(lambda m: m[0].replace("\n", " "), source)
    if "\n#|\n" in source:
        source = _grids(source)
    found = _JSX_CLOSED.findall(source) if "/>" in source or "</" in source else []
    reader = _Reader(frozenset(name for pair in found for name in pair if name))
    for line in source.split("\n"):
        reader.read(line.expandtabs(4) if "\t" in line else line)
    return reader.close()
