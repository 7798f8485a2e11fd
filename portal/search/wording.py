"""Owns the words a request is kept and found by: stems, pairs, concepts across the languages.

A word of the table is one of

- a stem, as the index has it; Vietnamese folded to plain letters, and once more as it was typed;
- ``a_b``, two neighbouring syllables without diacritics: what Vietnamese words are made of;
- ``=price``, a concept of the trade (``trade_words.txt``), the same in every language;
- ``=kind/deck``, what is wanted, and ``=competitor/kestrel``, a word of the vocabulary by any name.

Its weight says how much it tells of this text: the first line, the title, counts most.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import NamedTuple

from portal.search import analysis, phrases, stop_words
from portal.search import trade as words_of_trade
from portal.search.naming import queries as naming
from portal.search.phrases import Phrase

EVERYWHERE, KIND, RIVAL = words_of_trade.EVERYWHERE, "=kind/", "=competitor/"
WORD_MOST = 60
"""What the table's column holds."""
WORDS_MOST = 80
"""Words kept of one text; those that weigh most."""
TEXT_MOST = 4000
"""Characters of a text that are looked at."""
TITLE = 3
"""How many times more the first line counts than the others."""
STEM, FOLDED, TYPED, PAIR, CONCEPT, NAMED, WANTED = 4, 2, 3, 2, 6, 5, 2
"""What one occurrence of each sort of word weighs."""
ENGLISH_STOP = frozenset(stop_words.ENGLISH.split())
REPEATED = 2
"""A word counts at most so many times its first weight, however often it is said."""


class Lexicon(NamedTuple):
    """Phrases → the words they stand for; by stems with diacritics, and without."""

    exact: Mapping[Phrase, str]
    plain: Mapping[Phrase, str]


class _Said(NamedTuple):
    """A token of a text: its stem with diacritics, without, and whether it is a common one."""

    exact: str
    plain: str
    common: bool
    end: int
    start: int


_VIETNAMESE = re.compile("[àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ]")


def _enter(pairs: Iterable[tuple[str, str]]) -> Lexicon:
    """Make a lexicon of (phrase, word); the first of two that claim a phrase keeps it.

    A Vietnamese word of one syllable is none without its diacritics: it would be too many.
    """
    exact: dict[Phrase, str] = {}
    plain: dict[Phrase, str] = {}
    for text, word in pairs:
        typed, folded = phrases.phrase_of(text)
        if not typed or len(typed) > phrases.MOST:
            continue
        exact.setdefault(typed, word)
        if folded == typed or len(folded) > 1:
            plain.setdefault(folded, word)
    return Lexicon(exact, plain)


@cache
def _table() -> tuple[tuple[str, str], ...]:
    """Return (name, phrase) of each phrase of the trade's words."""
    return tuple(
        (concept.name, phrase)
        for concept in words_of_trade.concepts()
        for said in concept.words.values()
        for phrase in said
    )


@cache
def trade() -> Lexicon:
    """Return the kinds of assets and the trade's concepts."""
    return _enter((phrase, f"={name}") for name, phrase in _table() if name != EVERYWHERE)


_vocabulary: tuple[tuple[int, ...], Lexicon] | None = None


def vocabulary() -> Lexicon:
    """Return the vocabulary's names and other names, kept until one of its words changes."""
    global _vocabulary  # noqa: PLW0603  # one a process, as the finder's names
    state = naming.vocabulary_state()
    kept = _vocabulary
    if kept is None or kept[0] != state:
        kept = _vocabulary = (state, _enter(naming.vocabulary_names()))
    return kept[1]


def _said(line: str) -> list[_Said]:
    """Take a line apart."""
    return [
        _Said(*phrases.stems_of(it.text), analysis.is_stop(it.text), it.end, it.start)
        for it in analysis.tokens(line)
    ]


def _meant(said: list[_Said], lexicon: Lexicon, *, marked: bool) -> Iterator[tuple[int, int, str]]:
    """Return (place, length, word) of a line's phrases: the longest at each place, none inside it.

    `marked`: the line is typed with diacritics, so that "gia" is not "giá".
    """

    def known(exact: Phrase, plain: Phrase) -> str | None:
        return lexicon.exact.get(exact) or (None if marked else lexicon.plain.get(plain))

    return phrases.places([it.exact for it in said], [it.plain for it in said], known)


def places(text: str, lexicon: Lexicon) -> list[tuple[int, int, str]]:
    """Return (place among the words, how many, word it stands for) of the phrases of a text."""
    marked = _VIETNAMESE.search(text.lower()) is not None
    return list(_meant(_said(text), lexicon, marked=marked))


def _concepts(said: list[_Said], lexicon: Lexicon, *, marked: bool) -> list[str]:
    """Return the words a line's phrases stand for."""
    return [word for _, _, word in _meant(said, lexicon, marked=marked)]


def _stems_of(said: list[_Said]) -> Iterator[tuple[str, int]]:
    """Return (word, weight) of a line's stems and pairs."""
    everywhere = words_of_trade.everywhere()
    before: _Said | None = None
    for it in said:
        if not it.common and it.exact not in everywhere:
            folded = it.plain != it.exact
            yield it.plain, FOLDED if folded else STEM
            if folded:
                yield it.exact, TYPED
        if before is not None and it.start - before.end == 1 and _is_pair(before, it):
            yield f"{before.plain}_{it.plain}", PAIR
        before = it


def _is_pair(one: _Said, other: _Said) -> bool:
    """Whether two neighbours may be syllables of a word that says something."""
    if not all(it.plain.isascii() and it.plain.isalpha() for it in (one, other)):
        return False
    if ENGLISH_STOP & {one.plain, other.plain}:
        return False
    return not {one.exact, other.exact} <= words_of_trade.everywhere()


def words(text: str) -> dict[str, int]:
    """Take a text apart into the words it is kept and found by, with how much each says.

    The first line is its title. Any text is fine; one of stop words alone gives nothing.
    """
    total: Counter[str] = Counter()
    first: dict[str, int] = {}
    named = vocabulary()
    for number, line in enumerate(text[:TEXT_MOST].splitlines()):
        said = _said(line)
        if not said:
            continue
        marked = _VIETNAMESE.search(line.lower()) is not None
        times = TITLE if number == 0 else 1
        meant = _concepts(said, trade(), marked=marked)
        found = list(_stems_of(said))
        found += [(word, WANTED if word.startswith(KIND) else CONCEPT) for word in meant]
        found += [(word, NAMED) for word in _concepts(said, named, marked=marked)]
        for word, weight in found:
            cut = word[:WORD_MOST]
            first.setdefault(cut, weight * times)
            total[cut] += weight * times
    kept = {word: min(n, REPEATED * first[word]) for word, n in total.items()}
    most = sorted(kept, key=lambda word: (-kept[word], word))[:WORDS_MOST]
    return {word: kept[word] for word in sorted(most)}


def topic(text: str) -> str:
    """Return a text without what nearly every request says: what to search the library for."""
    text = " ".join(text[:TEXT_MOST].split())
    said = _said(text)
    kinds = {
        at + place
        for at, size, word in _meant(said, trade(), marked=True)
        if word.startswith(KIND)
        for place in range(size)
    }
    everywhere = words_of_trade.everywhere()
    tokens = list(analysis.tokens(text))
    return " ".join(
        token.text
        for number, token in enumerate(tokens)
        if number not in kinds and said[number].exact not in everywhere
    )


def named(text: str) -> dict[str, str]:
    """Return the competitor a text names, by any of its names, when it names only one."""
    said = _said(" ".join(text[:TEXT_MOST].split()))
    found = {word for word in _concepts(said, vocabulary(), marked=True) if word.startswith(RIVAL)}
    return {"competitor": found.pop().removeprefix(RIVAL)} if len(found) == 1 else {}


def terms(text: str) -> dict[str, int]:
    """Return the stems of a text with how often each stands in it, for telling the same search."""
    return dict(Counter(analysis.document_terms(text, bigrams=False).terms))


@cache
def _syllables() -> Lexicon:
    """Return the trade's Vietnamese words of one syllable by how they are typed in haste: gia."""
    said = [(phrase, f"={name}") for name, phrase in _table() if _VIETNAMESE.search(phrase)]
    pairs = [(phrases.phrase_of(phrase), word) for phrase, word in said]
    bare: dict[Phrase, str] = {}
    for (exact, plain), word in pairs:
        if len(plain) == 1 and not analysis.is_stop(plain[0]) and plain not in trade().exact:
            bare.setdefault(plain, word)
            bare.setdefault(exact, word)
    return Lexicon(bare, bare)


def meaning(text: str) -> str:
    """Return what a search means: its concepts, names and plain stems, each once, in one order.

    The order typed, diacritics, inflection, case and common words do not count; words of the trade
    and of the vocabulary mean the same in every language. A text without words means its letters.
    """
    said = _said(" ".join(text[:TEXT_MOST].split()))
    marked = _VIETNAMESE.search(text.lower()) is not None
    found: set[str] = set()
    covered: set[int] = set()
    for lexicon in (vocabulary(), trade(), *(() if marked else (_syllables(),))):
        for at, size, word in _meant(said, lexicon, marked=marked):
            if covered.isdisjoint(range(at, at + size)):
                covered.update(range(at, at + size))
                found.add(word)
    left = [it for at, it in enumerate(said) if at not in covered]
    found.update(it.plain for it in left if not it.common)
    found = found or {it.plain for it in left}
    return " ".join(sorted(found)) or text.strip().casefold()
