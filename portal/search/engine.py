"""Owns the contract of a search engine: what it is given, what it answers, what it promises.

Analysis, stemming and weights are done before (``analysis``, ``rules``): an engine only sees
terms, so that every engine finds the same.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import count
from typing import Any, Protocol

LANGUAGE = "language"
"""The facet that ``Query.prefer`` looks at."""
NEAR_TIE = 0.75
"""A text in the preferred language stands for its asset when it scores at least this share
of the asset's best text."""


class IndexDamagedError(Exception):
    """The index cannot be read; ``rebuild`` makes a new one."""


class IndexBusyError(Exception):
    """Another writer held the lock for longer than the caller was ready to wait."""


class Sort(StrEnum):
    """How hits are ordered; ties always by group, so that pages never overlap."""

    BEST = "best"
    NEWEST = "newest"


@dataclass(frozen=True, slots=True)
class Entry:
    """One text (asset × language) as the index keeps it.

    ``terms`` repeat for weight (title ×3, headings ×2, …) and hold bigrams ``a_b``; ``length``
    is the number of words they stand for, without folded forms and bigrams. ``day`` is the
    ordinal of the last change. ``stamp`` changes whenever anything else here does.
    """

    id: int
    group: int
    terms: Sequence[str]
    length: int
    facets: Mapping[str, tuple[str, ...]]
    day: int
    stamp: str


_serial = count(1)


@dataclass(frozen=True, slots=True, eq=False)
class Priors:
    """What is known of groups besides their texts, told with each question; never changed.

    ``groups`` ascend; ``factors``, by which the score of each one's text is multiplied, and the
    codes of ``facets`` are as long. A facet is (codes, values): ``values[code]``, or none for -1.
    Who is not among ``groups`` has the factor 1 and no values. ``serial`` names just this one.
    """

    groups: Any
    factors: Any
    facets: Mapping[str, tuple[Any, tuple[str, ...]]] = field(default_factory=dict)
    serial: int = field(default_factory=lambda: next(_serial))


@dataclass(frozen=True, slots=True)
class Query:
    """A question to the index.

    ``words``: each a tuple of alternatives (term, weight), one of which must be there; no words
    means everything. ``bonus``: terms that add to the score of what is found anyhow.
    ``match_all``: every word is required, unless fewer than ``at_least`` groups have them all
    (before filters), or none does after filters, or a text without one of them scores far
    better; then any word will do and ``Found.relaxed`` is set.
    ``filters``: facet → values, any of which will do; an empty set filters nothing.
    ``priors`` are applied after all that, before ordering. ``first``: groups that are found
    whatever their words, if the filters let them, and stand first in the order of ``Sort.BEST``.
    ``without``: terms that no entry found may have. ``among``: the ids of the entries that may be
    found; None: all of them.
    """

    words: tuple[tuple[tuple[str, float], ...], ...] = ()
    bonus: tuple[tuple[str, float], ...] = ()
    match_all: bool = False
    at_least: int = 0
    filters: Mapping[str, frozenset[str]] = field(default_factory=dict)
    prefer: str | None = None
    sort: Sort = Sort.BEST
    limit: int = 20
    offset: int = 0
    without: tuple[str, ...] = ()
    among: frozenset[int] | None = None
    priors: Priors | None = None
    first: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """One asset found: the text that stands for it, and the score of its best text, with priors."""

    id: int
    group: int
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """One page of hits; ``total`` and ``facets`` count all groups found.

    Each facet is counted under the filters of the *other* facets, so that a second value of the
    same facet shows what ticking it would add. Values without any group are left out.
    """

    hits: tuple[Hit, ...]
    total: int
    facets: Mapping[str, Mapping[str, int]]
    relaxed: bool = False


class Engine(Protocol):
    """What every engine does. All methods may be called from several threads and processes.

    Reading methods raise IndexDamagedError when the index cannot be read; an index that was
    never written is empty. ``write``, ``rebuild`` and ``tidy`` raise IndexBusyError.
    """

    def search(self, query: Query) -> Found:
        """Answer from the newest generation."""
        ...

    def frequencies(self, terms: Sequence[str]) -> list[int]:
        """About how many entries have each term: deleted ones may count until tidied; cheap."""
        ...

    def having(self, terms: Sequence[str]) -> list[int]:
        """The ids of the entries that have all these terms, ascending; no terms: all entries."""
        ...

    def write(self, upserts: Iterable[Entry], deletes: Iterable[int]) -> None:
        """Delete by id, then add or replace, visible at once and together."""
        ...

    def rebuild(self, entries: Iterable[Entry]) -> int:
        """Build a new index beside the old one, swap, and return how many entries it has."""
        ...

    def tidy(self) -> bool:
        """Do at leisure what keeps ``write`` and ``search`` fast; False: there was nothing to do.

        What is found stays the same.
        """
        ...

    def stamps(self) -> dict[int, str]:
        """Entry id → stamp, of everything in the index."""
        ...

    def generation(self) -> int:
        """A number that grows with every change; -1 when nothing was ever written."""
        ...

    def writing(self, *, wait: float = 60.0) -> AbstractContextManager[bool]:
        """Hold the writer's lock (of this thread, among all processes).

        Yields False when it could not be had within ``wait`` seconds. ``write`` and ``rebuild``
        take it themselves, and may be called inside.
        """
        ...

    def let_go(self) -> None:
        """Close what is held open, and read anew when asked: before this process forks."""
        ...
