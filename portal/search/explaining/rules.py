"""What a score is made of: words with what each adds, times the priors. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import fsum, prod

Places = Mapping[str, int]
"""Part of a text → how often a term stands there."""


@dataclass(frozen=True, slots=True)
class Term:
    """A term of a search: what it adds to the score of a text, and where it stands."""

    term: str
    added: float
    places: Places


@dataclass(frozen=True, slots=True)
class WordPart:
    """A word of a search by the terms that stand for it; the first is the word as it was typed."""

    typed: str
    terms: tuple[Term, ...]

    @property
    def added(self) -> float:
        """What the word adds to the score."""
        return fsum(term.added for term in self.terms)

    @property
    def found(self) -> bool:
        """Whether the text has it at all."""
        return any(term.added for term in self.terms)

    @property
    def others(self) -> tuple[str, ...]:
        """The terms found that are not the word as it was typed: without its marks, or alike."""
        return tuple(term.term for term in self.terms[1:] if term.added)

    @property
    def places(self) -> dict[str, int]:
        """Where the word stands by any of its terms; each place of the text counts once."""
        found: dict[str, int] = {}
        for term in self.terms:
            for place, count in term.places.items():
                found[place] = max(found.get(place, 0), count)
        return found


@dataclass(frozen=True, slots=True)
class Sum:
    """The score of a text: its words and what adds to them, times the priors."""

    words: tuple[WordPart, ...]
    extra: tuple[Term, ...]
    factors: Mapping[str, float]

    @property
    def text(self) -> float:
        """The score of the text alone."""
        return fsum((*(word.added for word in self.words), *(term.added for term in self.extra)))

    @property
    def score(self) -> float:
        """The score it stands by."""
        return self.text * prod(self.factors.values())


def best(sums: Iterable[Sum]) -> Sum | None:
    """Return the one with the highest score: an asset stands by its best text."""
    return max(sums, key=lambda it: it.score, default=None)
