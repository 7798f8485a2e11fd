"""Owns exact phrases: which texts have these very words in this order, and which of them to leave.

The index proposes the texts that have all the words, and their pairs; each is then read. A word
typed with its diacritics wants them; typed in plain letters it takes any.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from portal.search import analysis
from portal.search.engine import Engine
from portal.search.passages import Prepared, code_of
from portal.search.rules import Asked

READ_MOST = 300
"""Texts that are read for one phrase; of what so many have, the index's pairs are believed."""

Texts = Callable[[Sequence[int]], Iterable[tuple[int, Prepared]]]
"""Ids of texts → those of them that are ready, each with its id."""


def terms(phrase: str) -> tuple[str, ...]:
    """What a text with the phrase has in the index: its words' and its pairs; none: unusable."""
    tokens = [token.text for token in analysis.tokens(phrase)]
    words = [analysis.stem(token) for token in tokens if not analysis.is_stop(token)]
    return tuple(dict.fromkeys((*words, *analysis.pairs(phrase))))


def _is(said: str, typed: str) -> bool:
    """Whether a word of a text is one that was typed."""
    word = analysis.plain_letters(said.lower())[: analysis.MAX_TOKEN]
    return word == typed or (typed.isascii() and analysis.unmarked(word) == typed)


def has(prepared: Prepared, phrase: str) -> bool:
    """Whether a text has the phrase anywhere: title, headings, body, files, tags."""
    typed = [token.text for token in analysis.tokens(phrase)]
    anchor = next((at for at, word in enumerate(typed) if not analysis.is_stop(word)), None)
    if anchor is None:
        return False
    for place in _places(prepared, typed[anchor]):
        first, stop = place - anchor, place - anchor + len(typed)
        run = prepared.run_of(place)
        if first < prepared.starts[run] or stop > prepared.end(run):
            continue
        text = prepared.text(run)
        spans = prepared.spans(first, stop)
        if all(_is(text[a:b], word) for (a, b), word in zip(spans, typed, strict=True)):
            return True
    return False


def _places(prepared: Prepared, word: str) -> list[int]:
    """The numbers of the text's words that share a term with this one."""
    code = code_of(analysis.stem(word))
    first, last = prepared.codes.searchsorted(code), prepared.codes.searchsorted(code, "right")
    return sorted(set(prepared.places[first:last].tolist()))


def _having(engine: Engine, phrase: str, texts: Texts) -> set[int] | None:
    """The entries with the phrase; None when it has no word to find it by."""
    wanted = terms(phrase)
    if not wanted:
        return None
    found = engine.having(wanted)
    if len(found) > READ_MOST or not found:
        return set(found)
    return {number for number, prepared in texts(found) if has(prepared, phrase)}


def narrowed(asked: Asked, engine: Engine, texts: Texts) -> Asked:
    """The search narrowed to its exact phrases, and without what is not wanted.

    When no text has all the phrases exactly so, their words are searched: see ``inexact``.
    """
    among: set[int] | None = None
    for phrase in asked.phrases:
        having = _having(engine, phrase, texts)
        if having is not None:
            among = having if among is None else among & having
    inexact = among is not None and not among
    if inexact:
        among = None
    without: list[str] = []
    for phrase in asked.without:
        words = [t.text for t in analysis.tokens(phrase)]
        if len(words) == 1:
            without += () if analysis.is_stop(words[0]) else analysis.terms_of(words[0])[:1]
            continue
        having = _having(engine, phrase, texts)
        if having:
            among = (set(engine.having(())) if among is None else among) - having
    query = replace(
        asked.query,
        among=None if among is None else frozenset(among),
        at_least=1 if asked.phrases and among else asked.query.at_least,
        without=tuple(dict.fromkeys(without)),
    )
    return replace(asked, query=query, understood=asked.understood._replace(inexact=inexact))
