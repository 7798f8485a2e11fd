"""What the trial says: shares with their ranges, their difference, or that it is too early. Pure.

Ranges: E. B. Wilson (1927) for a share; R. G. Newcombe (1998, method 10) for a difference.
"""

import math
from dataclasses import dataclass

from portal.deals.rules import wilson

ENOUGH = 30
"""Below so many on either side nothing is said of a difference."""


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    hits: int
    n: int

    @property
    def value(self) -> float:
        """The share; 0 of none."""
        return self.hits / self.n if self.n else 0.0

    def range(self) -> tuple[float, float]:
        """Return the 95 % range of the true share; all of it when there is nothing to go by."""
        return wilson(self.hits, self.n)


@dataclass(frozen=True, slots=True)
class Difference:
    """How much larger the first of two shares is: as seen, and the 95 % range of the true one."""

    value: float
    low: float
    high: float

    @property
    def is_shown(self) -> bool:
        """Whether the range leaves 0 out."""
        return self.low > 0 or self.high < 0


def difference(one: Share, other: Share) -> Difference | None:
    """Return by how much two shares differ; None while it is too early to say."""
    if min(one.n, other.n) < ENOUGH:
        return None
    (low, high), (other_low, other_high) = one.range(), other.range()
    value = one.value - other.value
    down = math.hypot(one.value - low, other_high - other.value)
    up = math.hypot(high - one.value, other.value - other_low)
    return Difference(value, value - down, value + up)
