"""The SELECT behind the figures: requests asked of late, their first times, the use of answers."""

from datetime import datetime, timedelta

from sqlalchemy import func, select

from portal.asset_requests.figures.rules import REACHED, Asked
from portal.asset_requests.models import AssetRequest, RequestEvent
from portal.asset_requests.rules import DONE, State
from portal.db import db
from portal.library.models import Asset
from portal.usage.models import UsageEvent
from portal.usage.rules import USES

SETTLED = {*DONE, State.DECLINED}


def asked(now: datetime, days: int) -> list[Asked]:
    """Return the requests asked in so many days up to now; merged ones count with the other."""
    since = now - timedelta(days=days)
    it = AssetRequest
    rows = db.session.execute(
        select(
            it.id, it.department, it.kind, it.asked_at, it.state, it.changed_at,
            it.alternative_id, it.delivered_id, it.assignee_id, Asset.published_at,
        )
        .outerjoin(Asset, Asset.id == it.delivered_id)
        .where(it.asked_at >= since, it.asked_at <= now, it.state != State.MERGED.value)
        .order_by(it.id)
    ).all()  # fmt: skip
    first = _first(since)
    used = _used(since)
    found = []
    for number, department, kind, at, state, changed_at, instead, asset, who, published in rows:
        reached = first.get(number, {})
        delivered_at = reached.get(State.DELIVERED.value) if asset is not None else None
        found.append(
            Asked(
                department=department,
                kind=kind,
                asked_at=at,
                reached=reached,
                is_settled=state in SETTLED,
                settled_at=changed_at,
                was_there=None
                if delivered_at is None
                else published is not None and published <= at,
                delivered_at=delivered_at,
                used_at=_first_use(used.get(asset, []), delivered_at, who),
                has_alternative=instead is not None and state == State.DECLINED,
            )
        )
    return found


def _first_use(
    uses: list[tuple[datetime, int | None]], since: datetime | None, but: int | None
) -> datetime | None:
    """Return when somebody else than who delivered it first used an asset after a moment."""
    if since is None:
        return None
    times = [at for at, user in uses if at >= since and user != but]
    return min(times, default=None)


def _first(since: datetime) -> dict[int, dict[str, datetime]]:
    """Return when each request came into each state first."""
    query = (
        select(
            RequestEvent.request_id,
            RequestEvent.led_to,
            func.min(RequestEvent.at, type_=RequestEvent.at.type),
        )
        .join(AssetRequest, AssetRequest.id == RequestEvent.request_id)
        .where(
            AssetRequest.asked_at >= since,
            RequestEvent.led_to.in_(REACHED),
            RequestEvent.came_from.is_not(None),
        )
        .group_by(RequestEvent.request_id, RequestEvent.led_to)
        .order_by(RequestEvent.request_id)
    )
    found: dict[int, dict[str, datetime]] = {}
    for number, state, at in db.session.execute(query):
        if state is not None:
            found.setdefault(number, {})[state] = at
    return found


def _used(since: datetime) -> dict[int | None, list[tuple[datetime, int | None]]]:
    """Return who used what was delivered when."""
    delivered = select(AssetRequest.delivered_id).where(
        AssetRequest.asked_at >= since, AssetRequest.delivered_id.is_not(None)
    )
    query = (
        select(UsageEvent.asset_id, UsageEvent.at, UsageEvent.user_id)
        .where(
            UsageEvent.asset_id.in_(delivered),
            UsageEvent.at >= since,
            UsageEvent.action.in_([action.value for action in USES]),
        )
        .order_by(UsageEvent.at)
    )
    found: dict[int | None, list[tuple[datetime, int | None]]] = {}
    for asset_id, at, user_id in db.session.execute(query):
        found.setdefault(asset_id, []).append((at, user_id))
    return found
