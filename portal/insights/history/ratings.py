"""Takes in the ratings of a history: one a rep, asset, language and call, the newest counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, update

from portal.calls.models import Call, CallUse
from portal.calls.ratings.models import Rating
from portal.calls.rules import State
from portal.config import Language
from portal.db import db
from portal.deals.past_uses.queries import histories
from portal.deals.past_uses.rules import stage_at
from portal.insights.history import bulk, queries
from portal.insights.history.known import Known
from portal.insights.history.rules import FileReport, RatingRow, key_for

_TABLE: Any = Rating.__table__
_SAID = ("stars", "helped", "why", "at", "changed_at", "deal_id")
_CHANGE = (
    update(_TABLE)
    .where(_TABLE.c.id == bindparam("of"))
    .values({name: bindparam(f"new_{name}") for name in _SAID})
)
TOKEN_MOST = 40


@dataclass(frozen=True, slots=True)
class Voice:
    """A rating whose person, asset, deal and call are known."""

    number: int
    row: RatingRow
    user_id: int
    asset_id: int
    language: str
    deal_id: int | None
    token: str


def keep(rows: Sequence[tuple[int, RatingRow]], known: Known, report: FileReport) -> None:
    """Write the ratings of a chunk; an older one than is there changes nothing."""
    known.meet(row.rep for _, row in rows)
    deals = queries.deals(known.source, {row.deal_id for _, row in rows if row.deal_id})
    voices = []
    for number, row in rows:
        voice = _voice(number, row, known, deals, report)
        if voice is not None:
            voices.append(voice)
    calls = _calls(voices)
    there = dict(queries.ratings({v.user_id for v in voices}, {v.asset_id for v in voices}))
    new: dict[Any, dict[str, Any]] = {}
    changed: dict[Any, dict[str, Any]] = {}
    for it in voices:
        key = (it.user_id, it.asset_id, it.language, calls.get(it.token))
        values = _values(it)
        before = new.get(key) or changed.get(key) or _told(there.get(key))
        if before is None:
            new[key] = values | dict(
                zip(("user_id", "asset_id", "language", "call_id"), key, strict=True)
            )
            report.created += 1
        elif _order(values) <= _order(before):
            report.unchanged += 1
            if _order(values) < _order(before):
                report.note(it.number, "the same rep said something newer of this asset")
        elif key in new:
            new[key] |= values
            report.updated += 1
        else:
            changed[key] = {"of": there[key].id} | values
            report.updated += 1
    _write(new, changed)


def _voice(
    number: int, row: RatingRow, known: Known, deals: dict[str, Any], report: FileReport
) -> Voice | None:
    asset_id, user_id = known.asset(row.asset_id), known.person(row.rep)
    if asset_id is None or user_id is None:
        report.reject(number, f"there is no asset {row.asset_id}" if user_id else "no such rep")
        return None
    deal = deals.get(row.deal_id) if row.deal_id else None
    if row.deal_id and deal is None:
        report.note(number, f"kept without its deal: there is no deal {row.deal_id}")
    elif row.call_id and deal is None:
        report.note(number, "kept without its call: it does not say on which deal")
    token = f"h:{key_for(known.source, row.call_id)}"[:TOKEN_MOST] if row.call_id and deal else ""
    language = row.language or known.languages.get(asset_id, Language.EN.value)
    return Voice(number, row, user_id, asset_id, language, deal.id if deal else None, token)


def _values(it: Voice) -> dict[str, Any]:
    return {
        "stars": it.row.stars, "helped": it.row.helped, "why": it.row.comment, "at": it.row.at,
        "changed_at": it.row.at, "deal_id": it.deal_id,
    }  # fmt: skip


def _told(row: Any) -> dict[str, Any] | None:  # noqa: ANN401  # a row
    return None if row is None else {name: getattr(row, name) for name in ("at", *_SAID[:3])}


def _order(values: dict[str, Any]) -> tuple[datetime, int, str, str]:
    """Return what tells the newer of two voices; of the same moment, always the same one."""
    return values["at"], values["stars"], values["helped"] or "", values["why"]


def _calls(voices: Sequence[Voice]) -> dict[str, int]:
    """Return the calls of ratings by their tokens, logged when they are not there."""
    named = {it.token: it for it in reversed(voices) if it.token}
    there = queries.calls(named)
    past = histories({it.deal_id for it in named.values() if it.deal_id})
    results = {it.token: it.row.call_outcome for it in voices if it.row.call_outcome}
    new = [
        {
            "token": token, "deal_id": it.deal_id, "user_id": it.user_id, "at": it.row.at,
            "state": State.LOGGED.value, "kind": "", "with_role": "", "note": "",
            "stage": stage_at(past.get(it.deal_id or 0, []), it.row.at) or "",
            "result": results.get(token), "created_at": it.row.at, "logged_at": it.row.at,
            "version": 1,
        }
        for token, it in named.items()
        if token not in there
    ]  # fmt: skip
    bulk.put(Call, new)
    for token, row in there.items():
        if row.result is None and results.get(token):
            db.session.execute(update(Call).where(Call.id == row.id).values(result=results[token]))
    ids = {token: row.id for token, row in queries.calls(named).items()} if new else {
        token: row.id for token, row in there.items()
    }  # fmt: skip
    _used(voices, ids)
    return ids


def _used(voices: Sequence[Voice], calls: dict[str, int]) -> None:
    """What is rated on a call was used in it."""
    there = queries.call_uses(calls.values())
    used = {(calls[it.token], it.asset_id, it.language) for it in voices if it.token} - there
    bulk.put(
        CallUse,
        [
            {"call_id": c, "asset_id": a, "language": code, "revision": None}
            for c, a, code in sorted(used)
        ],
    )


def _write(new: dict[Any, dict[str, Any]], changed: dict[Any, dict[str, Any]]) -> None:
    bulk.put(Rating, [{"revision": None} | it for it in new.values()])
    if changed:
        rows = [
            {"of": it["of"]} | {f"new_{name}": it[name] for name in _SAID}
            for it in changed.values()
        ]
        db.session.connection().execute(_CHANGE, rows)
