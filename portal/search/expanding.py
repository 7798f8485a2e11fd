"""Owns how words of a query widen to the others of their group, in whatever language.

A group says "these mean the same"; a phrase of one is recognised in a query by its stems, and by
plain letters when Vietnamese of several syllables was typed without diacritics.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from portal.search import analysis, phrases
from portal.search.phrases import Phrase

MOST = 18
"""Other phrases that one phrase of a query widens to."""


class Expansion(NamedTuple):
    """A phrase searched in place of a typed one; any of its terms stands for it: the rarest."""

    phrase: str
    language: str
    terms: tuple[str, ...]


class Widened(NamedTuple):
    """Where a phrase of the query stands among its words, how long it is, what else is searched."""

    place: int
    size: int
    others: tuple[Expansion, ...]


class Table:
    """All groups, compiled: phrase → the groups it is in."""

    def __init__(self, groups: Iterable[Mapping[str, Sequence[str]]] = ()) -> None:
        self._groups: list[tuple[Expansion, ...]] = []
        self._exact: defaultdict[Phrase, list[int]] = defaultdict(list)
        self._plain: defaultdict[Phrase, list[int]] = defaultdict(list)
        for number, group in enumerate(groups):
            members = []
            for language, said in group.items():
                for phrase in said:
                    self._enter(phrase, number)
                    terms = terms_for(phrase)
                    if terms:
                        members.append(Expansion(phrase, language, terms))
            self._groups.append(tuple(members))

    def _enter(self, phrase: str, number: int) -> None:
        exact, plain = phrases.phrase_of(phrase)
        if not exact or len(exact) > phrases.MOST:
            return
        for known, stems in ((self._exact, exact), (self._plain, plain)):
            # A single syllable without its diacritics is no word: it would be too many.
            if (known is self._exact or len(plain) > 1) and number not in known[stems]:
                known[stems].append(number)

    def widen(self, tokens: Sequence[str]) -> list[Widened]:
        """The phrases of a query's words that are in a group: the longest at each place."""
        typed = {term for token in tokens for term in analysis.terms_of(token)}
        typed.update(analysis.document_terms(" ".join(tokens)).terms)
        found = [
            Widened(at, size, self._others(groups, typed))
            for at, size, groups in phrases.places(*phrases.stemmed(tokens), self._groups_of)
        ]
        return [it for it in found if it.others]

    def _groups_of(self, exact: Phrase, plain: Phrase) -> list[int] | None:
        return self._exact.get(exact) or self._plain.get(plain)

    def _others(self, groups: Iterable[int], typed: set[str]) -> tuple[Expansion, ...]:
        """The other phrases, each once, language by language in turn; none that is typed anyway."""
        by_language: defaultdict[str, dict[tuple[str, ...], Expansion]] = defaultdict(dict)
        for number in groups:
            for it in self._groups[number]:
                if not typed.intersection(it.terms):
                    by_language[it.language].setdefault(it.terms, it)
        rows = [list(found.values()) for found in by_language.values()]
        turns = (row[n] for n in range(MOST) for row in rows if n < len(row))
        chosen: dict[tuple[str, ...], Expansion] = {}
        for it in turns:
            if len(chosen) < MOST:
                chosen.setdefault(it.terms, it)
        return tuple(chosen.values())


def terms_for(phrase: str) -> tuple[str, ...]:
    """The terms of which the rarest stands for a phrase: its word, or its pairs; none: unusable."""
    words = [token.text for token in analysis.tokens(phrase)]
    if len(words) == 1:
        return () if analysis.is_stop(words[0]) else (analysis.stem(words[0]),)
    pairs = tuple(analysis.pairs(phrase))
    return pairs if pairs and len(pairs) == len(words) - 1 else ()
