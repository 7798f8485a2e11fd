"""Counting a month for the ledger: what is open still is measured up to now."""

from collections.abc import Sequence
from datetime import datetime

from portal.asset_requests.agreement import holidays_of, working_time
from portal.asset_requests.agreement import queries as agreements
from portal.asset_requests.agreement import terms as agreed
from portal.asset_requests.agreement.clocks import BY_DAYS
from portal.asset_requests.agreement.working_time import Calendar, Pause
from portal.asset_requests.ledger import outcomes, queries, rules
from portal.asset_requests.ledger.queries import Counted
from portal.asset_requests.ledger.rules import Entry, Tally


def month(which: str, now: datetime) -> dict[tuple[str, ...], Tally]:
    """Count a month's promises by (promise,), (promise, department), (promise, department, team).

    A team is the text of its id; empty: none.
    """
    found = queries.counted(which)
    calendars = {
        key: holidays_of.calendar(agreed.read(row.terms))
        for key, row in agreements.terms_by_id(sorted({it.agreement_id for it in found})).items()
    }
    entries = []
    for it in found:
        used = _used(it, calendars[it.agreement_id], now) if it.used is None else it.used
        entry = Entry(used, it.due_at, it.ended_at, it.kept)
        entries.append(((it.promise, it.department, str(it.team_id or "")), entry))
    entries += [(key, entry) for at, key, entry in outcomes.owed(now) if at == which]
    each = [(key[:end], entry) for key, entry in entries for end in (1, 2, 3)]
    return rules.grouped(each, now)


def months(now: datetime) -> dict[str, dict[str, tuple[int, int]]]:
    """Return month → promise → (on time, late), the newest month first."""
    found: dict[str, dict[str, tuple[int, int]]] = {}
    for which, promise, kept, late in queries.months(now):
        found.setdefault(which, {})[promise] = (kept, late)
    by_month: dict[str, list[Entry]] = {}
    for which, _, entry in outcomes.owed(now):
        by_month.setdefault(which, []).append(entry)
    for which, entries in by_month.items():
        tally = rules.tally(entries, now)
        found.setdefault(which, {})[outcomes.OUTCOME] = (tally.on_time, tally.late)
    return dict(sorted(found.items(), reverse=True))


def _used(it: Counted, calendar: Calendar, now: datetime) -> int:
    if it.promise in BY_DAYS:
        return int((now - it.started_at).total_seconds())
    worked = working_time.elapsed(calendar, it.started_at, now, _pauses(it.pauses))
    return int(worked.total_seconds())


def _pauses(kept: Sequence[Sequence[str | None]]) -> list[Pause]:
    return [
        (datetime.fromisoformat(start), datetime.fromisoformat(end) if end else None)
        for start, end in kept
        if start is not None
    ]
