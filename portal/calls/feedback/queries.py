"""The SELECTs behind feedback: who was asked about which deal, what was used on it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, union_all
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from portal.accounts.models import User
from portal.calls.feedback.models import DealFeedback
from portal.calls.feedback.rules import LISTED
from portal.calls.models import Call, CallUse
from portal.calls.rules import NUMBER_MOST
from portal.db import db
from portal.deals.models import Deal
from portal.library.models import Asset
from portal.usage.models import UsageEvent
from portal.usage.rules import USES


def deal(deal_id: int) -> Deal | None:
    """Return a deal by its number."""
    return db.session.get(Deal, deal_id) if 0 < deal_id <= NUMBER_MOST else None


def ended(deal_ids: Sequence[int]) -> Sequence[Deal]:
    """Return those of these deals whose owners are here and were not asked since the deal ended."""
    query = (
        select(Deal)
        .join(User, User.id == Deal.owner_id)
        .outerjoin(DealFeedback, DealFeedback.deal_id == Deal.id)
        .where(
            Deal.id.in_(deal_ids),
            User.active.is_(True),
            or_(
                DealFeedback.deal_id.is_(None),
                and_(DealFeedback.answered_at.is_(None), DealFeedback.asked_at < Deal.closed_at),
            ),
        )
        .order_by(Deal.id)
    )
    return db.session.scalars(query).all()


def feedback(deal_id: int, *, lock: bool = False) -> DealFeedback | None:
    """Return what was asked and said about a deal."""
    query = select(DealFeedback).where(DealFeedback.deal_id == deal_id)
    query = query.options(joinedload(DealFeedback.user))
    if lock:
        query = query.with_for_update(of=DealFeedback)
    return db.session.scalars(query.execution_options(populate_existing=lock)).first()


def waiting(user_id: int) -> Sequence[DealFeedback]:
    """Return what somebody was asked and has neither answered nor skipped, the latest first."""
    query = (
        select(DealFeedback)
        .join(Deal, Deal.id == DealFeedback.deal_id)
        .where(
            DealFeedback.user_id == user_id,
            DealFeedback.answered_at.is_(None),
            DealFeedback.skipped.is_(False),
            Deal.outcome != "open",
        )
        .options(joinedload(DealFeedback.deal))
        .order_by(DealFeedback.asked_at.desc(), DealFeedback.deal_id.desc())
        .limit(LISTED)
    )
    return db.session.scalars(query).all()


def used(deal_id: int) -> list[int]:
    """Return the assets used on a deal, those used last first, as far as they are still there."""
    called = (
        select(CallUse.asset_id.label("asset_id"), Call.at.label("at"))
        .join(Call, Call.id == CallUse.call_id)
        .where(Call.deal_id == deal_id)
    )
    noted = select(UsageEvent.asset_id, UsageEvent.at).where(
        UsageEvent.deal_id == deal_id, UsageEvent.action.in_([action.value for action in USES])
    )
    uses = union_all(called, noted).subquery()
    query = (
        select(Asset.id)
        .join(uses, uses.c.asset_id == Asset.id)
        .group_by(Asset.id)
        .order_by(func.max(uses.c.at).desc(), Asset.id)
        .limit(LISTED)
    )
    return list(db.session.scalars(query))


def slugs(asset_ids: Sequence[int]) -> dict[int, Any]:
    """Return (slug, state) of assets by their numbers."""
    query = select(Asset.id, Asset.slug, Asset.state).where(Asset.id.in_(asset_ids))
    return {row.id: row for row in db.session.execute(query.order_by(Asset.id))}


def _told(team_id: int | None) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [DealFeedback.answered_at.is_not(None)]
    if team_id is not None:
        conditions.append(Deal.team_id == team_id)
    return conditions


def count_told(team_id: int | None) -> int:
    """Return on how many deals, of a team if one is named, somebody has said what helped."""
    query = select(func.count()).select_from(DealFeedback).join(Deal).where(*_told(team_id))
    return db.session.scalar(query) or 0


def told(team_id: int | None, *, limit: int, offset: int) -> Sequence[DealFeedback]:
    """Return what was said about ended deals, the latest first."""
    query = (
        select(DealFeedback)
        .join(DealFeedback.deal)
        .where(*_told(team_id))
        .options(
            contains_eager(DealFeedback.deal).joinedload(Deal.loss_reason),
            joinedload(DealFeedback.user),
            selectinload(DealFeedback.assets),
        )
        .order_by(DealFeedback.answered_at.desc(), DealFeedback.deal_id.desc())
        .limit(limit)
        .offset(offset)
    )
    return db.session.scalars(query).all()
