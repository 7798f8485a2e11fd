"""Takes in the uses of a history as facts of the ledger, each once, with the stage of its time."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, update

from portal.db import db
from portal.deals.past_uses.queries import histories
from portal.deals.past_uses.rules import ACTIONS, stage_at
from portal.insights.history import bulk, queries
from portal.insights.history.known import Known
from portal.insights.history.rules import FileReport, UseRow, key_for
from portal.usage.models import UsageEvent
from portal.usage.rules import Action

_TABLE: Any = UsageEvent.__table__
_TIE = (
    update(_TABLE)
    .where(_TABLE.c.id == bindparam("of"))
    .values(deal_id=bindparam("deal"), stage=bindparam("word"))
)


def keep(rows: Sequence[tuple[int, UseRow]], known: Known, report: FileReport) -> None:
    """Write the uses of a chunk that are not there; a fact that is there stays as it is.

    Only what could not be known then is added to it: its deal, its stage.
    """
    known.meet(row.rep for _, row in rows)
    deals = queries.deals(known.source, {row.deal_id for _, row in rows if row.deal_id})
    past = histories({it.id for it in deals.values()})
    keys = [key_for(known.source, row.use_id) for _, row in rows]
    there: dict[str, tuple[int, int | None, str | None]] = queries.uses(keys)
    new: list[dict[str, Any]] = []
    ties: list[dict[str, Any]] = []
    for (number, row), key in zip(rows, keys, strict=True):
        asset_id = known.asset(row.asset_id)
        if asset_id is None:
            report.reject(number, f"there is no asset {row.asset_id}")
            continue
        deal = deals.get(row.deal_id) if row.deal_id else None
        stage = stage_at(past.get(deal.id, []), row.at) if deal else None
        if deal is None and row.deal_id:
            report.note(number, f"kept without its deal: there is no deal {row.deal_id}")
        action = _action(number, row, report)
        if (before := there.get(key)) is not None:
            now = before[1] or (deal.id if deal else None), before[2] or stage
            if before[0] and now != before[1:]:
                ties.append({"of": before[0], "deal": now[0], "word": now[1]})
                report.updated += 1
            else:
                report.unchanged += 1
            continue
        there[key] = (0, deal.id if deal else None, stage)
        report.created += 1
        new.append(
            {
                "at": row.at, "action": action.value, "asset_id": asset_id, "stage": stage,
                "user_id": known.person(row.rep) if row.rep else None, "import_key": key,
                "language": row.language, "revision": row.version,
                "deal_id": deal.id if deal else None,
            }
        )  # fmt: skip
    bulk.put(UsageEvent, new, unless="import_key")
    if ties:
        db.session.connection().execute(_TIE, ties)


def _action(number: int, row: UseRow, report: FileReport) -> Action:
    """Return what was done; what the ledger has no word for counts as having seen it."""
    known = ACTIONS.get(row.action.casefold() or "viewed")
    if known is None:
        report.note(number, f"“{row.action}” is kept as viewed")
    if not row.rep:
        report.note(number, "it does not say who it was")
    return known or Action.VIEWED
