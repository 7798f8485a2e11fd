"""Owns what a hit shows: the best section of a text, a passage with marks, a sentence to copy."""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from sys import intern

from portal.cache import ByteCache
from portal.search.analysis import Word, stem, tokens
from portal.search.passages import HEADING, SENTENCE, TEXT, Prepared, Sentence, code_of
from portal.search.rules import Also

WINDOW = 30
"""Words of a passage."""
BY_MOST = 3
"""Phrases named of those found in place of what was typed."""
LEAD = 4
"""Words shown before the first one that matches."""
_REPEATED, _IN_HEADING, _HAS_SENTENCE = 0.1, 0.6, 0.05

Matches = Sequence[tuple[int, int]]
"""(number of the text's word, number of the query's word), in the text's order."""


@dataclass(frozen=True, slots=True)
class Snippet:
    """What a hit shows. ``title`` and ``html`` are escaped, with ``<mark>`` around what matches.

    ``missing`` are the words of the query, as typed, that the text has nowhere, not even in its
    title or tags. ``sentence`` is None when the section has none. ``by``: (phrase, typed) of what
    was found in place of something typed that the text does not have.
    """

    title: str
    anchor: str
    heading: str
    html: str
    sentence: Sentence | None
    missing: tuple[str, ...]
    by: tuple[tuple[str, str], ...] = ()


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
    text = prepared.text(run)
    spans = prepared.spans(start, stop)
    marks = [spans[place - start] for place in places if start <= place < stop]
    # At its very ends a text keeps the marks that stand around its words.
    left = 0 if start == first else spans[0][0]
    right = len(text) if stop == last else spans[-1][1]
    body = _marked(text, marks, left, right).strip()
    return ("… " if start > first else "") + body + (" …" if stop < last else "")


def _title(prepared: Prepared, matches: Matches) -> str:
    """The title, escaped and marked."""
    text, end, last = prepared.text(0), prepared.title_end, prepared.end(0)
    found = (prepared.spans(place, place + 1)[0] for place, _ in matches if place < last)
    return _marked(text, [span for span in found if span[1] <= end], 0, end)


def _by_run(prepared: Prepared, matches: Matches) -> dict[int, list[tuple[int, int]]]:
    runs: dict[int, list[tuple[int, int]]] = {}
    for match in matches:
        runs.setdefault(bisect_right(prepared.starts, match[0]) - 1, []).append(match)
    return runs


def _best_section(prepared: Prepared, runs: Mapping[int, Matches]) -> tuple[int | None, int]:
    """The run holding the best section's text, and the word its window begins with."""
    best: tuple[float, int | None, int] = (0.0, None, 0)
    kinds = prepared.kinds
    # A heading stands before its text, so both lead to the text's run.
    texts = {run + (kinds[run] == HEADING) for run in runs if kinds[run] in {HEADING, TEXT}}
    for run in sorted(texts):
        matches = runs.get(run, ())
        value, begin = _best_window(matches)
        inside = {word for _, word in matches}
        headed = {word for _, word in runs.get(run - 1, ())}
        value += sum(_IN_HEADING if word in inside else 1.0 for word in headed)
        if run + 1 < len(kinds) and kinds[run + 1] == SENTENCE:
            value += _HAS_SENTENCE
        if value > best[0] + 1e-9:
            best = (value, run, begin if matches else prepared.starts[run])
    return best[1], best[2]


def _best_sentence(
    prepared: Prepared, text_run: int, runs: Mapping[int, Matches]
) -> Sentence | None:
    """The section's sentence with most different words of the query; the first among equals."""
    best: tuple[int, int | None] = (-1, None)
    for run in range(text_run + 1, len(prepared.kinds)):
        if prepared.kinds[run] != SENTENCE:
            break
        words = len({word for _, word in runs.get(run, ())})
        if words > best[0]:
            best = (words, run)
    chosen = best[1]
    if chosen is None:
        return None
    return Sentence(intern(prepared.anchor(chosen)), intern(prepared.text(chosen)))


def _in_place(
    prepared: Prepared, words: Sequence[Word], also: Sequence[Also]
) -> tuple[dict[int, int], tuple[tuple[str, str], ...]]:
    """What the text has in place of typed words that it lacks: word of the text → of the query."""
    places: dict[int, int] = {}
    by: list[tuple[str, str]] = []
    wide = {term for it in also for term in it.terms}
    lacking: dict[str, int] = {}
    for typed in dict.fromkeys(it.typed for it in also):
        terms = {stem(token.text) for token in tokens(typed)}
        own = {n: _own(word, wide) for n, word in enumerate(words)}
        numbers = [n for n, said in own.items() if any(term in terms for term, _ in said)]
        mine = [Word(words[n].typed, own[n]) for n in numbers]
        if numbers and len({n for _, n in prepared.matches(mine)}) < len(numbers):
            lacking[typed] = numbers[0]
    for it in also:
        if it.typed in lacking:
            codes = codes_of(it.phrase)
            found = prepared.phrase(codes)
            if found:
                by.append((it.phrase, it.typed))
            for place in found:
                places |= dict.fromkeys(range(place, place + len(codes)), lacking[it.typed])
    return places, tuple(by[:BY_MOST])


def _own(word: Word, wide: Collection[str]) -> tuple[tuple[str, float], ...]:
    return tuple(pair for pair in word.alternatives if pair[0] not in wide)


@lru_cache(maxsize=2048)
def codes_of(phrase: str) -> tuple[int, ...]:
    """A phrase as the codes of its words."""
    return tuple(code_of(stem(token.text)) for token in tokens(phrase))


def best(prepared: Prepared, words: Sequence[Word], also: Sequence[Also] = ()) -> Snippet:
    """The snippet of a text for a query's words, and for what was searched ``also``."""
    matches = prepared.matches(words)
    by: tuple[tuple[str, str], ...] = ()
    if also:
        instead, by = _in_place(prepared, words, also)
        if instead:
            matches = sorted((instead | dict(matches)).items())
    runs = _by_run(prepared, matches)
    present = {word for _, word in matches}
    missing = tuple(word.typed for number, word in enumerate(words) if number not in present)
    title = _title(prepared, matches)
    chosen, begin = _best_section(prepared, runs)
    if chosen is None:
        # Only the title or a tag matches: show how the text begins.
        texts = (run for run, kind in enumerate(prepared.kinds) if kind == TEXT)
        chosen = next((run for run in texts if prepared.text(run)), None)
        if chosen is None:
            return Snippet(title, "", "", "", None, missing, by)
        begin = prepared.starts[chosen]
    html = _cut(prepared, chosen, begin, [place for place, _ in runs.get(chosen, ())])
    sentence = _best_sentence(prepared, chosen, runs)
    # Many answers are kept that show the same section of the same text.
    heading, anchor = intern(prepared.text(chosen - 1)), intern(prepared.anchor(chosen))
    return Snippet(intern(title), anchor, heading, html, sentence, missing, by)


class Snippets:
    """Prepared texts by text id and digest, the least recently used forgotten first."""

    def __init__(self, limit: int = 3 * 512 * 1024) -> None:
        self._kept: ByteCache[int, tuple[str, Prepared]] = ByteCache(limit)

    def known(self, text_id: int, digest: str) -> Prepared | None:
        """The prepared text if it is kept in this version."""
        kept = self._kept.get(text_id)
        return kept[1] if kept and kept[0] == digest else None

    def keep(self, text_id: int, digest: str, prepared: Prepared) -> None:
        """Keep a prepared text in place of an older version."""
        self._kept.put(text_id, (digest, prepared), prepared.size)
