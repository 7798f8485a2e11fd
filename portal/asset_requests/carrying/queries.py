"""The SELECTs behind files of requests: all of them as rows, and who and what rows name."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from portal.accounts.models import User
from portal.asset_requests.models import AssetRequest, RequestEvent, RequestSupporter
from portal.asset_requests.rules import State
from portal.db import db
from portal.library.models import Asset

LOT = 500
_FIRST = {
    "acknowledged_at": State.ACKNOWLEDGED,
    "taken_on_at": State.TAKEN_ON,
    "delivered_at": State.DELIVERED,
}
_SETTLED = (State.ACCEPTED, State.DECLINED, State.WITHDRAWN, State.MERGED)


def _when(*states: State) -> Any:  # noqa: ANN401  # a scalar subquery
    return (
        select(func.max(RequestEvent.at, type_=RequestEvent.at.type))
        .where(
            RequestEvent.request_id == AssetRequest.id,
            RequestEvent.led_to.in_([state.value for state in states]),
            RequestEvent.came_from.is_not(None),
        )
        .correlate(AssetRequest)
        .scalar_subquery()
    )


def rows() -> Iterator[tuple[Any, ...]]:
    """Give every request as `rules.COLUMNS` has it, by number, some hundred at a time."""
    requester, assignee = aliased(User), aliased(User)
    about, delivered = aliased(Asset), aliased(Asset)
    it = AssetRequest
    query = (
        select(
            it.id, it.token, it.title, it.situation, it.kind, it.language, it.product,
            it.competitor, it.industry, it.stage, it.department, it.urgent, it.needed_by,
            it.query, it.state, requester.email, assignee.email, about.slug, delivered.slug,
            it.asked_at, *(_when(state) for state in _FIRST.values()), _when(*_SETTLED),
        )
        .join(requester, requester.id == it.requester_id)
        .outerjoin(assignee, assignee.id == it.assignee_id)
        .outerjoin(about, about.id == it.asset_id)
        .outerjoin(delivered, delivered.id == it.delivered_id)
        .order_by(it.id)
        .limit(LOT)
    )  # fmt: skip
    last = 0
    while found := db.session.execute(query.where(it.id > last)).all():
        waiting = _supporters([row[0] for row in found])
        for row in found:
            number, token, *said = row
            people = [e for e in waiting.get(number, ()) if e != said[13]]
            yield (f"arsenal:{token}", *said[:15], ";".join(people), *said[15:])
        last = found[-1][0]


def _supporters(numbers: list[int]) -> dict[int, list[str]]:
    query = (
        select(RequestSupporter.request_id, User.email)
        .join(User, User.id == RequestSupporter.user_id)
        .where(RequestSupporter.request_id.in_(numbers))
        .order_by(RequestSupporter.id)
    )
    found: dict[int, list[str]] = {}
    for number, email in db.session.execute(query):
        found.setdefault(number, []).append(email)
    return found


def people() -> dict[str, int]:
    """Return everybody, also those who have left, by the key of their e-mail."""
    query = select(User.email_key, User.id).order_by(User.id)
    return dict(db.session.execute(query).tuples().all())


def slugs() -> dict[str, int]:
    """Return all assets by slug."""
    query = select(Asset.slug, Asset.id).order_by(Asset.id)
    return dict(db.session.execute(query).tuples().all())


def known() -> dict[str, int]:
    """Return all requests by their token."""
    query = select(AssetRequest.token, AssetRequest.id).order_by(AssetRequest.id)
    return dict(db.session.execute(query).tuples().all())
