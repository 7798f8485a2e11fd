"""The SELECTs behind the voice of customers: what is said over and over, by whom it was heard."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, distinct, exists, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from portal.calls.models import Call, CallPoint
from portal.calls.rules import NUMBER_MOST, Answer, Said
from portal.calls.voice.rules import ALL, Asked
from portal.db import db
from portal.deals.models import Customer, Deal, DealTerm
from portal.deals.rules import COMPETITOR, PRODUCT
from portal.library.models import Asset, AssetText
from portal.library.rules import State

QUOTES = 60


@dataclass(frozen=True, slots=True)
class Group:
    """The same thing said in several calls; `id` is that of the first point."""

    id: int
    kind: str
    words: str
    slug: str | None
    department: str | None
    state: str
    calls: int
    deals: int
    last: datetime
    request_id: int | None = None


def _of_deal(facet: str, slug: str) -> ColumnElement[bool]:
    return exists().where(
        DealTerm.deal_id == Call.deal_id, DealTerm.facet == facet, DealTerm.slug == slug
    )


def _wanted(asked: Asked, since: datetime) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [CallPoint.at >= since]
    if asked.department:
        found.append(CallPoint.department == asked.department)
    if asked.state != ALL:
        found.append(CallPoint.state == asked.state)
    # that a competitor was named is a fact to count, and nothing to answer
    found.append(
        CallPoint.kind == asked.kind if asked.kind else CallPoint.kind != Said.COMPETITOR.value
    )
    if asked.product:
        found.append(_of_deal(PRODUCT, asked.product))
    if asked.competitor:
        own = and_(CallPoint.facet == COMPETITOR, CallPoint.slug == asked.competitor)
        found.append(or_(own, _of_deal(COMPETITOR, asked.competitor)))
    if asked.industry:
        of_industry = exists().where(
            Deal.id == Call.deal_id,
            Customer.id == Deal.customer_id,
            Customer.industry == asked.industry,
        )
        found.append(of_industry)
    return found


def _groups(asked: Asked, since: datetime) -> Select[Any]:
    key = (CallPoint.kind, CallPoint.words_key, CallPoint.department, CallPoint.state)
    columns: list[Any] = [
        func.min(CallPoint.id),
        CallPoint.kind,
        func.min(CallPoint.slug),
        CallPoint.department,
        CallPoint.state,
        func.count(distinct(CallPoint.call_id)).label("calls"),
        func.count(distinct(Call.deal_id)).label("deals"),
        func.max(CallPoint.at),
        func.max(CallPoint.request_id),
    ]
    return (
        select(*columns)
        .join(Call, Call.id == CallPoint.call_id)
        .where(*_wanted(asked, since))
        .group_by(*key)
    )


def groups(asked: Asked, since: datetime, *, limit: int, offset: int) -> tuple[list[Group], int]:
    """Return a page of what is said, what is heard on most deals first; and how much there is.

    Asked in one go: to count it all anew would take as long again. Beyond the last page nothing is
    returned and nothing counted.
    """
    query = _groups(asked, since)
    deals, calls = query.selected_columns["deals"], query.selected_columns["calls"]
    query = query.order_by(deals.desc(), calls.desc(), func.min(CallPoint.id).desc())
    query = query.add_columns(func.count().over())
    rows = db.session.execute(query.limit(limit).offset(offset)).all()
    said = select(CallPoint.id, CallPoint.words).where(CallPoint.id.in_([row[0] for row in rows]))
    words = {row[0]: row[1] for row in db.session.execute(said.order_by(CallPoint.id))}
    found = [Group(row[0], row[1], words[row[0]], *row[2:-1]) for row in rows]
    return found, rows[0][-1] if rows else 0


def point(point_id: int) -> CallPoint | None:
    """Return one thing a customer said."""
    if not 0 < point_id <= NUMBER_MOST:
        return None
    query = (
        select(CallPoint)
        .where(CallPoint.id == point_id)
        .options(joinedload(CallPoint.answer_asset).selectinload(Asset.texts))
    )
    return db.session.scalars(query).first()


def _same(it: CallPoint) -> tuple[ColumnElement[bool], ...]:
    return (CallPoint.kind == it.kind, CallPoint.words_key == it.words_key)


def quotes(it: CallPoint) -> Sequence[CallPoint]:
    """Return where the same was said, the latest first, with call, deal and customer."""
    query = (
        select(CallPoint)
        .join(CallPoint.call)
        .join(Call.deal)
        .where(*_same(it))
        .options(
            contains_eager(CallPoint.call).contains_eager(Call.deal).joinedload(Deal.customer),
            contains_eager(CallPoint.call).joinedload(Call.user),
        )
        .order_by(CallPoint.at.desc(), CallPoint.id.desc())
        .limit(QUOTES)
    )
    return db.session.scalars(query).all()


def counts(it: CallPoint) -> tuple[int, int]:
    """Return in how many calls and on how many deals the same was said, ever."""
    query = (
        select(func.count(distinct(CallPoint.call_id)), func.count(distinct(Call.deal_id)))
        .join(Call, Call.id == CallPoint.call_id)
        .where(*_same(it))
    )
    row = db.session.execute(query).one()
    return row[0], row[1]


def open_alike(it: CallPoint) -> Sequence[CallPoint]:
    """Return all that says the same in the same inbox and waits; locked."""
    query = (
        select(CallPoint)
        .where(
            *_same(it),
            CallPoint.department == it.department,
            CallPoint.state == Answer.OPEN.value,
        )
        .order_by(CallPoint.id)
        .with_for_update()
    )
    return db.session.scalars(query).all()


def waiting_for(request_id: int) -> Sequence[CallPoint]:
    """Return all that a request is to answer and no asset does yet; locked."""
    query = (
        select(CallPoint)
        .where(CallPoint.request_id == request_id, CallPoint.answer_asset_id.is_(None))
        .order_by(CallPoint.id)
        .with_for_update()
    )
    return db.session.scalars(query).all()


def done_alike(it: CallPoint) -> Sequence[CallPoint]:
    """Return all that says the same and stands where this one stands; locked."""
    query = (
        select(CallPoint)
        .where(*_same(it), CallPoint.department == it.department, CallPoint.state == it.state)
        .order_by(CallPoint.id)
        .with_for_update()
    )
    return db.session.scalars(query).all()


def heard_by(call_ids: Sequence[int]) -> list[int]:
    """Return who held these calls."""
    query = select(Call.user_id).distinct().where(Call.id.in_(sorted(set(call_ids))))
    return sorted(db.session.scalars(query))


def published(slug: str, title: str) -> Asset | None:
    """Return a published asset by its slug or title."""
    titled = select(AssetText.asset_id).where(AssetText.title == title)
    query = (
        select(Asset)
        .where(Asset.state == State.PUBLISHED.value, or_(Asset.slug == slug, Asset.id.in_(titled)))
        .order_by(Asset.slug != slug, Asset.id)
        .limit(1)
    )
    return db.session.scalars(query).first()
