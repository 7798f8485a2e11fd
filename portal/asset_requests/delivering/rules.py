"""What is learnt by replaying the search a request began with; the search itself lies above."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

FIRST = 5
"""A delivered asset is to be among so many results."""


class Why(StrEnum):
    """Why a delivered asset is not among the first results."""

    FOUND = "found"
    UNPUBLISHED = "unpublished"
    BEHIND = "behind"  # the index has not followed yet
    FILTERED = "filtered"  # the search was narrowed to what the asset has not
    WORDS = "words"  # words of the search are not in it
    LOW = "low"  # all words are in it, others have them in better places


@dataclass(frozen=True, slots=True)
class Replayed:
    """Where an asset came in a search; `rank` starts at 1, None: not among all looked at.

    `filters` are the facets that keep it out, `missing` the words it lacks, `weak` those that
    stand in it but not in its title.
    """

    query: str
    rank: int | None
    total: int
    why: Why
    filters: Sequence[str] = ()
    missing: Sequence[str] = ()
    weak: Sequence[str] = ()
    ahead: Sequence[tuple[str, str]] = field(default=())  # (slug, title) of what comes first

    @property
    def is_found(self) -> bool:
        """Whether it is among the first results."""
        return self.why is Why.FOUND


class Replay(Protocol):
    """Searches as somebody did before, and looks for one asset."""

    def __call__(
        self, text: str, filters: Mapping[str, Sequence[str]], *, slug: str, reader: str
    ) -> Replayed:
        """Return where the asset came."""
