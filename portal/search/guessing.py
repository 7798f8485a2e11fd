"""Owns which of the words near a mistyped one were meant: frequent, and fit beside the others."""

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

from portal.search import analysis, spelling
from portal.search.spelling import Lexicon

Frequencies = Callable[[Sequence[str]], list[int]]
"""Terms → about how many texts have each."""

RARE = 2
"""A word in at most so many texts may be a slip that others made, too."""
COMMON = 8
"""How many times more frequent its neighbour has to be then."""
GUESSES = 3
"""Words searched in place of a mistyped one."""


class Guess(NamedTuple):
    """A word that may be meant: how many slips away, in how many texts, also beside the others."""

    word: str
    slips: int
    frequency: int
    together: int


def guesses(
    word: str, typed: Sequence[str], having: int, frequencies: Frequencies, lexicon: Lexicon
) -> list[Guess]:
    """The likeliest of the words near one, different terms only, the best first."""
    near = lexicon.near(word)
    swapped = spelling.swapped_tone(word)
    if swapped != word and swapped in lexicon:
        near.insert(0, (swapped, 0))
    if not near:
        return []
    terms = [analysis.stem(it) for it, _ in near]
    counts = frequencies(terms)
    pairs = [_pairs_with(it, word, typed) for it, _ in near]
    flat = list(dict.fromkeys(pair for own in pairs for pair in own))
    together = dict(zip(flat, frequencies(flat), strict=True)) if flat else {}
    best: dict[str, Guess] = {}
    for (it, slips), term, count, own in zip(near, terms, counts, pairs, strict=True):
        guess = Guess(it, slips, count, sum(together[pair] for pair in own))
        if count > max(COMMON * having, having) and (
            term not in best or _value(guess, word) > _value(best[term], word)
        ):
            best[term] = guess
    return sorted(best.values(), key=lambda g: (-_value(g, word), g.word))[:GUESSES]


def _value(guess: Guess, typed: str) -> float:
    """How likely a word was meant: by how often it is written, beside the same words, and alike."""
    alike = (guess.word[0] == typed[0]) + (sorted(guess.word) == sorted(typed))
    alike += guess.slips == 0
    return math.log1p(guess.frequency) + 2 * math.log1p(guess.together) + alike - 3 * guess.slips


def _pairs_with(guess: str, word: str, typed: Sequence[str]) -> list[str]:
    """The bigrams that a guess would make with the words around the one it stands for."""
    at = typed.index(word) if word in typed else 0
    around = []
    if at:
        around.append(f"{typed[at - 1]} {guess}")
    if at + 1 < len(typed):
        around.append(f"{guess} {typed[at + 1]}")
    return [pair for it in around for pair in analysis.pairs(it)]
