"""The SELECTs behind deliveries: who searched the same in vain, who used what was delivered."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from portal.accounts.models import User
from portal.asset_requests.agreement.clocks import Promise
from portal.asset_requests.agreement.models import RequestClock
from portal.asset_requests.models import AssetRequest, RequestSupporter
from portal.calls.ratings.models import Rating
from portal.db import UTCDateTime, db
from portal.usage.models import UsageEvent
from portal.usage.rules import USES, Action


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


def tried() -> Sequence[tuple[int, datetime]]:
    """Return (request, moment) where somebody who waited has used what they owe a try."""
    is_use = UsageEvent.action.in_([action.value for action in USES])
    return _kept(Promise.TRY, UsageEvent, UsageEvent.at, is_use)


def rated() -> Sequence[tuple[int, datetime]]:
    """Return (request, moment) where somebody who waited has rated what they owe a rating."""
    return _kept(Promise.RATE, Rating, Rating.changed_at)


def _kept(
    promise: Promise,
    fact: type[UsageEvent] | type[Rating],
    at: InstrumentedAttribute[datetime],
    *which: ColumnElement[bool],
) -> list[tuple[int, datetime]]:
    """Return (request, first moment) where a fact about what came keeps an open promise."""
    query = (
        select(AssetRequest.id, func.min(at, type_=UTCDateTime()))
        .join(RequestClock, RequestClock.request_id == AssetRequest.id)
        .join(RequestSupporter, RequestSupporter.request_id == AssetRequest.id)
        .join(
            fact,
            and_(
                fact.asset_id == AssetRequest.delivered_id,
                fact.user_id == RequestSupporter.user_id,
                at >= RequestClock.started_at,
            ),
        )
        .where(RequestClock.promise == promise.value, RequestClock.ended_at.is_(None), *which)
        .group_by(AssetRequest.id)
        .order_by(AssetRequest.id)
    )
    return [(number, moment) for number, moment in db.session.execute(query)]
