"""The SELECTs behind talk: who can be mentioned, thanks and deliveries of late."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from portal.accounts.models import User
from portal.asset_requests.models import AssetRequest, RequestEvent
from portal.asset_requests.rules import Action
from portal.asset_requests.talk.rules import Named
from portal.db import db
from portal.library.models import Asset


def people() -> list[Named]:
    """Return everybody who can be mentioned."""
    query = select(User.id, User.name, User.email).where(User.active).order_by(User.id)
    return [Named(i, name, email.partition("@")[0]) for i, name, email in db.session.execute(query)]


def has_thanked(request_id: int, user_id: int) -> bool:
    """Whether somebody has said thank you for a request."""
    query = select(RequestEvent.id).where(
        RequestEvent.request_id == request_id,
        RequestEvent.user_id == user_id,
        RequestEvent.action == Action.THANK.value,
    )
    return db.session.scalar(query.limit(1)) is not None


def wins(since: datetime, *, limit: int, offset: int = 0) -> Sequence[AssetRequest]:
    """Return requests delivered and accepted since a moment, the latest first."""
    query = (
        select(AssetRequest)
        .where(AssetRequest.state == "accepted", AssetRequest.changed_at >= since)
        .options(
            joinedload(AssetRequest.requester),
            joinedload(AssetRequest.assignee),
            joinedload(AssetRequest.delivered).selectinload(Asset.texts),
        )
        .order_by(AssetRequest.changed_at.desc(), AssetRequest.id.desc())
        .limit(limit)
        .offset(offset)
    )
    return db.session.scalars(query).all()


def thanks_of(numbers: Sequence[int]) -> dict[int, list[RequestEvent]]:
    """Return what was said in thanks for these requests, the first first."""
    found: dict[int, list[RequestEvent]] = {}
    query = (
        select(RequestEvent)
        .where(RequestEvent.request_id.in_(numbers), RequestEvent.action == Action.THANK.value)
        .options(joinedload(RequestEvent.user))
        .order_by(RequestEvent.id)
    )
    for event in db.session.scalars(query):
        found.setdefault(event.request_id, []).append(event)
    return found


def delivered_by(since: datetime) -> Sequence[Any]:
    """Return (department, requests accepted) of those who answered since a moment."""
    query = (
        select(AssetRequest.department, func.count())
        .where(AssetRequest.state == "accepted", AssetRequest.changed_at >= since)
        .group_by(AssetRequest.department)
        .order_by(AssetRequest.department)
    )
    return db.session.execute(query).all()
