"""Cells of the coverage map: what is there, what waits, how deals with it ended; pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from portal.deals.rules import TOO_FEW, wilson

NO_STAGE = ""
"""The column of assets that name no stage."""
CLOSED_MOST = 1_000
"""Closed deals looked at: those closed last."""
RIVALS_MOST = 25
"""Competitors shown: those most open deals are against."""

Key = tuple[str, str]
"""A competitor and a stage, by slug."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A competitor at a stage: fresh assets, open deals, closed deals they were used on."""

    competitor: str
    stage: str
    assets: int = 0
    waiting: int = 0
    used: int = 0
    won: int = 0

    @property
    def is_gap(self) -> bool:
        """Whether open deals wait where there is nothing."""
        return not self.assets and self.waiting > 0

    @property
    def share(self) -> tuple[float, float, float] | None:
        """The share won with its range, 95 % sure; None with too few deals to say anything."""
        if self.used < TOO_FEW:
            return None
        return (self.won / self.used, *wilson(self.won, self.used))


def cells_of(
    assets: Mapping[Key, int], waiting: Mapping[Key, int], used: Mapping[Key, tuple[int, int]]
) -> dict[Key, Cell]:
    """Return the cells that have anything in them."""
    return {
        key: Cell(*key, assets.get(key, 0), waiting.get(key, 0), *used.get(key, (0, 0)))
        for key in sorted({*assets, *waiting, *used})
    }


def used_of(
    uses: Iterable[tuple[int, int]],
    won: Mapping[int, bool],
    rivals: Mapping[int, Collection[str]],
    places: Mapping[int, Collection[Key]],
) -> dict[Key, tuple[int, int]]:
    """Return on how many deals the assets of each cell were used, and how many of them were won.

    Args:
        uses: (deal, asset), in whatever order.
        won: the closed deals, and whether each was won.
        rivals: against whom each deal was.
        places: the cells each asset is in; only those of the deal's competitors count.
    """
    met: dict[Key, set[int]] = {}
    for deal, asset in uses:
        for key in places.get(asset, ()):
            if key[0] in rivals.get(deal, ()):
                met.setdefault(key, set()).add(deal)
    return {key: (len(deals), sum(won[it] for it in deals)) for key, deals in met.items()}


def rivals_of(cells: Mapping[Key, Cell], known: Iterable[str]) -> list[str]:
    """Return the competitors to show, those most open deals are against first."""
    waits: dict[str, int] = {}
    there: dict[str, int] = {}
    for (rival, _), cell in cells.items():
        waits[rival] = waits.get(rival, 0) + cell.waiting
        there[rival] = there.get(rival, 0) + cell.assets
    names = {*known, *waits}
    ordered = sorted(names, key=lambda it: (-waits.get(it, 0), -there.get(it, 0), it))
    return ordered[:RIVALS_MOST]


def stages_of(cells: Mapping[Key, Cell], known: Sequence[str]) -> list[str]:
    """Return the stages to show in the order deals go through them; no stage last, if needed."""
    there = {stage for _, stage in cells}
    more = sorted(there - {*known, NO_STAGE})
    return [*known, *more, *([NO_STAGE] if NO_STAGE in there else [])]
