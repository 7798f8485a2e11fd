"""Brings the deals of a history in agreement with what they went through: stage, last closing."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import bindparam, update

from portal.db import db
from portal.deals.models import Deal, StageChange
from portal.deals.rules import Outcome
from portal.insights.history import bulk, queries
from portal.insights.history.stages import Way

LOT = 500
OPEN = Outcome.OPEN.value
_TABLE: Any = Deal.__table__
_CHANGE = (
    update(_TABLE)
    .where(_TABLE.c.id == bindparam("of"))
    .values(
        closed_at=bindparam("closed"), stage=bindparam("word"), stage_id=bindparam("number"),
        pipeline_id=bindparam("way"),
    )
)  # fmt: skip


def settle(source: str, way: Way, commit: Callable[[], None]) -> None:
    """Go through all deals of a source; those that agree already are left alone."""
    last = 0
    while True:
        queries.alone(source)
        lot = queries.deals_after(source, last, LOT)
        if not lot:
            return
        last = lot[-1].id
        past = queries.changes([deal.id for deal in lot])
        changed, closings = [], []
        for deal in lot:
            new = settled(deal, past.get(deal.id, []), way)
            if new != (deal.closed_at, deal.stage, deal.stage_id, deal.pipeline_id):
                names = ("closed", "word", "number", "way")
                changed.append({"of": deal.id} | dict(zip(names, new, strict=True)))
            if closing := _closing(deal, new[0], past.get(deal.id, [])):
                closings.append(closing)
        if changed:
            db.session.connection().execute(_CHANGE, changed)
        bulk.put(StageChange, closings)
        commit()


def settled(deal: Any, past: Sequence[Any], way: Way) -> tuple[Any, ...]:  # noqa: ANN401  # rows
    """Return a deal's closing, stage, and the numbers of stage and pipeline.

    A deal that was opened again has several closings: the last one counts.
    """
    closed = None
    if deal.outcome != OPEN:
        ends = [it.at for it in past if it.outcome != OPEN]
        ends += [deal.closed_at] if deal.closed_at else []
        closed = max(ends, default=None)
    named = [it for it in past if it.stage]
    if not named or named[-1].stage_id not in way.numbers:  # none, or by somebody's hand
        return closed, deal.stage, deal.stage_id, deal.pipeline_id
    return closed, named[-1].stage, named[-1].stage_id, way.id


def _closing(deal: Any, closed: Any, past: Sequence[Any]) -> dict[str, Any] | None:  # noqa: ANN401
    """Return the change by which a deal ended, when none of its stages says so."""
    if closed is None or any(it.at == closed and it.outcome != OPEN for it in past):
        return None
    told = {"stage_id": None, "stage": "", "outcome": deal.outcome, "user_id": None}
    return {"deal_id": deal.id, "at": closed} | told
