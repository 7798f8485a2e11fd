"""The SELECTs of what is owed: promises past their time, stale assets, remarks, thanks."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, case, func, select

from portal.asset_requests.agreement.clocks import ANSWERING
from portal.asset_requests.agreement.models import RequestClock
from portal.asset_requests.models import AssetRequest, RequestEvent
from portal.asset_requests.rules import Action as Move
from portal.asset_requests.rules import State as Asked
from portal.calls.feedback.models import DealFeedback
from portal.calls.flags.rules import State as Flagged
from portal.calls.ratings.models import AssetFlag
from portal.db import db
from portal.deals.models import Deal
from portal.deals.rules import Outcome
from portal.insights.pack.looking import LISTED
from portal.library.freshness.queries import due_by
from portal.library.models import Asset
from portal.library.rules import State
from portal.usage.models import UsageEvent
from portal.usage.rules import USES

Rows = Sequence[Any]
_USES = [action.value for action in USES]


def _side(answering: bool) -> ColumnElement[bool]:
    theirs = RequestClock.promise.in_([promise.value for promise in sorted(ANSWERING)])
    return theirs if answering else ~theirs


def overdue(now: datetime, *, answering: bool) -> tuple[int, Rows]:
    """Return how much a side owes about requests, and the oldest (number, title, promise, due)."""
    late = (RequestClock.ended_at.is_(None), RequestClock.due_at < now, _side(answering))
    count = db.session.scalar(select(func.count(RequestClock.id)).where(*late)) or 0
    query = (
        select(AssetRequest.id, AssetRequest.title, RequestClock.promise, RequestClock.due_at)
        .join(AssetRequest, AssetRequest.id == RequestClock.request_id)
        .where(*late)
        .order_by(RequestClock.due_at, RequestClock.id)
        .limit(LISTED)
    )
    return count, db.session.execute(query).all()


def outcomes_owed(before: datetime) -> int:
    """Return of how many ended deals nobody has said what helped, of those asked before then."""
    query = (
        select(func.count())
        .select_from(DealFeedback)
        .join(Deal, Deal.id == DealFeedback.deal_id)
        .where(
            DealFeedback.answered_at.is_(None), DealFeedback.asked_at < before,
            Deal.outcome != Outcome.OPEN.value,
        )
    )  # fmt: skip
    return db.session.scalar(query) or 0


def stale(today: date, used_since: datetime) -> tuple[int, int, Rows]:
    """Return how many assets wait to be checked, how many of them are in use, and the most used."""
    late = (Asset.state == State.PUBLISHED.value, due_by(today))
    uses = (
        select(func.count())
        .where(
            UsageEvent.asset_id == Asset.id,
            UsageEvent.at >= used_since,
            UsageEvent.action.in_(_USES),
        )
        .correlate(Asset)
        .scalar_subquery()
    )
    found = select(Asset.id, Asset.checked_on, uses.label("uses")).where(*late).subquery()
    it = found.c
    count, in_use = db.session.execute(
        select(func.count(), func.coalesce(func.sum(case((it.uses > 0, 1), else_=0)), 0))
        .select_from(found)
    ).one()  # fmt: skip
    query = select(it.id, it.checked_on, it.uses)
    query = query.order_by(it.uses.desc(), it.checked_on.is_not(None), it.checked_on, it.id)
    return int(count), int(in_use), db.session.execute(query.limit(LISTED)).all()


def flagged() -> tuple[int, Rows]:
    """Return how many remarks are open, and the oldest (asset, kind, when)."""
    is_open = AssetFlag.state == Flagged.OPEN.value
    count = db.session.scalar(select(func.count(AssetFlag.id)).where(is_open)) or 0
    query = select(AssetFlag.asset_id, AssetFlag.kind, AssetFlag.at).where(is_open)
    query = query.order_by(AssetFlag.at, AssetFlag.id).limit(LISTED)
    return count, db.session.execute(query).all()


def thanked(start: datetime, end: datetime) -> tuple[int, Rows]:
    """Return how often thanks were said, and for what (number, title, department, times)."""
    events = RequestEvent
    said = (events.action == Move.THANK.value, events.at >= start, events.at < end)
    count = db.session.scalar(select(func.count(events.id)).where(*said)) or 0
    query = (
        select(AssetRequest.id, AssetRequest.title, AssetRequest.department, func.count())
        .join(events, events.request_id == AssetRequest.id)
        .where(*said)
        .group_by(AssetRequest.id, AssetRequest.title, AssetRequest.department)
        .order_by(func.count().desc(), AssetRequest.id)
        .limit(LISTED)
    )
    return count, db.session.execute(query).all()


def declined(start: datetime, end: datetime) -> Rows:
    """Return requests declined in a time, and still (number, title), the latest first."""
    query = (
        select(AssetRequest.id, AssetRequest.title)
        .where(
            AssetRequest.state == Asked.DECLINED.value,
            AssetRequest.changed_at >= start,
            AssetRequest.changed_at < end,
        )
        .order_by(AssetRequest.changed_at.desc(), AssetRequest.id.desc())
        .limit(LISTED)
    )
    return db.session.execute(query).all()
