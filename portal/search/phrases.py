"""Owns phrases by their stems: what one is known by, and where known ones stand in a text.

With diacritics, and without: who types Vietnamese in haste leaves them out.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from portal.search import analysis

MOST = 5
"""Words of the longest phrase."""

Phrase = tuple[str, ...]
Known = TypeVar("Known")


def stems_of(token: str) -> tuple[str, str]:
    """Return a token's stem as typed and without diacritics."""
    found = analysis.terms_of(token)
    return found[0], found[-1]


def stemmed(tokens: Iterable[str]) -> tuple[Phrase, Phrase]:
    """Return words by their stems, with diacritics and without."""
    pairs = [stems_of(token) for token in tokens]
    return tuple(exact for exact, _ in pairs), tuple(plain for _, plain in pairs)


def phrase_of(text: str) -> tuple[Phrase, Phrase]:
    """Return a text by the stems of its words, with diacritics and without."""
    return stemmed(token.text for token in analysis.tokens(text))


def places(
    exact: Sequence[str], plain: Sequence[str], known: Callable[[Phrase, Phrase], Known | None]
) -> Iterator[tuple[int, int, Known]]:
    """Yield (place, length, what is known) of phrases: the longest at each place, none inside it.

    `known` is asked by a phrase with diacritics and without.
    """
    at = 0
    while at < len(exact):
        step = 1
        for size in range(min(MOST, len(exact) - at), 0, -1):
            part = slice(at, at + size)
            found = known(tuple(exact[part]), tuple(plain[part]))
            if found is not None:
                yield at, size, found
                step = size
                break
        at += step
