"""What the page says about how a search was understood, with the way back to the words as typed."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext

from portal.search import rules
from portal.search.rules import Asked
from portal.web import paging

SHOWN = 6
"""Phrases named of those that one word was widened to."""


@dataclass(frozen=True, slots=True)
class Widening:
    """What was searched besides something typed."""

    typed: str
    phrases: str


@dataclass(frozen=True, slots=True)
class Meant:
    """What to say; ``url`` leads from guesses to the words as typed, or back to guesses."""

    url: str
    corrected: str = ""
    widened: tuple[Widening, ...] = ()
    telling: tuple[str, ...] = ()
    inexact: bool = False
    only_without: bool = False
    literal: bool = False


def found_by(by: Sequence[tuple[str, str]]) -> str:
    """Say what was found in place of something typed."""
    phrases: dict[str, list[str]] = {}
    for phrase, typed in by:
        phrases.setdefault(typed, []).append(phrase)
    return " · ".join(
        gettext("found by %(words)s, for “%(typed)s”", words=", ".join(said), typed=typed)
        for typed, said in phrases.items()
    )


def meant(asked: Asked, total: int, args: list[tuple[str, str]], path: str) -> Meant | None:
    """Show how a search was understood; nothing when it was taken word for word."""
    told = asked.understood
    as_typed = None if asked.literal else "1"
    url = paging.with_args(path, args, {rules.AS_TYPED_ARG: as_typed})
    phrases: dict[str, list[str]] = {}
    for it in told.also if total else ():
        phrases.setdefault(it.typed, []).append(it.phrase)
    shown = Meant(
        url=url,
        corrected=told.corrected if total else "",
        widened=tuple(
            Widening(typed, ", ".join(said[:SHOWN]) + (" …" if len(said) > SHOWN else ""))
            for typed, said in phrases.items()
        ),
        telling=told.telling,
        inexact=told.inexact,
        only_without=asked.only_without,
        literal=asked.literal,
    )
    return None if shown == Meant(url=url) else shown
