"""Which deals somebody asks for, and what their counts say of each asset; arithmetic, no claims."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from portal.deals.rules import Z95
from portal.insights.lift.effect import counted, effects
from portal.insights.lift.judging import SPREAD_FEW, humble, shrunk
from portal.insights.lift.rules import LEAST_DEALS, NOWHERE, Numbers

WORD_MOST = 80
_PERIOD = re.compile(r"(20\d\d)(?:-q([1-4]))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Wish:
    """Which closed deals are asked for; what is empty is not."""

    segment: str = ""
    industry: str = ""
    region: str = ""
    product: str = ""
    competitor: str = ""
    period: str = ""

    @property
    def any(self) -> bool:
        """Whether anything is asked for."""
        return any((*(getattr(self, name) for name in NAMES), self.period))


NAMES = ("segment", "industry", "region", "product", "competitor")


def wish_of(args: Mapping[str, str]) -> Wish:
    """Read which deals an address asks for; what can be no value is left out."""
    said = {name: args.get(name, "")[:WORD_MOST].strip() for name in NAMES}
    period = args.get("period", "")
    return Wish(
        **{name: it if it.isprintable() else "" for name, it in said.items()},
        period=period if _PERIOD.fullmatch(period) else "",
    )


def days_of(period: str) -> tuple[date, date]:
    """Return the first day of a period and the first day after it.

    Raises:
        ValueError: it is none.
    """
    found = _PERIOD.fullmatch(period)
    if found is None:
        raise ValueError(period)
    year, quarter = int(found[1]), found[2]
    if quarter is None:
        return date(year, 1, 1), date(year + 1, 1, 1)
    month = 3 * int(quarter) - 2
    end = date(year + 1, 1, 1) if month > 9 else date(year, month + 3, 1)  # noqa: PLR2004
    return date(year, month, 1), end


def periods(first: date, last: date) -> list[str]:
    """Return the years and quarters from one day to another, the latest first."""
    found = []
    for year in range(last.year, first.year - 1, -1):
        found.append(str(year))
        found += [
            f"{year}-q{quarter}"
            for quarter in (4, 3, 2, 1)
            if date(year, 3 * quarter - 2, 1) <= last and days_of(f"{year}-q{quarter}")[1] > first
        ]
    return found


@dataclass(frozen=True, slots=True)
class Counted:
    """An asset in a slice; shares of one."""

    asset_id: int
    n: int
    best: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Slice:
    """Assets with deals enough to show, by best guess; `left_out`: those with fewer."""

    found: list[Counted]
    left_out: int


def compare(won: Numbers, sizes: Numbers, asset: Numbers, stratum: Numbers, spread: float) -> Slice:
    """Compare assets by deals: `won` and number of first uses a deal; asset and stratum a use.

    Strata and the spread between assets (sd, a share) are those of the whole.
    """
    deal = np.repeat(np.arange(len(won)), sizes)
    counts = stratum != NOWHERE
    deal, stratum = deal[counts], stratum[counts]
    names, place = np.unique(asset[counts], return_inverse=True)
    cells, pools, _strata = counted(place, stratum, won[deal], deal)
    said = effects(cells, pools, len(names))
    best, deviation = shrunk(said.lift, humble(said.error), spread or SPREAD_FEW)
    reach = Z95 * deviation
    enough = (said.n >= LEAST_DEALS) & np.isfinite(best)
    order = np.flatnonzero(enough)
    order = order[np.argsort(-best[order], kind="stable")]
    found = [
        Counted(int(names[i]), int(said.n[i]), float(best[i]), float(best[i] - reach[i]),
                float(best[i] + reach[i]))
        for i in order
    ]  # fmt: skip
    return Slice(found, int((~enough).sum()))
