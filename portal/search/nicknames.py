"""Owns what a nickname of a competitor or product stands for in a search: its name.

Whatever is about a competitor has its other names once, hidden, so that a search for one of them
would find what is shortest. What says the name most is meant, as by a search for the name itself.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from portal.search.rules import Asked
from portal.search.widening import meant_and_typed, with_others

WEIGHT = 0.8
"""What the name counts for beside the nickname that was typed."""


class Called(NamedTuple):
    """Where a name stands among the words of a search, how long it is, and the name's terms."""

    place: int
    size: int
    terms: tuple[str, ...]


Names = Callable[[str], Sequence[Called]]
"""Text → the nicknames in it."""


def named(asked: Asked, names: Names) -> Asked:
    """The search with the names that its nicknames stand for."""
    _, typed = meant_and_typed(asked)
    more: dict[str, dict[str, float]] = {}
    for it in names(asked.understood.corrected or asked.typed):
        weights = dict.fromkeys(it.terms, WEIGHT)
        for word in typed[it.place : it.place + it.size]:
            more.setdefault(word, {}).update(weights)
    return with_others(asked, more) if more else asked
