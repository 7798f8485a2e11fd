"""Owns what quotes and minus signs mean in a query; whatever else looks like an operator is text.

``"exact phrase"``: these words in this order; ``-word`` and ``-"some words"``: without them. A
minus inside a word, before a number or alone is none, nor is a quote that is never closed. What
is as long as a letter has no operators at all: its dashes begin lines.
"""

import re
from typing import NamedTuple

from portal.search import analysis

MOST_PHRASES, MOST_WITHOUT = 4, 8
"""Operators of one query that are looked at; the rest is text."""
LETTER = 40
"""A text of more words was pasted: people do not type so much."""

_QUOTES = {'"': '"', "“": "”", "”": "”", "„": "“”", "«": "»", "»": "«»", "″": "″"}
_OPEN = "".join(_QUOTES)
_PIECE = re.compile(rf"(?:(?<=[\s(])|^)(-?)([{_OPEN}])|(?:(?<=[\s(])|^)-(?=[^\W\d_])(\S+)")


class Parsed(NamedTuple):
    """A query taken apart: the words to find, exact phrases among them, and what to leave out."""

    text: str
    phrases: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


def _close(text: str, quote: str, start: int) -> int:
    """Where the quote opened before ``start`` is closed, or -1."""
    ends = [text.find(end, start) for end in _QUOTES[quote]]
    return min((end for end in ends if end >= 0), default=-1)


def _has_words(text: str) -> bool:
    return next(analysis.tokens(text), None) is not None


def is_letter(text: str) -> bool:
    """Whether a text is too long to have been typed as a search."""
    return len(text.split()) > LETTER


def parse(text: str) -> Parsed:
    """Take a query apart; any text is fine, and one without operators stays as it is."""
    if not any(sign in text for sign in (*_OPEN, "-")) or is_letter(text):
        return Parsed(text)
    kept: list[str] = []
    phrases: list[str] = []
    without: list[str] = []
    at = 0
    while (found := _PIECE.search(text, at)) is not None:
        kept.append(text[at : found.start()])
        minus, quote, word = found.groups()
        if quote is None:
            said, end = word.strip("()"), found.end()
        else:
            end = _close(text, quote, found.end())
            said = text[found.end() : end] if end >= 0 else ""
            end += 1
        into, most = (without, MOST_WITHOUT) if word or minus else (phrases, MOST_PHRASES)
        if not _has_words(said) or len(into) >= most:
            kept.append(text[found.start() : found.end()])
            at = found.end()
            continue
        into.append(said.strip())
        if into is phrases:
            kept.append(f" {said} ")
        at = end
    kept.append(text[at:])
    return Parsed(" ".join("".join(kept).split()), tuple(phrases), tuple(without))
