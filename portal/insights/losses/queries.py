"""The SELECT behind lost deals by reason and competitor."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from portal.db import db
from portal.deals.models import Deal
from portal.deals.rules import Outcome
from portal.insights.covering.queries import COMPETITOR_NOW, rival_of
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
    each = select(
        lost.id, lost.loss_reason_id, lost.amount, lost.currency,
        func.coalesce(COMPETITOR_NOW, "").label("competitor"),
    ).where(lost.loss_reason_id.is_not(None))  # fmt: skip
    it = rival_of(each, lost.id).distinct().subquery("each").c
    query = (
        select(
            it.loss_reason_id, it.competitor, it.currency,
            func.count(), func.coalesce(func.sum(it.amount), 0),
        )
        .group_by(it.loss_reason_id, it.competitor, it.currency)
        .order_by(it.loss_reason_id, it.competitor, it.currency)
    )  # fmt: skip
    rows: Any = db.session.execute(query)
    return [Sum(row[0], row[1], row[2], row[3], Decimal(row[4])) for row in rows]
