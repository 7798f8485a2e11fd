"""What moves when the same searches are answered otherwise: first results, places, what is opened.

Pure. Every figure counts a search as often as it was asked.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

TOP = 10
"""Results of a search that are compared."""
MOVED = 10
"""Searches that are told one by one."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One search: how often it was asked, what came before and after, what people opened.

    `opened` counts by result; its ranks are those of the result opened most often.
    """

    query: str
    times: int
    before: Sequence[int]
    after: Sequence[int]
    opened: Mapping[int, int]

    @property
    def overlap(self) -> float:
        """The share of the first ten that are in both, 1 when both are empty."""
        one, other = set(self.before[:TOP]), set(self.after[:TOP])
        return len(one & other) / max(len(one), len(other)) if one or other else 1.0

    @property
    def is_first_changed(self) -> bool:
        """Whether another result comes first."""
        return list(self.before[:1]) != list(self.after[:1])

    @property
    def favourite(self) -> int | None:
        """The result opened most often."""
        return min(self.opened, key=lambda it: (-self.opened[it], it), default=None)


def rank_of(found: Sequence[int], wanted: int | None) -> int | None:
    """Return at which place a result came, among all looked at."""
    return found.index(wanted) + 1 if wanted in found else None


@dataclass(frozen=True, slots=True)
class Moves:
    """What moved over all searches; shares from 0 to 1.

    `opened` are openings known of these searches, `mrr_*` the mean reciprocal rank at which what
    was opened comes: people open what they see, so a change is a hint and no proof.
    """

    searches: int
    different: int
    first_changed: float
    overlap: float
    without_before: float
    without_after: float
    opened: int
    mrr_before: float
    mrr_after: float
    moved: Sequence[Compared]


def moves(compared: Iterable[Compared]) -> Moves:
    """Add up what moved; nothing at all when there was no search."""
    found = list(compared)
    total = sum(it.times for it in found)

    def share(values: Iterable[float]) -> float:
        weighed = sum(it.times * value for it, value in zip(found, values, strict=True))
        return weighed / total if total else 0.0

    opened = sum(sum(it.opened.values()) for it in found)
    most = sorted(
        (it for it in found if it.before[:TOP] != it.after[:TOP]),
        key=lambda it: (it.overlap, not it.is_first_changed, -it.times, it.query),
    )
    return Moves(
        searches=total,
        different=len(found),
        first_changed=share(float(it.is_first_changed) for it in found),
        overlap=share(it.overlap for it in found),
        without_before=share(float(not it.before) for it in found),
        without_after=share(float(not it.after) for it in found),
        opened=opened,
        mrr_before=_mrr((it.before, it.opened) for it in found),
        mrr_after=_mrr((it.after, it.opened) for it in found),
        moved=most[:MOVED],
    )


def _mrr(pairs: Iterable[tuple[Sequence[int], Mapping[int, int]]]) -> float:
    """Return the mean reciprocal rank of what was opened; each opening counts once."""
    ranks = [
        1.0 / rank if (rank := rank_of(found, asset)) else 0.0
        for found, opened in pairs
        for asset, times in opened.items()
        for _ in range(times)
    ]
    return fmean(ranks) if ranks else 0.0
