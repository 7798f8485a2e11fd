"""Owns how text becomes search terms: one analyser for English, Vietnamese and Russian.

A token is dispatched on its script, so that one text, or one query, may mix the languages:

- plain Latin: English Snowball stem;
- Cyrillic: ё → е, stress marks dropped, Russian Snowball stem;
- Latin with diacritics (Vietnamese, mostly): tone mark put in its modern place, kept as typed,
  *and* folded to plain letters (đ → d), so that a query without diacritics finds it;
- bigrams ``a_b`` of neighbours carry Vietnamese words of two syllables (folded), Russian phrases
  in whatever inflection (stems);
- stop words are terms in titles and headings only, as ``_of``, for queries that hold nothing else.

Offsets always refer to ``normalise(text)``, which callers that show text must show.
"""

import re
import threading
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple, Protocol, cast

import snowballstemmer

from portal.search import tones
from portal.search.stop_words import ENGLISH, RUSSIAN, VIETNAMESE
from portal.search.taking import JOINERS, Taken, normalise, take

try:
    import Stemmer  # PyStemmer: the same algorithms in C
except ImportError:  # pragma: no cover - depends on what is installed
    Stemmer = None

VERSION = 3
"""Raise it whenever the same text would give other terms: it belongs into an entry's stamp."""

MAX_WORDS = 32
"""A query keeps at most this many words; the rest of a pasted letter cannot help."""
MAX_TOKEN = 64
"""Longer runs of letters are no words; they are cut so that a term stays small."""
FOLDED_WEIGHT = 0.25
"""What the folded form counts for when the query was typed with diacritics."""
BIGRAM_WEIGHT = 0.4
"""What a pair of neighbouring words adds when the text holds that very pair."""
STEM_PAIR_WEIGHT = 0.1
"""The same for a pair of Russian stems: their words say enough alone, the pair breaks ties."""
SOFT_WEIGHT = 0.2
"""What a word adds that is probably a Vietnamese stop word typed without its diacritics."""

_BLANKS = frozenset(" \n\t\u00a0")
_INVISIBLE = re.compile(f"[{JOINERS}]+")
_APART = -9
"""An end that is a blank away from no beginning."""


def unmarked(token: str) -> str:
    """The token without diacritics, đ → d."""
    decomposed = unicodedata.normalize("NFD", token)
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return bare.replace("đ", "d")


STOP_WORDS = frozenset(f"{ENGLISH} {RUSSIAN} {VIETNAMESE}".split())
_ENGLISH_STOP = frozenset(ENGLISH.split())
_SOFT = frozenset(unmarked(word) for word in VIETNAMESE.split()) - _ENGLISH_STOP


class Token(NamedTuple):
    """One word of a text: lower-case, and where it stands in ``normalise(text)``."""

    text: str
    start: int
    end: int


class Word(NamedTuple):
    """One word of a query: as typed, and the terms (with weights) any of which satisfies it."""

    typed: str
    alternatives: tuple[tuple[str, float], ...]


class Terms(NamedTuple):
    """What a document is indexed by: its terms with repetition, and its length in words."""

    terms: list[str]
    length: int


class QueryTerms(NamedTuple):
    """A query's words, all of which a perfect hit has, and terms that only add to the score.

    ``shortened``: there were more than MAX_WORDS words, and the most useful were kept.
    """

    words: tuple[Word, ...]
    bonus: tuple[tuple[str, float], ...]
    shortened: bool = False


class _Stemmer(Protocol):
    def stemWord(self, word: str, /) -> str: ...  # noqa: N802 - the libraries' name


class _Stemmers(threading.local):
    """A stemmer keeps state while it works, so every thread has its own pair."""

    def __init__(self) -> None:
        if Stemmer is not None:
            # The size given is that of its own cache, which ours makes needless.
            self.english = cast("_Stemmer", Stemmer.Stemmer("english", 0))
            self.russian = cast("_Stemmer", Stemmer.Stemmer("russian", 0))
        else:
            self.english = cast("_Stemmer", snowballstemmer.stemmer("english"))
            self.russian = cast("_Stemmer", snowballstemmer.stemmer("russian"))


_stemmers = _Stemmers()


def tokens(text: str) -> Iterator[Token]:
    """Every word of the text in order, stop words included."""
    _, words, starts, ends = take(text)
    for word, start, end in zip(words, starts, ends, strict=True):
        yield Token(plain_letters(word)[:MAX_TOKEN], start, end)


def plain_letters(token: str) -> str:
    """A lower-case token without joiners and stress marks, ё → е, its tone mark in its place."""
    if token.isascii():
        return token
    token = _INVISIBLE.sub("", token).replace("ё", "е")
    return tones.placed(token)


def is_stop(token: str) -> bool:
    """Whether the (lower-case) token is too common in one of the languages to search for."""
    return token in STOP_WORDS


def _terms_of(token: str) -> tuple[str, ...]:
    if token.isascii():
        return (_stemmers.english.stemWord(token),)
    if "\u0400" <= token[0] <= "\u04ff":
        return (_stemmers.russian.stemWord(token),)
    folded = unmarked(token)
    return (token, _stemmers.english.stemWord(folded)) if folded.isascii() else (token,)


@lru_cache(maxsize=2048)
def terms_of(token: str) -> tuple[str, ...]:
    """The terms of one token of ``tokens()``: the primary first, then the folded form if any."""
    return _terms_of(token)


def stem(token: str) -> str:
    """The primary term of a token: what tells how many texts have it."""
    return terms_of(token)[0]


class _Facts(NamedTuple):
    """What a document needs of a token: its terms (none for a stop word), its part of a pair."""

    terms: tuple[str, ...]
    syllable: str


def _told(raw: str) -> _Facts:
    """The facts of a lower-case token as it stands in the text; English stop words make no pairs.

    Vietnamese ones do: without diacritics they may be half of a word.
    """
    token = plain_letters(raw)[:MAX_TOKEN]
    own = () if token in STOP_WORDS else _terms_of(token)
    if "\u0400" <= token[0] <= "\u04ff":
        return _Facts(own, own[0] if own and token.isalpha() else "")
    folded = token if token.isascii() else unmarked(token)
    paired = folded.isascii() and folded.isalpha() and token not in _ENGLISH_STOP
    return _Facts(own, folded if paired else "")


# Whoever indexes asks for the same words over and over; a server's worker, which keeps codes of
# words instead (`passages`), hardly fills it.
_facts = lru_cache(maxsize=20_000)(_told)


@lru_cache(maxsize=2048)
def common(raw: str) -> tuple[str, ...]:
    """The terms of a stop word of ``take``, as titles and headings have them; else none."""
    token = plain_letters(raw)[:MAX_TOKEN]
    return _common_terms(token) if token in STOP_WORDS else ()


def _common_terms(token: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((f"_{token}", f"_{unmarked(token)}")))


def common_terms(text: str) -> list[str]:
    """The terms of the stop words of a title or heading, with repetition."""
    return [term for word in take(text).words for term in common(word)]


def searchable(raw: str) -> tuple[str, ...]:
    """The terms of a word of ``take``; none for a stop word."""
    return _told(raw).terms


def pair_weight(pair: str) -> float:
    """What a bigram adds to the score."""
    return STEM_PAIR_WEIGHT if "\u0400" <= pair[0] <= "\u04ff" else BIGRAM_WEIGHT


def pairs(text: str) -> list[str]:
    """The bigrams of a text, with repetition."""
    return [term for term in document_terms(text).terms if "_" in term]


def document_terms(text: str, *, bigrams: bool = True) -> Terms:
    """The terms of a text, with repetition; ``length`` counts its words without stop words.

    The length leaves out folded forms and bigrams, so that a Vietnamese text does not count
    as three times as long as an English one. Bigrams join words parted by a single blank.
    """
    return lines_terms([take(text)], bigrams=bigrams)


def lines_terms(lines: Iterable[Taken], *, bigrams: bool = True) -> Terms:
    """``document_terms`` of these texts, each on a line of its own."""
    terms: list[str] = []
    length, before, before_end = 0, "", _APART
    for text, words, starts, ends in lines:
        for (own, syllable), start, end in zip(map(_facts, words), starts, ends, strict=True):
            if own:
                terms += own
                length += 1
            # Before a line's first word there is what ends the line above, a blank.
            near = start - before_end == 1 and (before_end < 0 or text[before_end] in _BLANKS)
            if near and before and syllable and bigrams:
                terms.append(f"{before}_{syllable}")
            before, before_end = syllable, end
        # A word at the very end of a line is a blank away from what begins the next one.
        before_end = -1 if ends and ends[-1] == len(text) else _APART
    return Terms(terms, length)


def _alternatives(token: str) -> tuple[tuple[str, float], ...]:
    primary, *folded = terms_of(token)
    return ((primary, 1.0), *((term, FOLDED_WEIGHT) for term in folded))


def _common_alternatives(token: str) -> tuple[tuple[str, float], ...]:
    """Those of a word of a query of stop words, or of what may be one but for its diacritics."""
    primary, *folded = _common_terms(token)
    own = () if token in STOP_WORDS else _alternatives(token)
    return (*own, (primary, 1.0), *((term, FOLDED_WEIGHT) for term in folded))


def _most_useful(typed: list[str]) -> list[str]:
    """At most MAX_WORDS different words in their order: repeated ones first, then long ones."""
    counted = Counter(typed)
    if len(counted) <= MAX_WORDS:
        return list(counted)
    ranked = sorted(counted, key=lambda token: (-counted[token], -len(token)))
    kept = frozenset(ranked[:MAX_WORDS])
    return [token for token in counted if token in kept]


def query_terms(text: str) -> QueryTerms:
    """What to search for, given what was typed; any text is fine, an empty answer is possible.

    Stop words are left out unless nothing else is left: titles and headings are searched for them
    then, since they would be nearly everywhere in a text. When the whole query is typed in plain
    letters, words that would be Vietnamese stop words but for their diacritics ("cua", "trong")
    only add to the score: they may as well be the beginning of "trọng tải".
    """
    text = normalise(text)
    words = list(tokens(text))
    typed = [word.text for word in words]
    soft = _SOFT if all(map(str.isascii, typed)) else frozenset[str]()
    required = [token for token in typed if token not in STOP_WORDS and token not in soft]
    alternatives = _alternatives if required else _common_alternatives
    required = required or [token for token in typed if token in soft] or typed
    kept = _most_useful(required)
    optional = [t for t in dict.fromkeys(typed) if t in soft and t not in kept][:MAX_WORDS]
    beside = dict.fromkeys(pairs(text))
    return QueryTerms(
        tuple(Word(token, alternatives(token)) for token in kept),
        tuple((terms_of(token)[0], SOFT_WEIGHT) for token in optional)
        + tuple((pair, pair_weight(pair)) for pair in list(beside)[:MAX_WORDS]),
        len(kept) < len(set(required)),
    )
