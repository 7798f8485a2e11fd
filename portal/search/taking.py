"""Owns taking a text apart: its words as they stand, and where."""

import re
import unicodedata
from typing import NamedTuple

JOINERS = "\u0300-\u036f\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff"
"""What may stand inside a word and is no letter of it."""
_WORD = re.compile(rf"[^\W_]+(?:[{JOINERS}]+[^\W_]*)*")


class Taken(NamedTuple):
    """A text taken apart: in lower case, its words as they stand, where they begin and end."""

    text: str
    words: list[str]
    starts: list[int]
    ends: list[int]


def normalise(text: str) -> str:
    """The text in composed form (NFC): the form all offsets refer to."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _lower(text: str) -> str:
    # U+0130 is the one letter whose lower-case form has another length, which would move offsets.
    return text.replace("\u0130", "I").lower()


def take(text: str) -> Taken:
    """Take a text apart; offsets are those of ``normalise(text)``."""
    text = _lower(normalise(text))
    spans = [match.span() for match in _WORD.finditer(text)]
    words = [text[start:end] for start, end in spans]
    return Taken(text, words, [start for start, _ in spans], [end for _, end in spans])
