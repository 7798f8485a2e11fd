"""What is decided about groups of synonyms: which there are, what may be in one."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from portal.config import Language
from portal.library.terms.rules import key_of
from portal.search import analysis
from portal.search.phrases import MOST as PHRASE_WORDS

PHRASE_LETTERS = 60
"""Letters of a phrase."""
WORDS_MOST = 30
"""Phrases of a group in one language."""
KEY_MOST = 60

Words = Mapping[str, Sequence[str]]
"""Language → phrases."""


class Wrong(StrEnum):
    """Why words are refused."""

    TOO_FEW = "too few"
    TOO_MANY = "too many"
    TOO_LONG = "too long"
    NO_WORD = "no word"
    TWICE = "twice"
    TAKEN = "taken"
    LANGUAGE = "language"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, in which language, with which phrase; `key`: the group that has it."""

    wrong: Wrong
    language: str = ""
    phrase: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """A group as it counts now. `version` 0: as shipped, nobody has touched it."""

    key: str
    words: Words
    version: int = 0
    shipped: bool = False
    removed: bool = False

    @property
    def name(self) -> str:
        """The first phrase: what the group is called."""
        return next((phrase for phrases in self.words.values() for phrase in phrases), self.key)


def listing(shipped: Iterable[tuple[str, Words]], made: Iterable[Group]) -> list[Group]:
    """Return all groups by name: shipped ones, in whose place those stand that people have made."""
    found = {key: Group(key, words, shipped=True) for key, words in shipped}
    found |= {it.key: it for it in made}
    return sorted(found.values(), key=lambda it: (it.name.casefold(), it.key))


def matching(groups: Iterable[Group], text: str) -> list[Group]:
    """Return the groups with a phrase that has a text in it, diacritics and case apart."""
    wanted = key_of(text.strip()) if text.strip() else ""
    return [it for it in groups if wanted in " ".join((it.key, *map(key_of, _phrases(it.words))))]


def _phrases(words: Words) -> Iterator[str]:
    return (phrase for phrases in words.values() for phrase in phrases)


def tidy(words: Words) -> dict[str, list[str]]:
    """Return words without needless blanks and empty phrases."""
    told = {code: [" ".join(phrase.split()) for phrase in said] for code, said in words.items()}
    return {code: [it for it in said if it] for code, said in told.items() if any(said)}


def fault(words: Words, others: Iterable[Group], before: Words | None = None) -> Fault | None:
    """Return the first thing wrong with a group's (tidy) words.

    Args:
        words: what is to be in the group.
        others: the other groups; a phrase of theirs is refused, unless it was here `before`.
        before: what the group had.
    """
    if sum(map(len, words.values())) < 2:  # noqa: PLR2004
        return Fault(Wrong.TOO_FEW)
    taken = {(code, key_of(said)): it.key for it in others for code, said in _pairs(it.words)}
    had = {(code, key_of(said)) for code, said in _pairs(before or {})}
    unknown = next((code for code in words if code not in set(Language)), None)
    if unknown is not None:
        return Fault(Wrong.LANGUAGE, unknown)
    many = next((code for code, phrases in words.items() if len(phrases) > WORDS_MOST), None)
    if many is not None:
        return Fault(Wrong.TOO_MANY, many)
    seen: set[tuple[str, str]] = set()
    for code, phrase in _pairs(words):
        known = (code, key_of(phrase))
        wrong = Wrong.TWICE if (code, phrase.casefold()) in seen else _wrong(phrase)
        if wrong is None and known in taken and known not in had:
            return Fault(Wrong.TAKEN, code, phrase, taken[known])
        if wrong is not None:
            return Fault(wrong, code, phrase)
        seen.add((code, phrase.casefold()))
    return None


def _pairs(words: Words) -> Iterator[tuple[str, str]]:
    return ((code, phrase) for code, phrases in words.items() for phrase in phrases)


def _wrong(phrase: str) -> Wrong | None:
    count = sum(1 for _ in analysis.tokens(phrase))
    if len(phrase) > PHRASE_LETTERS or count > PHRASE_WORDS:
        return Wrong.TOO_LONG
    return None if count else Wrong.NO_WORD
