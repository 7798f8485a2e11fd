"""Which language is the original, which of its revisions a translation follows, what lags: pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Any

from portal.library.revisions.rules import Row, align, compare, is_change, order, rows_of
from portal.library.revisions.sections import Piece, join, split, told_in
from portal.library.rules import Part

PART_HEADINGS: Mapping[Part, Mapping[str, str]] = {
    Part.QUICK_FACTS: {"en": "Quick facts", "vi": "Thông tin nhanh", "ru": "Коротко"},
    Part.WHY_WE_WIN: {"en": "Why we win", "vi": "Vì sao ta thắng", "ru": "Почему мы выигрываем"},
    Part.WHY_THEY_WIN: {"en": "Why they win", "vi": "Vì sao họ thắng", "ru": "Где они сильнее"},
    Part.OBJECTIONS: {"en": "Objections", "vi": "Lời từ chối", "ru": "Возражения"},
    Part.LANDMINES: {"en": "Landmines", "vi": "Câu hỏi gài bẫy", "ru": "Вопросы-ловушки"},
    Part.PRICING: {"en": "Pricing", "vi": "Giá", "ru": "Цены"},
    Part.PROOF: {"en": "Proof", "vi": "Bằng chứng", "ru": "Доказательства"},
    Part.TALK_TRACK: {"en": "Talk track", "vi": "Lời thoại", "ru": "Речевой модуль"},
}  # fmt: skip
_PARTS = {part.value for part in Part}
UNTOUCHED = "#"
Path = tuple[str, ...]


class Status(StrEnum):
    """How a language of an asset stands."""

    PUBLISHED = "published"
    WORKS = "works"
    LAGGING = "lagging"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Head:
    """A language of an asset: its revisions by number, and what the newest that counts follows.

    `first` orders languages by when each was begun; `live` is the newest not discarded, else None.
    """

    language: str
    first: int
    earliest: int
    newest: int
    live: int | None
    follows_language: str | None = None
    follows_number: int | None = None


def original(heads: Sequence[Head]) -> str | None:
    """Return the language the others are translated from.

    It is the one the asset was begun in, unless that one is told to follow another: so a marketer
    says that another is the original.
    """
    if not heads:
        return None
    first = min(heads, key=lambda head: head.first)
    told = first.follows_language
    known = {head.language for head in heads}
    return told if told in known else first.language


def followed(head: Head, source: Head) -> int:
    """Return which revision of the original a translation follows; 0: it was never compared.

    Nothing told: it was there before that was kept, and follows the first that was.
    """
    if head.follows_language is None:
        return source.earliest
    return (head.follows_number or 0) if head.follows_language == source.language else 0


def status(head: Head | None, source: Head | None, *, served: int | None, public: bool) -> Status:
    """Return how a language stands; `served`: the revision readers get, `public`: if they do."""
    if head is None or head.live is None:
        return Status.MISSING
    is_translation = source is not None and source.live and head.language != source.language
    if source and is_translation and followed(head, source) != source.live:
        return Status.LAGGING
    return Status.PUBLISHED if public and served == head.live else Status.WORKS


def differing(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Row]:
    """Return the parts of an original that a translator has to look at; tags are each one's own."""
    told = compare(old, new)
    return [row for row in (*told.facts, *told.sections) if row.key != "tags" and is_change(row)]


def same_to_translators(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether two revisions of an original say the same to who translates them."""
    return not differing(old, new)


def pair(source: Sequence[Piece], translation: Sequence[Piece]) -> dict[int, int]:
    """Return which section translates which: place in the original → place in the translation.

    Battlecard parts have one name in every language; the rest goes by its place between them and
    by its level.
    """
    named = {
        (piece.anchor, piece.level): j
        for j, piece in enumerate(translation)
        if piece.anchor in _PARTS
    }
    pairs: dict[int, int] = {}
    edges = [(-1, -1)]
    for i, piece in enumerate(source):
        j = named.get((piece.anchor, piece.level))
        if j is not None and j > edges[-1][1]:
            edges.append((i, j))
            pairs[i] = j
        elif j is not None:  # stands elsewhere in the translation
            pairs[i] = j
    edges.append((len(source), len(translation)))
    taken = set(pairs.values())
    for (i, j), (i_end, j_end) in pairwise(edges):
        left = [(n, source[n].level) for n in range(i + 1, i_end) if n not in pairs]
        free = [(n, translation[n].level) for n in range(j + 1, j_end) if n not in taken]
        pairs |= _by_place(left, free)
    return pairs


def _by_place(left: list[tuple[int, int]], free: list[tuple[int, int]]) -> dict[int, int]:
    """Pair (place, level) of both sides in order, those of the same level."""
    pairs: dict[int, int] = {}
    a = b = 0
    while a < len(left) and b < len(free):
        if left[a][1] == free[b][1]:
            pairs[left[a][0]] = free[b][0]
            a, b = a + 1, b + 1
        elif free[b][1] > left[a][1]:
            b += 1
        else:
            a += 1
    return pairs


@dataclass(frozen=True, slots=True)
class Line:
    """A section of the original, what changed in it, and its translation, for who translates.

    `row` is None for what the translation alone has; `start` is what an empty one begins with.
    """

    row: Row | None
    translation: Piece | None
    start: str = ""

    @property
    def lags(self) -> bool:
        """Whether the original says something else than what was translated."""
        return self.row is not None and is_change(self.row)


def lines(
    old: Mapping[str, Any], new: Mapping[str, Any], translation: Mapping[str, Any], language: str
) -> list[Line]:
    """Return the sections of an original in their order with their translations beside them.

    `old` is the revision the translation follows, `new` the one to follow now. A translation that
    is built like the new one already (saved half-way) is taken for that one's.
    """
    before, after, pieces = told_in(old), told_in(new), told_in(translation)
    shape = _shape(pieces)
    built_anew = not before or (shape == _shape(after) and shape != _shape(before))
    pairs = pair(after if built_anew else before, pieces)
    rows = rows_of(before, after)
    told: list[Line] = []
    waiting = list(range(len(pieces)))
    for (i, j), row in zip(order(before, after, align(before, after)), rows, strict=True):
        place = j if built_anew else i
        mine = pairs.get(place) if place is not None else None
        if mine is None and row.new is None:
            continue  # gone from the original, and from the translation or never in it
        if mine is not None:
            ahead = [k for k in waiting if k < mine and k not in pairs.values()]
            told += [Line(None, pieces[k]) for k in ahead]
            waiting = [k for k in waiting if k != mine and k not in ahead]
        told.append(
            Line(row, pieces[mine] if mine is not None else None, start_of(row.new, language))
        )
    return told + [Line(None, pieces[k]) for k in waiting]


def _shape(pieces: Sequence[Piece]) -> list[int]:
    return [piece.level for piece in pieces if piece.text]


def start_of(piece: Piece | None, language: str) -> str:
    """Return what the translation of a section begins with: its level, a known part's heading."""
    if piece is None or not piece.level:
        return ""
    heading = PART_HEADINGS[Part(piece.anchor)][language] if piece.anchor in _PARTS else ""
    return f"{'#' * piece.level} {heading}"


def body_of(texts: Sequence[str], kept: str, title: str) -> str:
    """Put translated sections together; those with no word yet are left out.

    `kept` is the body as it is: when nothing was changed, it stays as it was written.
    """
    told = join(text for text in texts if text.strip().strip(UNTOUCHED).strip())
    return kept if told == join(piece.source for piece in split(kept, title)) else told


def with_leaves(value: Any, texts: Mapping[Path, str], path: Path = ()) -> Any:  # noqa: ANN401
    """Return fields with some of the texts within them replaced; their shape stays."""
    if isinstance(value, Mapping):
        return {key: with_leaves(it, texts, (*path, str(key))) for key, it in value.items()}
    if isinstance(value, list | tuple):
        return [with_leaves(it, texts, (*path, str(n))) for n, it in enumerate(value)]
    return texts.get(path, value) if isinstance(value, str) else value


def shaped(source: Any, own: Any) -> Any:  # noqa: ANN401
    """Return a translation's fields with what the original has and they have not."""
    if isinstance(source, Mapping) and isinstance(own, Mapping):
        return {key: shaped(source.get(key), own.get(key)) for key in {**source, **own}}
    if isinstance(source, list | tuple) and isinstance(own, list | tuple):
        return [*own, *source[len(own) :]]
    return source if own is None else own
