"""Lost deals by reason and competitor: counted, valued, those without content first; pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

WINDOW_DAYS = 365
LOST_MOST = 10_000
"""Lost deals looked at: those closed last."""
ROWS_MOST = 40
"""Rows shown: those most deals were lost for."""


@dataclass(frozen=True, slots=True)
class Sum:
    """Deals of one currency lost for a reason to a competitor (or nobody, "")."""

    reason: int
    competitor: str
    currency: str
    deals: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Loss:
    """All deals lost for a reason to a competitor."""

    reason: int
    competitor: str
    deals: int
    value: Mapping[str, Decimal]


def losses(sums: Iterable[Sum]) -> list[Loss]:
    """Return what was lost by reason and competitor, most deals first; currencies stay apart."""
    deals: dict[tuple[int, str], int] = {}
    value: dict[tuple[int, str], dict[str, Decimal]] = {}
    for it in sums:
        key = (it.reason, it.competitor)
        deals[key] = deals.get(key, 0) + it.deals
        if it.amount:
            held = value.setdefault(key, {})
            held[it.currency] = held.get(it.currency, Decimal(0)) + it.amount
    ordered = sorted(deals, key=lambda key: (-deals[key], key))
    return [
        Loss(*key, deals[key], dict(sorted(value.get(key, {}).items())))
        for key in ordered[:ROWS_MOST]
    ]
