"""The promise of Sales that hangs on no request: to say what helped when a deal has ended."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from portal.asset_requests.agreement import holidays_of
from portal.asset_requests.agreement import queries as agreements
from portal.asset_requests.agreement import terms as agreed
from portal.asset_requests.agreement.models import Agreement
from portal.asset_requests.ledger import queries
from portal.asset_requests.ledger.rules import Entry

OUTCOME = "outcome"


def owed(now: datetime) -> Iterator[tuple[str, tuple[str, str, str], Entry]]:
    """Yield what was promised as (month, (promise, department, team), entry).

    It is due at the end of a day, counted by the version that was in force when it was asked.
    """
    found = queries.asked()
    versions = agreements.versions() if found else ()
    terms = {it.id: agreed.read(it.terms) for it in versions}
    for it in found:
        version = _in_force(versions, it.asked_at)
        if version is None:  # there was no agreement yet: nothing was promised
            continue
        calendar = holidays_of.calendar(terms[version.id])
        due_at = calendar.end_of_day(it.asked_at, terms[version.id].outcome_days)
        used = int(((it.done_at or now) - it.asked_at).total_seconds())
        entry = Entry(used, due_at, it.done_at, it.done_at is not None)
        month = f"{calendar.day_of(it.asked_at):%Y-%m}"
        yield month, (OUTCOME, it.department, str(it.team_id or "")), entry


def _in_force(versions: Sequence[Agreement], at: datetime) -> Agreement | None:
    """Return the newest version signed before a moment; versions come the newest first."""
    signed = (it for it in versions if it.settled_at is not None and it.settled_at <= at)
    return next(signed, None)
