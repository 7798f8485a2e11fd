"""What became of requests, counted honestly: what runs still is neither left out nor done. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from portal.asset_requests.ledger.rules import MEDIAN, NINETY, quantiles

REACHED = ("acknowledged", "taken-on", "delivered", "accepted")
"""The states whose time is told, in their order."""
TRIAL = timedelta(days=30)
"""So long after delivery use is looked for."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: when it came into which state first, what answered it, whether that was used.

    `is_settled` ends the wait for states that will not come any more. `was_there`: what was
    delivered was published before it was asked for; None: nothing was delivered.
    """

    department: str
    kind: str | None
    asked_at: datetime
    reached: dict[str, datetime]
    is_settled: bool
    settled_at: datetime
    was_there: bool | None
    delivered_at: datetime | None
    used_at: datetime | None
    has_alternative: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """The figures of some requests; times are seconds (median, nine in ten); None: not known yet.

    `judged` are deliveries that had thirty days, or were used sooner; `used` those used in them.
    """

    department: str
    kind: str | None
    asked: int
    delivered: int
    times: dict[str, tuple[int | None, int | None]]
    answered: int
    existing: int
    judged: int
    used: int

    def told(self) -> dict[str, Any]:
        """Return the figures by name, times in hours, shares from 0 to 1."""
        found: dict[str, Any] = {
            "department": self.department or None,
            "kind": self.kind,
            "asked": self.asked,
            "delivered": self.delivered,
        }
        for state, (median, ninety) in self.times.items():
            name = state.replace("-", "_")
            found[f"{name}_median_hours"] = None if median is None else round(median / 3600, 1)
            found[f"{name}_p90_hours"] = None if ninety is None else round(ninety / 3600, 1)
        found["existing_share"] = _share(self.existing, self.answered)
        found["used_share"] = _share(self.used, self.judged)
        found["used_of"] = self.judged
        return found


def _share(some: int, all_: int) -> float | None:
    return round(some / all_, 3) if all_ else None


def line(department: str, kind: str | None, found: Sequence[Asked], now: datetime) -> Line:
    """Count some requests."""
    delivered = [it for it in found if it.delivered_at is not None]
    answered = [it for it in found if it.was_there is not None or it.has_alternative]
    judged = [it for it in delivered if _used(it) or now - _at(it) >= TRIAL]
    return Line(
        department=department,
        kind=kind,
        asked=len(found),
        delivered=len(delivered),
        times={state: _times(found, state, now) for state in REACHED},
        answered=len(answered),
        existing=sum(bool(it.was_there) or it.has_alternative for it in answered),
        judged=len(judged),
        used=sum(map(_used, judged)),
    )


def _at(it: Asked) -> datetime:
    return it.delivered_at or it.asked_at


def _used(it: Asked) -> bool:
    return it.used_at is not None and timedelta() <= it.used_at - _at(it) <= TRIAL


def _times(found: Iterable[Asked], state: str, now: datetime) -> tuple[int | None, int | None]:
    """Return how long half and nine in ten took, by the product-limit method: see the ledger."""
    times = []
    for it in found:
        reached = it.reached.get(state)
        end = reached or (it.settled_at if it.is_settled else now)
        times.append((max(0, int((end - it.asked_at).total_seconds())), reached is not None))
    median, ninety = quantiles(times, (MEDIAN, NINETY))
    return median, ninety


def count(found: Sequence[Asked], now: datetime) -> list[Line]:
    """Return the figures of all, then by department, then by department and kind; largest first."""
    departments: dict[str, list[Asked]] = {}
    kinds: dict[tuple[str, str | None], list[Asked]] = {}
    for it in found:
        departments.setdefault(it.department, []).append(it)
        kinds.setdefault((it.department, it.kind), []).append(it)
    lines = [line("", None, found, now)]
    for name, some in sorted(departments.items(), key=lambda one: (-len(one[1]), one[0])):
        lines.append(line(name, None, some, now))
        own = [(kind, group) for (d, kind), group in kinds.items() if d == name and kind]
        own.sort(key=lambda one: (-len(one[1]), one[0]))
        lines += [line(name, kind, group, now) for kind, group in own]
    return lines
