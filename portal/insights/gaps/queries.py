"""Every SELECT behind gaps: searches in vain, requests with who waits, open deals, new assets."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Integer, and_, case, cast, exists, func, or_, select
from sqlalchemy.orm import aliased

from portal.accounts.models import User
from portal.asset_requests.models import AssetRequest, RequestSupporter
from portal.asset_requests.rules import OPEN, Stake, State
from portal.asset_requests.similar.queries import FACT, Fact
from portal.db import db
from portal.deals.models import Deal
from portal.deals.rules import Outcome
from portal.insights.gaps.rules import DELIVERED, SEARCHES_MOST, Wording
from portal.insights.lift.columns import seconds
from portal.library.models import Asset
from portal.library.rules import State as AssetState
from portal.usage.models import UsageEvent
from portal.usage.rules import USES, Action, Source
from portal.usage.visits import AGAIN, TYPING

TAKEN = (Action.OPENED, *USES)
"""What is done with a result: then the search was not in vain."""
NEW_MOST = 500


def in_vain(since: datetime, most: int = SEARCHES_MOST) -> list[Wording]:
    """Return the searches since a moment that led to nothing, the latest `most` looked at.

    In vain: it found nothing, or nothing it found was opened. While somebody types, each pause is a
    search: only the last of those counts.
    """
    recent = (
        select(
            UsageEvent.id, UsageEvent.user_id, UsageEvent.deal_id, UsageEvent.query,
            UsageEvent.results, UsageEvent.source, UsageEvent.ref,
            seconds(UsageEvent.at).label("at"),
        )
        .where(
            UsageEvent.action == Action.SEARCHED.value,
            UsageEvent.at >= since,
            UsageEvent.query.is_not(None),
        )
        .order_by(UsageEvent.at.desc(), UsageEvent.id.desc())
        .limit(most)
        .subquery("recent")
    )  # fmt: skip
    row = recent.c
    followed = select(
        row.user_id, row.deal_id, row.query, row.results, row.source, row.ref, row.at,
        _next(row, row.at).label("next_at"), _next(row, row.query).label("next_query"),
    ).subquery("followed")  # fmt: skip
    it, taken = followed.c, aliased(UsageEvent)
    led = exists().where(taken.ref == it.ref, taken.action.in_([a.value for a in TAKEN]))
    soon = it.next_at - it.at
    typing = and_(it.source == Source.INSTANT.value, it.user_id.is_not(None), soon <= TYPING)
    again = and_(it.next_query == it.query, it.user_id.is_not(None), soon <= AGAIN)
    on_the_way = func.coalesce(case((or_(typing, again), 1), else_=0), 0)
    nothing = func.coalesce(it.results, 1) == 0
    query = (
        select(
            it.query, it.user_id, it.deal_id, func.count(),
            cast(func.sum(case((nothing, 1), else_=0)), Integer), func.max(it.at),
        )
        .where(on_the_way == 0, or_(nothing, and_(it.ref.is_not(None), ~led)))
        .group_by(it.query, it.user_id, it.deal_id)
        .order_by(it.query, it.user_id, it.deal_id)
    )  # fmt: skip
    return [Wording(*row) for row in db.session.connection().execute(query)]


def _next(row: Any, column: Any) -> Any:  # noqa: ANN401  # columns of a subquery
    """Return what the same person's next search has in a column."""
    return func.lead(column).over(partition_by=row.user_id, order_by=(row.at, row.id))


def mark() -> tuple[Any, ...]:
    """Return what changes when somebody asks, waits, or a request moves on."""
    asked = select(func.max(AssetRequest.id), func.max(AssetRequest.changed_at))
    waits = select(func.max(RequestSupporter.id))
    return (*db.session.execute(asked).one(), db.session.scalar(waits))


class Asked(NamedTuple):
    """A request: what it is about, the search it came from, when it was asked and moved on."""

    fact: Fact
    query: str
    at: int
    changed: int


def asked(since: datetime, most: int) -> list[Asked]:
    """Return open requests, and those declined or delivered since a moment, the latest first."""
    ended = sorted(state.value for state in (State.DECLINED, *DELIVERED))
    query = (
        select(
            AssetRequest.query, seconds(AssetRequest.asked_at), seconds(AssetRequest.changed_at),
            *FACT,
        )
        .where(
            or_(
                AssetRequest.state.in_([state.value for state in OPEN]),
                and_(AssetRequest.state.in_(ended), AssetRequest.changed_at >= since),
            )
        )
        .order_by(AssetRequest.changed_at.desc(), AssetRequest.id.desc())
        .limit(most)
    )  # fmt: skip
    rows: Any = db.session.connection().execute(query)
    return [Asked(Fact(*fact), query, at, changed) for query, at, changed, *fact in rows]


def waiting(numbers: Collection[int]) -> dict[int, list[tuple[int, int | None]]]:
    """Return who of those still here waits for these requests, each with the deal it is for."""
    query = (
        select(RequestSupporter.request_id, RequestSupporter.user_id, RequestSupporter.deal_id)
        .join(User, User.id == RequestSupporter.user_id)
        .where(RequestSupporter.request_id.in_(sorted(numbers)), User.active)
        .order_by(RequestSupporter.id)
    )
    found: dict[int, list[tuple[int, int | None]]] = {number: [] for number in numbers}
    for number, user_id, deal_id in db.session.connection().execute(query):
        found[number].append((user_id, deal_id))
    return found


def open_deals(ids: Collection[int]) -> dict[int, Stake]:
    """Return what those of these deals come to that are open."""
    query = (
        select(Deal.id, Deal.amount, Deal.currency, Deal.closes_on)
        .where(Deal.id.in_(sorted(ids)), Deal.outcome == Outcome.OPEN.value)
        .order_by(Deal.id)
    )
    return {row[0]: Stake(*row) for row in db.session.connection().execute(query)}


def new_assets(since: datetime) -> dict[str, int]:
    """Return when assets published since a moment were, by slug; the newest of them."""
    query = (
        select(Asset.slug, seconds(Asset.published_at))
        .where(Asset.state == AssetState.PUBLISHED.value, Asset.published_at >= since)
        .order_by(Asset.published_at.desc(), Asset.id.desc())
        .limit(NEW_MOST)
    )
    rows: Sequence[tuple[str, int]] = [
        (row[0], row[1]) for row in db.session.connection().execute(query)
    ]
    return dict(rows)
