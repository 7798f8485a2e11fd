"""Checks of a text: links, sections, tables, images, titles, sentences, figures; pure."""

import re
from collections.abc import Iterator

from portal.library.claims import words
from portal.library.quality import rules
from portal.library.quality.rules import Around, Check, Found, Snapshot, TextShot
from portal.library.rules import Kind, Part, State
from portal.markup import tree

_HREF = re.compile(r'<a [^>]*?href="/assets/([^"/#?]+)(?:/([a-z]{2}))?(?:\?[^"#]*)?(?:#([^"]*))?"')
_TABLE = re.compile(r"<table.*?</table>", re.DOTALL)
_WORD = re.compile(r"\w+")
DETAIL_MOST = 160


def _short(text: str) -> str:
    return text if len(text) <= DETAIL_MOST else f"{text[: DETAIL_MOST - 1]}…"


def dead_links(_shot: Snapshot, text: TextShot, around: Around) -> Iterator[Found]:
    """A link leads to an asset that is not there or not published, or to no section of it."""
    for section in text.sections:
        for slug, language, anchor in dict.fromkeys(_HREF.findall(section.html)):
            target = around.targets.get(slug)
            why = ""
            if target is None:
                why = "missing"
            elif target.state != State.PUBLISHED.value:
                why = target.state
            elif language and language not in target.anchors:
                why = "language"
            elif anchor and not any(
                anchor in anchors
                for code, anchors in target.anchors.items()
                if code == language or not language
            ):
                why = "anchor"
            if why:
                to = slug + (f"/{language}" if language else "") + (f"#{anchor}" if anchor else "")
                yield Found(
                    Check.DEAD_LINK, text.language, section.anchor, key=to,
                    detail={"to": to, "why": why}, there=f"{to} {why}",
                )  # fmt: skip


def empty_sections(_shot: Snapshot, text: TextShot, _around: Around) -> Iterator[Found]:
    """A heading with nothing under it, neither text nor smaller headings."""
    sections = text.sections
    for number, section in enumerate(sections):
        after = sections[number + 1] if number + 1 < len(sections) else None
        parts = after is not None and after.level > section.level
        if section.level and not section.text.strip() and "<img" not in section.html and not parts:
            yield Found(
                Check.EMPTY_SECTION, text.language, section.anchor,
                detail={"heading": _short(section.heading)}, there=section.heading,
            )  # fmt: skip


def parts_missing(shot: Snapshot, text: TextShot, _around: Around) -> Iterator[Found]:
    """A battlecard lacks a part reps look for."""
    if shot.kind != Kind.BATTLECARD.value:
        return
    present = {section.anchor for section in text.sections}
    for part in Part:
        if part.value not in present and part is not Part.TALK_TRACK:
            yield Found(
                Check.PART_MISSING, text.language, key=part.value, detail={"part": part.value}
            )


def duplicates(_shot: Snapshot, text: TextShot, _around: Around) -> Iterator[Found]:
    """Another asset says nearly the same."""
    for slug, title, percent in text.twins:
        yield Found(
            Check.DUPLICATE, text.language, key=slug,
            detail={"slug": slug, "title": _short(title), "percent": percent},
            there=f"{text.title}\n{title}",
        )  # fmt: skip


def tables(_shot: Snapshot, text: TextShot, _around: Around) -> Iterator[Found]:
    """A table that can not be read: rows of other lengths, columns without a name, too wide."""
    for section in text.sections:
        if "<table" not in section.html:
            continue
        for number, match in enumerate(_TABLE.finditer(section.html)):
            why = _trouble(tree.parse(match[0]))
            if why:
                yield Found(
                    Check.TABLE, text.language, section.anchor, key=f"{number} {why}",
                    detail={"why": why}, there=match[0],
                )  # fmt: skip


def _trouble(table: tree.Node) -> str:
    rows = [
        [c for c in node.children if isinstance(c, tree.Node) and c.tag in tree.CELLS]
        for node in table.walk()
        if node.tag == "tr"
    ]
    rows = [row for row in rows if row]
    if not rows or any("colspan" in c.attrs or "rowspan" in c.attrs for r in rows for c in r):
        return ""
    width = max(map(len, rows))
    if any(len(row) != width for row in rows):
        return "ragged"
    if width > rules.COLUMNS_MOST:
        return "wide"
    heads = [tree.text(cell.children).strip() for cell in rows[0]]
    if len(rows) == 1:
        return "empty"
    # the corner above the names of the rows may stay empty
    return "header" if any(not head for head in heads[1:]) else ""


def images(_shot: Snapshot, text: TextShot, _around: Around) -> Iterator[Found]:
    """An image that says nothing to who can not see it."""
    for section in text.sections:
        if "<img" not in section.html:
            continue
        for node in tree.parse(section.html).walk():
            if node.tag == "img" and not node.attrs.get("alt", "").strip():
                source = node.attrs.get("src", "")
                yield Found(
                    Check.IMAGE, text.language, section.anchor, key=source,
                    detail={"src": _short(source)}, there=source,
                )  # fmt: skip


def titles(_shot: Snapshot, text: TextShot, _around: Around) -> Iterator[Found]:
    """A title too long for a hit, or one that another asset has too."""
    if len(text.title) > rules.TITLE_MOST:
        yield Found(
            Check.TITLE_LONG, text.language,
            detail={"n": len(text.title), "most": rules.TITLE_MOST}, there=text.title,
        )  # fmt: skip
    for slug in text.namesakes:
        yield Found(
            Check.TITLE_TWICE, text.language, key=slug, detail={"slug": slug}, there=text.title
        )


def summaries(_shot: Snapshot, text: TextShot, _around: Around) -> Iterator[Found]:
    """No summary under the title of a hit, or one nobody reads to its end."""
    size = len(text.summary.strip())
    if not size or size > rules.SUMMARY_MOST:
        detail = {"n": size, "most": rules.SUMMARY_MOST}
        yield Found(Check.SUMMARY, text.language, detail=detail, there=text.summary)


def long_sentences(_shot: Snapshot, text: TextShot, _around: Around) -> Iterator[Found]:
    """A sentence to say that nobody says in one breath."""
    most = rules.SAY_MOST.get(text.language, rules.SAY_MOST["en"])
    for section in text.sections:
        for said in section.said:
            for sentence in words.sentences_of(said.replace("\n", " ")):
                count = len(_WORD.findall(sentence))
                if count > most:
                    yield Found(
                        Check.SENTENCE_LONG, text.language, section.anchor, key=sentence,
                        detail={"sentence": _short(sentence), "n": count, "most": most},
                        there=sentence,
                    )  # fmt: skip


def headings(_shot: Snapshot, text: TextShot, _around: Around) -> Iterator[Found]:
    """A heading that skips a level: who hears the page misses the one between."""
    before = 1
    for section in text.sections:
        if section.level > before + 1:
            yield Found(
                Check.HEADINGS, text.language, section.anchor,
                detail={"heading": _short(section.heading)}, there=f"{before} {section.heading}",
            )  # fmt: skip
        before = section.level or before


def figures(_shot: Snapshot, text: TextShot, _around: Around) -> Iterator[Found]:
    """A figure without source, or with a source of nobody knows when."""
    for problem, anchor, sentence in text.claims:
        check = Check.FIGURE_DATE if problem == "undated" else Check.FIGURE_SOURCE
        yield Found(
            check, text.language, anchor, key=sentence,
            detail={"sentence": _short(sentence)}, there=sentence,
        )  # fmt: skip


def walls(_shot: Snapshot, text: TextShot, _around: Around) -> Iterator[Found]:
    """Paragraphs too long for a phone, sentences too long for a reader in a hurry."""
    most = rules.WALL_MOST.get(text.language, rules.WALL_MOST["en"])
    lengths: list[int] = []
    for section in text.sections:
        if "<table" in section.html or "<pre" in section.html:
            continue
        for line in section.text.split("\n"):
            count = len(_WORD.findall(line))
            if count > most:
                yield Found(
                    Check.WALL, text.language, section.anchor, key=line[:80],
                    detail={"sentence": _short(line), "n": count, "most": most}, there=line,
                )  # fmt: skip
            lengths += _sentence_lengths(line, count)
    yield from _hard(text, lengths)


def _sentence_lengths(line: str, count: int) -> list[int]:
    """Return the words of each sentence of a paragraph, evenly; none without a full stop."""
    ends = len(re.findall(r"[.!?…](?=\s|$)", line))
    return [count // ends] * ends if ends else []


def _hard(text: TextShot, lengths: list[int]) -> Iterator[Found]:
    most = rules.HARD_MOST.get(text.language, rules.HARD_MOST["en"])
    if len(lengths) >= rules.HARD_LEAST and (mean := sum(lengths) // len(lengths)) > most:
        detail = {"n": mean, "most": most}
        yield Found(Check.HARD, text.language, detail=detail, there=f"{len(lengths)} {mean}")


CHECKS = (
    dead_links, empty_sections, parts_missing, duplicates, tables, images, titles, summaries,
    long_sentences, headings, figures, walls,
)  # fmt: skip


def slugs_linked(html: str) -> list[str]:
    """Return the slugs of the assets a section links to."""
    return [match[0] for match in _HREF.findall(html)]
