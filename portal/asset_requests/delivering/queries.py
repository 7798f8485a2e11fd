"""The SELECTs behind deliveries: who searched the same in vain, who used what was delivered."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased

from portal.accounts.models import User
from portal.asset_requests.agreement.models import RequestTerms
from portal.asset_requests.models import AssetRequest, RequestSupporter
from portal.db import db
from portal.usage.models import UsageEvent
from portal.usage.queries import USES
from portal.usage.rules import Action


def searches_in_vain(since: datetime) -> Sequence[tuple[int, str]]:
    """Return (person, query) of searches that found nothing since a moment, by those still here."""
    query = (
        select(UsageEvent.user_id, UsageEvent.query)
        .join(User, User.id == UsageEvent.user_id)
        .where(
            UsageEvent.action == Action.SEARCHED.value,
            UsageEvent.at >= since,
            UsageEvent.results == 0,
            UsageEvent.query.is_not(None),
            User.active,
        )
        .distinct()
        .order_by(UsageEvent.user_id, UsageEvent.query)
    )
    return [(user_id or 0, text or "") for user_id, text in db.session.execute(query)]


def searches_unopened(text: str, since: datetime) -> list[int]:
    """Return who searched for exactly this since a moment and opened nothing of what came."""
    opened = aliased(UsageEvent)
    query = (
        select(UsageEvent.user_id)
        .join(User, User.id == UsageEvent.user_id)
        .where(
            UsageEvent.action == Action.SEARCHED.value,
            UsageEvent.at >= since,
            func.lower(UsageEvent.query) == text.lower(),
            User.active,
            ~exists().where(opened.ref == UsageEvent.ref, opened.action == Action.OPENED.value),
        )
        .distinct()
        .order_by(UsageEvent.user_id)
    )
    return [user_id or 0 for user_id in db.session.scalars(query)]


def to_try() -> Sequence[AssetRequest]:
    """Return delivered requests whose asker owes a try."""
    query = (
        select(AssetRequest)
        .join(RequestTerms, RequestTerms.request_id == AssetRequest.id)
        .where(RequestTerms.try_due_at.is_not(None), AssetRequest.delivered_id.is_not(None))
        .order_by(AssetRequest.id)
    )
    return db.session.scalars(query).all()


def uses_by_askers(it: AssetRequest, since: datetime) -> list[datetime]:
    """Return when those who waited for a request used what was delivered, the first first."""
    waits = select(RequestSupporter.user_id).where(RequestSupporter.request_id == it.id)
    query = (
        select(UsageEvent.at)
        .where(
            UsageEvent.asset_id == it.delivered_id,
            UsageEvent.at >= since,
            UsageEvent.user_id.in_(waits),
            UsageEvent.action.in_([action.value for action in USES]),
        )
        .order_by(UsageEvent.at)
    )
    return list(db.session.scalars(query))
