"""What differs between two texts, word by word, in bounded time: pure.

Words are matched by runs that occur once on both sides, longer runs first, then between those;
what is left is small or is shown as replaced. A word is letters with their marks: a Vietnamese
syllable, a Russian word, a figure with its separators. Blanks and single line breaks go with the
word before them: a text wrapped anew has not changed.
"""

import itertools
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from unicodedata import normalize

_LETTER = r"[^\W_][\u0300-\u036f]*"
_WORD = re.compile(
    rf"(?P<gap>\s*\n\s*\n\s*)|(?P<blank>\s+)|\d+(?:[.,]\d+)+(?!\w)"
    rf"|(?:{_LETTER})+(?:['’\-\u2011](?:{_LETTER})+)*|[\u0300-\u036f]+|[^\w\s]|_"
)
RUNS = (6, 3, 1)  # words in a row that, found once on both sides, belong together
SMALL = 600  # pairs of words that are simply all looked at
PAIRS = 40_000  # of them in one comparison
DEPTH = 24
ISLAND = 3  # words in common that are swallowed by larger changes on both sides
PASSES = 4

Match = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece that both texts share (blanks may differ), or that one or both have instead."""

    same: bool
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class _Words:
    texts: list[str]
    keys: list[int]


def _cut(text: str, known: dict[str, int]) -> _Words:
    """Cut a text into words with the blanks after them; equal words get equal numbers."""
    texts: list[str] = []
    keys: list[int] = []
    for found in _WORD.finditer(text):
        word, group = found[0], found.lastgroup
        if group == "blank" and texts:
            texts[-1] += word
            continue
        key = "\n\n" if group == "gap" else " " if group == "blank" else word
        if (number := known.get(key)) is None:
            plain = key if key.isascii() else normalize("NFC", key)
            number = known[key] = known.setdefault(plain, len(known))
        texts.append(word)
        keys.append(number)
    return _Words(texts, keys)


def _once(keys: Sequence[int], start: int, end: int, run: int) -> dict[object, int]:
    """Return where each run of words begins that occurs once in a range."""
    part = keys[start:end]
    runs: Iterator[object] = (
        iter(part) if run == 1 else zip(*(part[n:] for n in range(run)), strict=False)
    )
    found: dict[object, int] = {}
    for position, key in enumerate(runs, start):
        found[key] = -1 if key in found else position
    return found


def _rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest part of pairs, sorted by their first, whose seconds rise too."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for number, (_first, second) in enumerate(pairs):
        place = bisect_left(tails, second)
        before.append(ends[place - 1] if place else -1)
        if place == len(tails):
            tails.append(second)
            ends.append(number)
        else:
            tails[place], ends[place] = second, number
    kept: list[tuple[int, int]] = []
    at = ends[-1] if ends else -1
    while at >= 0:
        kept.append(pairs[at])
        at = before[at]
    return kept[::-1]


def rising(numbers: Sequence[int]) -> set[int]:
    """Return the places of the longest rising part of numbers that are all different."""
    return {place for place, _number in _rising(list(enumerate(numbers)))}


class _Matcher:
    """Finds what two lists of words have in common, in order."""

    def __init__(self, old: Sequence[int], new: Sequence[int]) -> None:
        self.old, self.new = old, new
        self.left = PAIRS

    def matches(self) -> list[Match]:
        """Return (old place, new place, length) of what is common, in order."""
        found: list[Match] = []
        todo = [(0, len(self.old), 0, len(self.new), 0)]
        while todo:
            a, a_end, b, b_end, depth = todo.pop()
            a, a_end, b, b_end = self._trim(a, a_end, b, b_end, found)
            size = (a_end - a) * (b_end - b)
            if not size:
                continue
            if size <= SMALL:
                self._all_pairs(a, a_end, b, b_end, found)
            elif depth < DEPTH:
                todo += self._between(a, a_end, b, b_end, depth)
        return sorted(found)

    def _trim(
        self, a: int, a_end: int, b: int, b_end: int, found: list[Match]
    ) -> tuple[int, int, int, int]:
        """Match what both begin and end with."""
        old, new, start = self.old, self.new, a
        while a < a_end and b < b_end and old[a] == new[b]:
            a, b = a + 1, b + 1
        if a > start:
            found.append((start, b - (a - start), a - start))
        end = a_end
        while a < a_end and b < b_end and old[a_end - 1] == new[b_end - 1]:
            a_end, b_end = a_end - 1, b_end - 1
        if a_end < end:
            found.append((a_end, b_end, end - a_end))
        return a, a_end, b, b_end

    def _all_pairs(self, a: int, a_end: int, b: int, b_end: int, found: list[Match]) -> None:
        size = (a_end - a) * (b_end - b)
        if size > self.left:
            return
        self.left -= size
        pair = SequenceMatcher(None, self.old[a:a_end], self.new[b:b_end], autojunk=False)
        found += [(a + i, b + j, n) for i, j, n in pair.get_matching_blocks() if n]

    def _between(
        self, a: int, a_end: int, b: int, b_end: int, depth: int
    ) -> list[tuple[int, int, int, int, int]]:
        """Return the ranges between runs that belong together; those runs begin a range."""
        for run in RUNS:
            here = _once(self.old, a, a_end, run)
            there = _once(self.new, b, b_end, run)
            pairs = [(i, j) for key, i in here.items() if i >= 0 and (j := there.get(key, -1)) >= 0]
            if pairs:
                edges = [(a, b), *_rising(pairs), (a_end, b_end)]
                return [
                    (i, i_end, j, j_end, depth + 1)
                    for (i, j), (i_end, j_end) in itertools.pairwise(edges)
                ]
        return []


def _chunks(old: _Words, new: _Words) -> list[tuple[bool, int, int, int, int]]:
    """Return (same, old from, to, new from, to), shared and changed pieces in turn."""
    found: list[tuple[bool, int, int, int, int]] = []
    i = j = 0
    for a, b, length in [
        *_Matcher(old.keys, new.keys).matches(), (len(old.keys), len(new.keys), 0),
    ]:  # fmt: skip
        if i < a or j < b:
            found.append((False, i, a, j, b))
        if length and found and found[-1][0]:
            found[-1] = (True, found[-1][1], a + length, found[-1][3], b + length)
        elif length:
            found.append((True, a, a + length, b, b + length))
        i, j = a + length, b + length
    return found


def _calm(
    found: list[tuple[bool, int, int, int, int]], gap: int, keys: Sequence[int]
) -> list[tuple[bool, int, int, int, int]]:
    """Let a word or two in common go, where more has changed on both sides of them."""
    for _pass in range(PASSES):
        kept: list[tuple[bool, int, int, int, int]] = []
        for number, piece in enumerate(found):
            same, a, a_end, b, b_end = piece
            inside = 0 < number < len(found) - 1
            if same and inside and a_end - a <= ISLAND and gap not in keys[a:a_end]:
                around = (kept[-1], found[number + 1])
                same = any(max(p[2] - p[1], p[4] - p[3]) <= a_end - a for p in around)
            if kept and not same and not kept[-1][0]:
                kept[-1] = (False, kept[-1][1], a_end, kept[-1][3], b_end)
            else:
                kept.append((same, a, a_end, b, b_end))
        if len(kept) == len(found):
            break
        found = kept
    return found


def diff(old: str, new: str) -> list[Chunk]:
    """Return both texts as pieces; `old` of all of them makes the old text, `new` the new one."""
    known: dict[str, int] = {"\n\n": 0}
    a, b = _cut(old, known), _cut(new, known)
    return [
        Chunk(same, "".join(a.texts[i:i_end]), "".join(b.texts[j:j_end]))
        for same, i, i_end, j, j_end in _calm(_chunks(a, b), 0, a.keys)
    ]
