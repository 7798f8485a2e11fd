"""The SELECT behind lost deals by reason and competitor."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from portal.db import db
from portal.deals.models import Deal
from portal.deals.rules import Outcome
from portal.insights.covering.queries import against
from portal.insights.losses.rules import LOST_MOST, Sum


def sums(since: datetime) -> list[Sum]:
    """Return what was lost since a moment for a coded reason, by reason, competitor, currency."""
    lost = (
        select(Deal.id, Deal.loss_reason_id, Deal.amount, Deal.currency)
        .where(
            Deal.outcome == Outcome.LOST.value,
            Deal.closed_at >= since,
        )
        .order_by(Deal.closed_at.desc())
        .limit(LOST_MOST)
        .subquery("lost")
        .c
    )
    rival = against().c
    competitor = func.coalesce(rival.competitor, "")
    query = (
        select(
            lost.loss_reason_id, competitor, lost.currency,
            func.count(), func.coalesce(func.sum(lost.amount), 0),
        )
        .select_from(lost.id.table)
        .outerjoin(rival.deal_id.table, rival.deal_id == lost.id)
        .where(lost.loss_reason_id.is_not(None))
        .group_by(lost.loss_reason_id, competitor, lost.currency)
        .order_by(lost.loss_reason_id, competitor, lost.currency)
    )  # fmt: skip
    rows: Any = db.session.execute(query)
    return [Sum(row[0], row[1], row[2], row[3], Decimal(row[4])) for row in rows]
