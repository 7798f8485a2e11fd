"""Owns what the other words of a group count for: less than those typed, however rare they are.

A rare word would lift a text above those with the common word that was typed; so what another
word counts for falls with its rarity beside the typed one's.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from portal.search import analysis
from portal.search.analysis import Word
from portal.search.expanding import Table, Widened
from portal.search.guessing import Frequencies
from portal.search.rules import Also, Asked

MOST, SHARE = 0.1, 0.25
"""What another word of a group counts for at most; what all of them may together."""


def widened(asked: Asked, frequencies: Frequencies, table: Table) -> Asked:
    """The search with the other words of the groups its words are in."""
    meant, typed = meant_and_typed(asked)
    found = [] if asked.understood.telling else table.widen(meant)
    if not found:
        return asked
    having = _having(meant, found, frequencies)
    own = {word.typed for word in asked.words}
    more: dict[str, dict[str, float]] = {}
    bonus = dict(asked.query.bonus)
    also: list[Also] = []
    for it in found:
        part = slice(it.place, it.place + it.size)
        phrases = _rarest(it, having)
        weights = _weights(phrases, meant[part], having)
        into = [word for word in typed[part] if word in own]
        for word in into:
            more.setdefault(word, {}).update(weights)
        if not into:  # stop words: they are not searched for, what they stand for may help
            bonus = weights | bonus
        also += (Also(phrases[term], " ".join(meant[part]), (term,)) for term in phrases)
    asked = with_others(asked, more)
    query = replace(asked.query, bonus=tuple(bonus.items()))
    return replace(asked, query=query, understood=asked.understood._replace(also=tuple(also)))


def meant_and_typed(asked: Asked) -> tuple[list[str], list[str]]:
    """The words a search is taken to mean, and for each of them the one that was typed."""
    text = asked.understood.corrected or asked.typed
    meant = [token.text for token in analysis.tokens(text)]
    typed = [token.text for token in analysis.tokens(asked.typed)]
    return meant, typed if len(typed) == len(meant) else meant


def with_others(asked: Asked, more: Mapping[str, Mapping[str, float]]) -> Asked:
    """The same search with other terms beside those of its words: typed word → term → weight."""
    words = [_added(word, more.get(word.typed, {})) for word in asked.words]
    query = replace(asked.query, words=tuple(word.alternatives for word in words))
    return replace(asked, words=tuple(words), query=query)


def _added(word: Word, others: Mapping[str, float]) -> Word:
    """The word with other terms after its own."""
    own = dict(word.alternatives)
    more = tuple(pair for pair in others.items() if pair[0] not in own)
    return Word(word.typed, word.alternatives + more)


def _having(
    meant: Sequence[str], found: Sequence[Widened], frequencies: Frequencies
) -> dict[str, int]:
    """How many texts have each term that is typed or widened to."""
    terms = dict.fromkeys(term for it in found for other in it.others for term in other.terms)
    terms |= dict.fromkeys(analysis.stem(word) for word in meant)
    flat = list(terms)
    return dict(zip(flat, frequencies(flat), strict=True))


def _rarest(it: Widened, having: dict[str, int]) -> dict[str, str]:
    """Term → phrase, of the phrases that some text has; of a long phrase its rarest pair."""
    found: dict[str, str] = {}
    for other in it.others:
        term = min(other.terms, key=having.__getitem__)
        if having[term]:
            found.setdefault(term, other.phrase)
    return found


def _weights(
    phrases: dict[str, str], typed: Sequence[str], having: dict[str, int]
) -> dict[str, float]:
    """What each term counts for: the rarer it is beside what was typed, the less."""
    if not phrases:
        return {}
    all_of = min(MOST, SHARE / len(phrases))
    many = 2 * max(having.values())

    def rarity(number: int) -> float:
        return math.log(1 + many / number)

    own = min(having[analysis.stem(word)] for word in typed)
    if not own:
        return dict.fromkeys(phrases, all_of)
    return {term: all_of * min(1.0, rarity(own) / rarity(having[term])) for term in phrases}
