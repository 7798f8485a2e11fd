"""Which sections of two revisions belong together, and what differs in each: pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from portal.library.revisions.sections import Piece, leaves, told_in
from portal.library.revisions.worddiff import Chunk, diff, rising

ALIKE = 0.5  # share of words that makes sections of other names the same one
LOOKED_AT = 60  # sections without a partner, a side, that are looked at so

Pair = tuple[int | None, int | None]


class Change(StrEnum):
    """What happened to a section, or to a fact such as the title."""

    SAME = "same"
    SPACING = "spacing"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Row:
    """A section or fact of two revisions side by side; None where one has none."""

    key: str
    change: Change
    old: Piece | None
    new: Piece | None
    chunks: tuple[Chunk, ...]
    moved: bool = False

    @property
    def renamed(self) -> bool:
        """Whether the heading is another one."""
        return bool(self.old and self.new and self.old.heading != self.new.heading)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two revisions side by side."""

    facts: tuple[Row, ...]
    sections: tuple[Row, ...]

    @property
    def changes(self) -> int:
        """How many sections and facts differ."""
        return sum(is_change(row) for row in (*self.facts, *self.sections))


def is_change(row: Row) -> bool:
    """Whether a row says something else, or stands elsewhere."""
    return row.moved or row.change not in {Change.SAME, Change.SPACING}


def _words(piece: Piece) -> Counter[str]:
    return Counter(piece.text.split())


def _alike(
    old: Sequence[Piece], new: Sequence[Piece], lost: list[int], found: list[int]
) -> list[tuple[int, int]]:
    """Pair sections of other names that share most of their words, the most alike first."""
    olds = [(i, _words(old[i])) for i in lost[:LOOKED_AT]]
    news = [(j, _words(new[j])) for j in found[:LOOKED_AT]]
    scores = []
    for i, a in olds:
        for j, b in news:
            total = a.total() + b.total()
            if total and 2 * min(a.total(), b.total()) / total >= ALIKE:
                score = 2 * (a & b).total() / total
                if score >= ALIKE:
                    scores.append((-score, i, j))
    pairs: dict[int, int] = {}
    for _score, i, j in sorted(scores):
        if i not in pairs and j not in pairs.values():
            pairs[i] = j
    return list(pairs.items())


def align(old: Sequence[Piece], new: Sequence[Piece]) -> dict[int, int]:
    """Return which section of the new text each of the old one is: old place → new place.

    The same name wins, then the same words wherever they stand, then most of the same words.
    """
    pairs: dict[int, int] = {}
    by_anchor = {piece.anchor: j for j, piece in enumerate(new)}
    for i, piece in enumerate(old):
        if (j := by_anchor.pop(piece.anchor, None)) is not None:
            pairs[i] = j
    free: dict[str, list[int]] = {}
    for j in by_anchor.values():
        free.setdefault(_under(new[j]), []).append(j)
    for i, piece in enumerate(old):
        if i not in pairs and (same := free.get(_under(piece))):
            pairs[i] = same.pop(0)
    taken = set(pairs.values())
    lost = [i for i in range(len(old)) if i not in pairs]
    found = [j for j in range(len(new)) if j not in taken]
    pairs.update(_alike(old, new, lost, found) if lost and found else ())
    return pairs


def _under(piece: Piece) -> str:
    """What stands under the heading; all of it, when that is nothing."""
    below = piece.text.partition("\n")[2].strip() if piece.level else piece.text
    return below or piece.text


def order(old: Sequence[Piece], new: Sequence[Piece], pairs: Mapping[int, int]) -> list[Pair]:
    """Return all sections in the new order, those that are gone after what they stood behind."""
    back = {j: i for i, j in pairs.items()}
    gone: dict[int | None, list[int]] = {}
    before: int | None = None
    for i in range(len(old)):
        if i in pairs:
            before = i
        else:
            gone.setdefault(before, []).append(i)
    rows: list[Pair] = [(i, None) for i in gone.get(None, ())]
    for j in range(len(new)):
        rows.append((back.get(j), j))
        rows += [(i, None) for i in gone.get(back.get(j, -1), ())]
    return rows


def moved(pairs: Mapping[int, int]) -> set[int]:
    """Return the old places of sections that stand elsewhere among the others now."""
    places = sorted(pairs)
    still = rising([pairs[i] for i in places])
    return {i for n, i in enumerate(places) if n not in still}


def _row(key: str, old: Piece | None, new: Piece | None, *, is_moved: bool = False) -> Row:
    if old is None or new is None:
        change = Change.ADDED if old is None else Change.REMOVED
        chunk = Chunk(same=False, old=old.text if old else "", new=new.text if new else "")
        return Row(key, change, old, new, (chunk,))
    if old.text == new.text:
        return Row(
            key, Change.SAME, old, new, (Chunk(same=True, old=old.text, new=new.text),), is_moved
        )
    chunks = tuple(diff(old.text, new.text))
    change = Change.SPACING if all(chunk.same for chunk in chunks) else Change.CHANGED
    return Row(key, change, old, new, chunks, is_moved)


def rows_of(old: Sequence[Piece], new: Sequence[Piece]) -> list[Row]:
    """Return the sections of two texts side by side."""
    pairs = align(old, new)
    elsewhere = moved(pairs)
    return [
        _row(
            (new[j] if j is not None else old[i or 0]).anchor,
            old[i] if i is not None else None,
            new[j] if j is not None else None,
            is_moved=i in elsewhere,
        )
        for i, j in order(old, new, pairs)
    ]


def facts(content: Mapping[str, Any]) -> dict[str, str]:
    """Return what a text says beside its body, by name: title, summary, tags, fields."""
    told = {
        "title": content.get("title", ""),
        "summary": content.get("summary", ""),
        "tags": ", ".join(content.get("tags") or ()),
    }
    for part in ("fields", "extra"):
        told |= {".".join((part, *path)): text for path, text in leaves(content.get(part) or {})}
    return told


def compare(old: Mapping[str, Any], new: Mapping[str, Any]) -> Comparison:
    """Set two contents (`library.service.content_of`) side by side."""
    before, after = facts(old), facts(new)

    def fact(name: str, told: Mapping[str, str]) -> Piece | None:
        return Piece(name, 0, "", told[name]) if told.get(name) else None

    names = [name for name in {**after, **before} if before.get(name) or after.get(name)]
    names.sort(key=lambda name: list({**before, **after}).index(name))
    return Comparison(
        facts=tuple(_row(name, fact(name, before), fact(name, after)) for name in names),
        sections=tuple(rows_of(told_in(old), told_in(new))),
    )
