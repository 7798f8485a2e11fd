"""The trade's words as shipped (`trade_words.txt`): concepts in three languages, read once."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from portal.search import analysis

EVERYWHERE, KIND = "everywhere", "kind/"
LOOSE = "~"
"""Before a name: words that belong together in a request, but are not the same in a search."""
LANGUAGES = ("en", "vi", "ru")
"""The order of a line's parts."""


class Concept(NamedTuple):
    """A line of the file: its name, whether it widens searches, its phrases by language."""

    name: str
    widens: bool
    words: dict[str, tuple[str, ...]]


def _concept(line: str) -> Concept:
    head, told = line.split(":", 1)
    name = head.removeprefix(LOOSE)
    words = {
        language: tuple(dict.fromkeys(phrase.strip() for phrase in part.split(",")))
        for language, part in zip(LANGUAGES, told.split(";"), strict=True)
    }
    widens = not head.startswith(LOOSE) and name != EVERYWHERE and not name.startswith(KIND)
    return Concept(name, widens, words)


@cache
def concepts() -> tuple[Concept, ...]:
    """Return every line of the file, in its order."""
    text = Path(__file__).with_name("trade_words.txt").read_text("utf-8")
    lines = text.splitlines()
    return tuple(_concept(line) for line in lines if line and not line.startswith("#"))


def synonyms() -> dict[str, Mapping[str, Sequence[str]]]:
    """Return the words of the concepts that widen searches, by name: the groups as shipped."""
    return {it.name: it.words for it in concepts() if it.widens}


@cache
def everywhere() -> frozenset[str]:
    """Return the stems that tell too little: nearly every request says them."""
    words = (it.words.values() for it in concepts() if it.name == EVERYWHERE)
    text = " ".join(phrase for own in words for phrases in own for phrase in phrases)
    return frozenset(analysis.stem(token.text) for token in analysis.tokens(text))
