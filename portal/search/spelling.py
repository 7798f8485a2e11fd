"""Owns guessing a word from one that was mistyped: the words that are near it, by keys and letters.

Two neighbouring letters swapped, one letter left out, doubled or taken for another count as one
slip (Damerau); words of `LONG` letters may hold two.
"""

import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from portal.search import analysis

SHORTEST, LONGEST = 3, 24
"""Letters of words that are corrected: shorter ones are near everything."""
LONG = 8
"""Words of so many letters may hold two slips."""
NEAR_MOST = 40
"""Words looked at for one that was mistyped."""

LATIN = "abcdefghijklmnopqrstuvwxyz"
CYRILLIC = "абвгдежзийклмнопрстуфхцчшщъыьэюя"
_TONED = "aăâeêioôơuưy"
_TONES = ("", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323")
VIETNAMESE = "đ" + "".join(
    unicodedata.normalize("NFC", letter + tone) for letter in _TONED for tone in _TONES
)
_HOI_NGA = str.maketrans("\u0309\u0303", "\u0303\u0309")


def _is_cyrillic(word: str) -> bool:
    return "\u0400" <= word[0] <= "\u04ff"


def _alphabet(word: str) -> str:
    if _is_cyrillic(word):
        return CYRILLIC
    return LATIN if word.isascii() else LATIN + VIETNAMESE[1:] + "đ"


def one_slip(word: str) -> Iterator[str]:
    """Every word that is one slip away; swapped letters first, then left out, then others."""
    letters = _alphabet(word)
    parts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    yield from (a + b[1] + b[0] + b[2:] for a, b in parts if len(b) > 1)
    yield from (a + b[1:] for a, b in parts if b)
    yield from (a + c + b for a, b in parts for c in letters)
    yield from (a + c + b[1:] for a, b in parts if b for c in letters)


def swapped_tone(word: str) -> str:
    """The syllable with hỏi for ngã or ngã for hỏi: many speakers hear no difference."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", word).translate(_HOI_NGA))


def distance(one: str, other: str) -> int:
    """Slips between two words: letters added, left out, changed, or swapped with the next."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for at, letter in enumerate(one, start=1):
        row = [at]
        for to, its in enumerate(other, start=1):
            least = min(row[-1] + 1, last[to] + 1, last[to - 1] + (letter != its))
            if at > 1 and to > 1 and letter == other[to - 2] and one[at - 2] == its:
                least = min(least, before[to - 2] + 1)
            row.append(least)
        before, last = last, row
    return last[-1]


@lru_cache(maxsize=4096)
def _bit(letter: str) -> int:
    return 1 << (ord(letter) * 2654435761 >> 7) % 63


def _signature(word: str) -> int:
    """Which letters a word has, as bits; one slip changes at most two of them."""
    bits = 0
    for letter in word:
        bits |= _bit(letter)
    return bits


def is_correctable(word: str) -> bool:
    """Whether a word is one of letters, neither too short nor too long to be guessed."""
    return SHORTEST <= len(word) <= LONGEST and word.isalpha()


class Lexicon:
    """The words there are: those of all texts, lower-case, as ``analysis.tokens`` gives them.

    Vietnamese ones are there once more without their diacritics, as many people type.
    """

    def __init__(self, words: Iterable[str] = ()) -> None:
        self._words: set[str] = set()
        self._ordered: tuple[list[str], NDArray[np.int64]] | None = None
        self.add(words)

    def add(self, words: Iterable[str]) -> None:
        """Take in more words."""
        for word in words:
            if is_correctable(word):
                self._words.add(word)
                plain = word if word.isascii() else analysis.unmarked(word)
                if plain.isascii() and is_correctable(plain):
                    self._words.add(plain)
                self._ordered = None

    def __contains__(self, word: str) -> bool:
        return word in self._words

    def __len__(self) -> int:
        return len(self._words)

    def near(self, word: str) -> list[tuple[str, int]]:
        """Words one slip away, or two when it is long and there are none; with the slips."""
        if not is_correctable(word):
            return []
        found = [near for near in dict.fromkeys(one_slip(word)) if near in self._words]
        if found or len(word) < LONG:
            return [(near, 1) for near in found if near != word][:NEAR_MOST]
        return self._two_slips(word)

    def _by_letters(self) -> tuple[list[str], NDArray[np.int64]]:
        """The long words in order, with the letters each has; made when first needed."""
        if self._ordered is None:
            long = sorted(word for word in self._words if len(word) >= LONG - 2)
            self._ordered = long, np.array([_signature(word) for word in long], np.int64)
        return self._ordered

    def _two_slips(self, word: str) -> list[tuple[str, int]]:
        """Words with the same first letter, of about the same letters, two slips away."""
        long, signs = self._by_letters()
        first, last = bisect_left(long, word[0]), bisect_left(long, chr(ord(word[0]) + 1))
        apart = np.bitwise_count(signs[first:last] ^ np.int64(_signature(word)))
        likely = (long[first + at] for at in np.flatnonzero(apart <= 4).tolist())  # noqa: PLR2004
        near = (it for it in likely if abs(len(it) - len(word)) <= 2)  # noqa: PLR2004
        return [(it, 2) for it in near if distance(word, it) == 2][:NEAR_MOST]  # noqa: PLR2004
