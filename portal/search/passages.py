"""Owns a text made ready for snippets: its words as numbers, its passages in one run of bytes.

Made once, when the text is indexed, and kept in the database: a hit then costs no analysis, and
only the few passages that are shown are ever decoded.
"""

import zlib
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Self

import numpy as np
from numpy.typing import NDArray

from portal.search.analysis import Word, common, searchable
from portal.search.taking import Taken, normalise, take

LAYOUT = 3
"""Raise it when the bytes mean something else; older ones are then made anew."""
EXTRA, HEADING, TEXT, SENTENCE = range(4)
"""What a run of words is: title and what else is not shown, a heading, its text, its sentence."""
WORD_MOST = 64
"""Letters of a word that may be one."""
_HEAD = 5  # numbers before the columns: layout, runs, words, codes, end of the title
_OVERHEAD = 1200  # bytes of the objects around the numbers

Numbers = NDArray[np.uint32]
Taking = Callable[[str], Taken]
"""How a text is taken apart: `taking.take`, or one that remembers what it has taken before."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence ready to copy: where it stands, and its plain text."""

    anchor: str
    text: str


@dataclass(frozen=True, slots=True)
class Passage:
    """One section of a text, plain: what snippets are cut from."""

    anchor: str
    heading: str
    text: str
    sentences: tuple[Sentence, ...] = ()


@lru_cache(maxsize=20_000)
def _plain_codes(raw: str) -> tuple[int, int]:
    """A word's primary and folded term as numbers; 0 for none, as stop words have."""
    return _pair(searchable(raw))


def _codes(raw: str, *, headed: bool) -> tuple[int, int]:
    """The same; ``headed``: it stands in a title or heading, where stop words have terms, too."""
    codes = _plain_codes(raw)
    return codes if codes[0] or not headed else _pair(common(raw))


def _coded(taken: Taken, headed: int) -> Iterable[tuple[int, int]]:
    """The codes of each word; those that end by ``headed`` stand in a title or heading."""
    if not headed:
        return map(_plain_codes, taken.words)
    words = zip(taken.words, taken.ends, strict=True)
    return (_codes(word, headed=end <= headed) for word, end in words)


def _pair(terms: Sequence[str]) -> tuple[int, int]:
    return code_of(terms[0]) if terms else 0, code_of(terms[1]) if len(terms) > 1 else 0


def code_of(term: str) -> int:
    """A term as a number from 1 to 2**32 - 1, the same in every process.

    Two terms of one text with the same number, once in millions, would only mark a word too many.
    """
    return zlib.crc32(term.encode("utf-8", "surrogatepass")) or 1


@lru_cache(maxsize=256)
def _wanted(words: tuple[Word, ...]) -> tuple[tuple[int, ...], Numbers]:
    """The codes that satisfy a query's words, and each one's word; the first word comes last.

    So that, put into a dict in this order, a place that satisfies two words counts for the first.
    """
    pairs = [(n, code_of(term)) for n, word in enumerate(words) for term, _ in word.alternatives]
    pairs.sort(key=lambda pair: -pair[0])
    return tuple(n for n, _ in pairs), np.array([code for _, code in pairs], np.uint32)


def _runs(title: str, passages: Sequence[Passage], extra: str) -> list[tuple[int, str, str]]:
    """What a text is made of, in order: (kind, anchor, text)."""
    runs = [(EXTRA, "", f"{title} {extra}")]
    for passage in passages:
        runs.append((HEADING, passage.anchor, passage.heading))
        runs.append((TEXT, passage.anchor, passage.text))
        runs += [(SENTENCE, s.anchor, s.text) for s in passage.sentences]
    return runs


class Prepared:
    """A text's words as arrays; ``size`` is what they take, in bytes.

    ``said``: each of its words once, known only just after ``make``.

    Its runs, in order: title and extra, then heading, text and sentences of each passage.
    """

    def __init__(self, raw: bytes) -> None:
        """Read what ``make`` has put together; views, no copies."""
        _, runs, self.words, codes, self.title_end = np.frombuffer(raw, np.uint32, _HEAD).tolist()
        listed, spans = 4 * runs + 1, 4 * runs + 1 + self.words
        columns = np.frombuffer(raw, np.uint32, spans + 2 * codes, _HEAD * 4)
        lists: list[int] = columns[:listed].tolist()
        self.kinds, self.starts = lists[:runs], lists[runs : 2 * runs]
        self._offsets = lists[2 * runs :]
        self._spans = columns[listed:spans]
        self.codes, self.places = columns[spans : spans + codes], columns[spans + codes :]
        self._strings = memoryview(raw)[(_HEAD + len(columns)) * 4 :]
        self._raw = raw
        self.said: Collection[str] = ()
        self.size = len(raw) + _OVERHEAD + 40 * 4 * runs

    @classmethod
    def make(
        cls, title: str, passages: Sequence[Passage], extra: str = "", take: Taking = take
    ) -> Self:
        """Analyse a text; ``extra`` is searched with the title and never shown."""
        runs = _runs(title, passages, extra)
        texts = [normalise(text) for _, _, text in runs]
        starts: list[int] = []
        begins: list[int] = []
        ends: list[int] = []
        pairs: list[tuple[int, int]] = []
        seen: set[str] = set()
        title_end = len(normalise(title))
        for kind, _, text in runs:
            starts.append(len(pairs))
            taken = take(text)
            begins += taken.starts
            ends += taken.ends
            seen.update(taken.words)
            headed = title_end if kind == EXTRA else len(taken.text) if kind == HEADING else 0
            pairs += _coded(taken, headed)
        codes, places = _sorted(pairs)
        first = np.array(begins, np.uint32)
        spans = first << 8 | np.minimum(np.array(ends, np.uint32) - first, 255)
        said = {word for word in seen if len(word) <= WORD_MOST}
        strings = [_encoded(s) for s in (*texts, *(anchor for _, anchor, _ in runs))]
        head = (LAYOUT, len(runs), len(pairs), len(codes), title_end)
        columns = (
            head,
            [kind for kind, _, _ in runs],
            starts,
            np.cumsum([0, *map(len, strings)]),
            spans,
            codes,
            places,
        )
        numbers = np.concatenate([np.asarray(column, np.uint32) for column in columns])
        made = cls(numbers.tobytes() + b"".join(strings))
        made.said = said
        return made

    def packed(self) -> bytes:
        """The text as it is kept in the database: as it is, since reading is what must be quick."""
        return self._raw

    @classmethod
    def unpacked(cls, packed: bytes) -> Self | None:
        """A text that was kept, or None when it was kept by an older version, or is damaged."""
        try:
            return cls(packed) if np.frombuffer(packed, np.uint32, 1)[0] == LAYOUT else None
        except ValueError:
            return None

    def text(self, run: int) -> str:
        """The text of a run."""
        return self._string(run)

    def anchor(self, run: int) -> str:
        """Where a run stands."""
        return self._string(len(self.kinds) + run)

    def end(self, run: int) -> int:
        """The number after that of the run's last word."""
        return self.starts[run + 1] if run + 1 < len(self.starts) else self.words

    def phrase(self, codes: Sequence[int]) -> list[int]:
        """Where words with these codes stand in a row: the number of each first one."""
        found: Numbers | None = None
        for number, code in enumerate(codes):
            first, last = self.codes.searchsorted(code), self.codes.searchsorted(code, "right")
            begins = self.places[first:last] - np.uint32(number)
            found = begins if found is None else np.intersect1d(found, begins)
        return [] if found is None else found.tolist()

    def run_of(self, word: int) -> int:
        """The run a word stands in."""
        return bisect_right(self.starts, word) - 1

    def spans(self, first: int, stop: int) -> list[tuple[int, int]]:
        """Where the words from ``first`` to before ``stop`` begin and end in their run's text."""
        return [(s >> 8, (s >> 8) + (s & 255)) for s in self._spans[first:stop].tolist()]

    def matches(self, words: Sequence[Word]) -> list[tuple[int, int]]:
        """(number of the text's word, number of the query's word), in the text's order."""
        found: dict[int, int] = {}
        numbers, codes = _wanted(tuple(words))
        firsts = self.codes.searchsorted(codes).tolist()
        lasts = self.codes.searchsorted(codes, "right").tolist()
        for number, first, last in zip(numbers, firsts, lasts, strict=True):
            if last > first:
                found.update(dict.fromkeys(self.places[first:last].tolist(), number))
        return sorted(found.items())

    def _string(self, number: int) -> str:
        start, end = self._offsets[number], self._offsets[number + 1]
        return str(self._strings[start:end], "utf-8", "surrogatepass")


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _sorted(pairs: Sequence[tuple[int, int]]) -> tuple[Numbers, Numbers]:
    """Every code of every word with the word's number, in the order of codes; zeros left out."""
    codes = np.fromiter(chain.from_iterable(pairs), np.uint64, 2 * len(pairs))
    places = np.arange(len(pairs), dtype=np.uint64).repeat(2)
    keys = (codes << np.uint64(32) | places)[codes != 0]
    keys.sort()
    return (keys >> np.uint64(32)).astype(np.uint32), keys.astype(np.uint32)
