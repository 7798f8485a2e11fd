"""Owns what a hit shows: the best section of a text, a marked passage of it, its sentence to copy.

A text is prepared once (``Prepared``: its words as numbers) and kept by ``Snippets``; for a
query only the few words that match are looked at.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape

import numpy as np
from numpy.typing import NDArray

from portal.search.analysis import Word, found_words, normalise, searchable
from portal.search.cache import ByteCache

WINDOW = 30
"""Words of a passage."""
LEAD = 4
"""Words shown before the first one that matches."""
_REPEATED, _IN_HEADING, _HAS_SENTENCE = 0.1, 0.6, 0.05
_EXTRA, _HEADING, _TEXT, _SENTENCE = range(4)

Codes = NDArray[np.int64]


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


@dataclass(frozen=True, slots=True)
class Snippet:
    """What a hit shows. ``html`` is escaped, with ``<mark>`` around words that match.

    ``missing`` are the words of the query, as typed, that the text has nowhere, not even in its
    title or tags. ``sentence`` is None when the section has none.
    """

    anchor: str
    heading: str
    html: str
    sentence: Sentence | None
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Run:
    """A stretch of words: what it is, the section it belongs to, where its words begin."""

    kind: int
    section: int
    first: int
    text: str
    sentence: Sentence | None = None


@lru_cache(maxsize=100_000)
def _codes(raw: str) -> tuple[int, int]:
    """A word's primary and folded term as numbers; 0 for none, and for stop words."""
    terms = searchable(raw)
    return hash(terms[0]) if terms else 0, hash(terms[1]) if len(terms) > 1 else 0


class Prepared:
    """A text's words as arrays; ``size`` is what they take, in bytes."""

    def __init__(self, title: str, passages: Sequence[Passage], extra: str = "") -> None:
        self.passages = passages
        self._spans: list[tuple[int, int]] = []
        self._pairs: list[tuple[int, int]] = []
        self.runs: list[_Run] = []
        self._add(_EXTRA, 0, f"{title} {extra}")
        for number, passage in enumerate(passages):
            self._add(_HEADING, number, passage.heading)
            self._add(_TEXT, number, passage.text)
            for sentence in passage.sentences:
                self._add(_SENTENCE, number, sentence.text, sentence)
        self.starts = [run.first for run in self.runs]
        self.words = len(self._spans)
        self.spans = np.array(self._spans, np.int32).reshape(-1, 2)
        pairs = np.array(self._pairs, np.int64).reshape(-1, 2)
        self.codes: Codes = np.ascontiguousarray(pairs[:, 0])
        folded = np.ascontiguousarray(pairs[:, 1])
        self.folded: Codes | None = folded if folded.any() else None
        del self._spans, self._pairs
        texts = sum(len(run.text) * (1 if run.text.isascii() else 2) for run in self.runs)
        self.size = 500 + 300 * len(self.runs) + 2 * texts + self.words * 24

    def _add(self, kind: int, section: int, text: str, sentence: Sentence | None = None) -> None:
        text = normalise(text)
        self.runs.append(_Run(kind, section, len(self._spans), text, sentence))
        found = list(found_words(text))
        self._spans += [match.span() for match in found]
        self._pairs += [_codes(match.group()) for match in found]

    def end(self, run: int) -> int:
        """The number after that of the run's last word."""
        return self.starts[run + 1] if run + 1 < len(self.starts) else self.words

    def matches(self, words: Sequence[Word]) -> list[tuple[int, int]]:
        """(number of the text's word, number of the query's word), in the text's order."""
        found: dict[int, int] = {}
        for number in range(len(words) - 1, -1, -1):
            for term, _ in words[number].alternatives:
                code = hash(term)
                places = (self.codes == code).nonzero()[0].tolist()
                if self.folded is not None:
                    places += (self.folded == code).nonzero()[0].tolist()
                found.update(dict.fromkeys(places, number))
        return sorted(found.items())


def _best_window(matches: Sequence[tuple[int, int]]) -> tuple[float, int]:
    """The value of the best window, and the text's word it starts with."""
    best, begin = 0.0, matches[0][0] if matches else 0
    counted: dict[int, int] = {}
    value = 0.0
    first = 0
    for place, word in matches:
        times = counted.get(word, 0)
        counted[word] = times + 1
        value += _REPEATED if times else 1.0
        while place - matches[first][0] >= WINDOW - LEAD:
            gone = matches[first][1]
            counted[gone] -= 1
            value -= _REPEATED if counted[gone] else 1.0
            first += 1
        if value > best + 1e-9:
            best, begin = value, matches[first][0]
    return best, begin


def _marked(text: str, spans: Iterable[tuple[int, int]], begin: int, end: int) -> str:
    """``text[begin:end]`` escaped, with marks; neighbours parted by one blank share a mark."""
    merged: list[list[int]] = []
    for start, stop in spans:
        if merged and text[merged[-1][1] : start] == " ":
            merged[-1][1] = stop
        else:
            merged.append([start, stop])
    pieces: list[str] = []
    for start, stop in merged:
        pieces += (escape(text[begin:start]), "<mark>", escape(text[start:stop]), "</mark>")
        begin = stop
    pieces.append(escape(text[begin:end]))
    return "".join(pieces)


def _cut(prepared: Prepared, run: int, begin: int, places: Sequence[int]) -> str:
    """The passage of a run from about the word ``begin`` on."""
    first, last = prepared.starts[run], prepared.end(run)
    if first == last:
        return ""
    start = max(first, min(begin - LEAD, last - WINDOW))
    stop = min(last, start + WINDOW)
    text = prepared.runs[run].text
    spans = prepared.spans[start:stop].tolist()
    marks = [spans[place - start] for place in places if start <= place < stop]
    # At its very ends a text keeps the marks that stand around its words.
    left = 0 if start == first else spans[0][0]
    right = len(text) if stop == last else spans[-1][1]
    body = _marked(text, marks, left, right).strip()
    return ("… " if start > first else "") + body + (" …" if stop < last else "")


def _by_run(
    prepared: Prepared, matches: Sequence[tuple[int, int]]
) -> dict[int, list[tuple[int, int]]]:
    runs: dict[int, list[tuple[int, int]]] = {}
    for match in matches:
        runs.setdefault(bisect_right(prepared.starts, match[0]) - 1, []).append(match)
    return runs


def _best_section(
    prepared: Prepared, runs: dict[int, list[tuple[int, int]]]
) -> tuple[int | None, int]:
    """The run holding the best section's text, and the word its window begins with."""
    best: tuple[float, int | None, int] = (0.0, None, 0)
    headed: frozenset[int] = frozenset()
    for number, run in enumerate(prepared.runs):
        if run.kind == _HEADING:
            headed = frozenset(word for _, word in runs.get(number, ()))
        elif run.kind == _TEXT and (headed or number in runs):
            matches = runs.get(number, [])
            value, begin = _best_window(matches)
            inside = {word for _, word in matches}
            value += sum(_IN_HEADING if word in inside else 1.0 for word in headed)
            if prepared.passages[run.section].sentences:
                value += _HAS_SENTENCE
            if value > best[0] + 1e-9:
                best = (value, number, begin if matches else run.first)
    return best[1], best[2]


def _best_sentence(
    prepared: Prepared, section: int, runs: dict[int, list[tuple[int, int]]]
) -> Sentence | None:
    """The section's sentence with most different words of the query; the first among equals."""
    best: tuple[int, Sentence | None] = (-1, None)
    for number, run in enumerate(prepared.runs):
        if run.kind == _SENTENCE and run.section == section:
            words = len({word for _, word in runs.get(number, ())})
            if words > best[0]:
                best = (words, run.sentence)
    return best[1]


def best(prepared: Prepared, words: Sequence[Word]) -> Snippet:
    """The snippet of a text for a query's words (``analysis.query_terms(...).words``)."""
    matches = prepared.matches(words)
    runs = _by_run(prepared, matches)
    present = {word for _, word in matches}
    missing = tuple(word.typed for number, word in enumerate(words) if number not in present)
    chosen, begin = _best_section(prepared, runs)
    if chosen is None:
        # Only the title or a tag matches: show how the text begins.
        texts = (n for n, run in enumerate(prepared.runs) if run.kind == _TEXT and run.text)
        chosen = next(texts, None)
        if chosen is None:
            return Snippet("", "", "", None, missing)
        begin = prepared.starts[chosen]
    section = prepared.runs[chosen].section
    passage = prepared.passages[section]
    html = _cut(prepared, chosen, begin, [place for place, _ in runs.get(chosen, ())])
    sentence = _best_sentence(prepared, section, runs)
    return Snippet(passage.anchor, passage.heading, html, sentence, missing)


def highlight(text: str, words: Sequence[Word]) -> str:
    """A short text (a title) escaped, with ``<mark>`` around the words that match."""
    text = normalise(text)
    wanted = {hash(term) for word in words for term, _ in word.alternatives}
    wanted.discard(0)
    found = found_words(text)
    spans = [match.span() for match in found if not wanted.isdisjoint(_codes(match.group()))]
    return _marked(text, spans, 0, len(text))


class Snippets:
    """Prepared texts by (text id, revision), the least recently used forgotten first."""

    def __init__(self, limit: int = 32 * 1024 * 1024) -> None:
        self._kept: ByteCache[tuple[int, int], Prepared] = ByteCache(limit)

    def known(self, text_id: int, revision: int) -> Prepared | None:
        """The prepared text if it is kept: then its sections need not be loaded."""
        return self._kept.get((text_id, revision))

    def prepare(self, text_id: int, revision: int, make: Callable[[], Prepared]) -> Prepared:
        """The prepared text, made and kept if need be."""
        kept = self._kept.get((text_id, revision))
        if kept is None:
            kept = make()
            self._kept.put((text_id, revision), kept, kept.size)
        return kept
