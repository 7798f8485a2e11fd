"""Puts the facts of a pack together: ids, counts and titles, as they are kept once it is sent.

Nobody's name is among them. Money is text, moments and days are ISO.
"""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from portal.asset_requests.agreement import queries as agreements
from portal.asset_requests.agreement.service import terms_of
from portal.deals.rules import Outcome
from portal.insights.pack import looking, owed, rules
from portal.insights.pack.rules import Span
from portal.insights.rules import FEW_DEALS
from portal.library.claims import queries as claims
from portal.markup import fold

FORMAT = 1
RISES = 2
"""An asset rises when it was used at least so many times more than in the time before."""


def facts(span: Span, now: datetime, zone: ZoneInfo) -> dict[str, Any]:
    """Return all a pack says, apart from its actions, as it is at this moment."""
    start, end = span.moments(zone)
    today = now.astimezone(zone).date()
    found: dict[str, Any] = {
        "format": FORMAT,
        "as_of": now.isoformat(),
        "kind": span.kind.value,
        "first": span.first.isoformat(),
        "last": span.last.isoformat(),
        "out": _out(start, end),
        "used": _used(rules.before(span).moments(zone)[0], start, end),
        "won": _won(start, end),
        "hurting": [{"asset": n, "best": best} for n, best in looking.hurting()],
        "vain": _vain(start, end),
        "overdue": {
            "answer": _overdue(now, answering=True),
            "ask": _overdue(now, answering=False),
        },
        "outcomes": owed.outcomes_owed(_asked_before(now, zone)),
        "declined": [{"number": n, "title": title} for n, title in owed.declined(start, end)],
        "contradictions": len(claims.contradictions()),
    }
    found |= {"stale": _stale(today, start), "flags": _flags(), "thanks": _thanks(start, end)}
    found["decisions"] = rules.decisions(found)
    found["assets"] = {str(n): it for n, it in looking.assets(_assets_in(found)).items()}
    return found


def _out(start: datetime, end: datetime) -> dict[str, Any]:
    count, some = looking.published(start, end)
    return {"count": count, "items": [{"asset": n} for n in some]}


def _used(earlier: datetime, start: datetime, end: datetime) -> dict[str, Any]:
    uses, people, assets = looking.totals(start, end)
    found = sorted(looking.used(earlier, start, end), key=lambda it: it.rising)
    top = [it for it in found if it.top <= looking.LISTED and it.uses]
    top.sort(key=lambda it: it.top)
    rising = [
        it
        for it in found
        if it.rising <= looking.RISING and it.uses - it.before >= RISES and it not in top
    ][: looking.LISTED]
    return {
        "uses": uses,
        "people": people,
        "assets": assets,
        "uses_before": looking.totals(earlier, start)[0],
        "top": [
            {"asset": it.asset_id, "people": it.people, "uses": it.uses, "before": it.before}
            for it in top
        ],
        "rising": [{"asset": it.asset_id, "uses": it.uses, "before": it.before} for it in rising],
    }


def _won(start: datetime, end: datetime) -> dict[str, Any]:
    counts, sums = dict.fromkeys(("won", "lost", "no-decision"), 0), []
    for outcome, currency, deals, valued, amount in looking.ended(start, end):
        counts[outcome] += deals
        if outcome == Outcome.WON.value:
            told = str(amount) if valued >= FEW_DEALS else None
            sums.append({"currency": currency, "deals": deals, "amount": told})
    return {
        "won": counts["won"],
        "lost": counts["lost"],
        "undecided": counts["no-decision"],
        "sums": sums,
        "assets": [
            {
                "asset": n, "deals": deals, "best": best, "low": low, "high": high, "n": compared,
                "verdict": verdict,
            }
            for n, deals, best, low, high, compared, verdict in looking.used_to_win(start, end)
        ],
    }  # fmt: skip


def _vain(start: datetime, end: datetime) -> dict[str, Any]:
    rows = looking.searched_in_vain(start, end)
    keyed = [(fold(q), " ".join(q.split()), who, n) for q, who, n in rows]
    found = rules.in_vain(keyed)
    items = [
        {"query": it.query, "times": it.times, "people": it.people}
        for it in found[: looking.LISTED]
    ]
    return {"count": len(found), "items": items}


def _overdue(now: datetime, *, answering: bool) -> dict[str, Any]:
    count, some = owed.overdue(now, answering=answering)
    return {
        "count": count,
        "items": [
            {"number": n, "title": title, "promise": promise, "due": due.isoformat()}
            for n, title, promise, due in some
        ],
    }


def _stale(today: date, used_since: datetime) -> dict[str, Any]:
    late, in_use, some = owed.stale(today, used_since)
    items = [{"asset": n, "checked": day and day.isoformat()} for n, day, _ in some]
    return {"count": late, "used": in_use, "items": items}


def _flags() -> dict[str, Any]:
    count, flags = owed.flagged()
    items = [{"asset": n, "kind": kind, "at": at.isoformat()} for n, kind, at in flags]
    return {"count": count, "items": items}


def _thanks(start: datetime, end: datetime) -> dict[str, Any]:
    count, thanks = owed.thanked(start, end)
    items = [
        {"number": n, "title": title, "department": who, "times": times}
        for n, title, who, times in thanks
    ]
    return {"count": count, "items": items}


def _asked_before(now: datetime, zone: ZoneInfo) -> datetime:
    """Return since when who was asked what helped is late with the answer.

    It is due at the end of a day: see `asset_requests.ledger.outcomes`.
    """
    terms = terms_of(agreements.newest(), str(zone))
    local = now.astimezone(ZoneInfo(terms.zone))
    start = local.replace(hour=0, minute=0, second=0, microsecond=0)
    return start - timedelta(days=terms.outcome_days)


def _assets_in(found: Any) -> set[int]:  # noqa: ANN401  # facts, however deep
    """Return the assets facts are about."""
    if isinstance(found, dict):
        own = {found["asset"]} if "asset" in found else set()
        return own.union(*(_assets_in(it) for it in found.values()))
    return set().union(*(_assets_in(it) for it in found)) if isinstance(found, list) else set()
