"""The SELECTs behind one request: it, who waits, what has happened, who answers."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import joinedload, selectinload

from portal.accounts import policy
from portal.accounts.acts import Act
from portal.accounts.models import User
from portal.accounts.rules import Department, Role
from portal.asset_requests.models import AssetRequest, RequestEvent, RequestSupporter
from portal.asset_requests.rules import NUMBER_MOST, Stake, Weight, weight
from portal.db import db
from portal.deals.models import Deal
from portal.deals.rules import Outcome


def by_number(number: int, *, lock: bool = False) -> AssetRequest | None:
    """Return a request; `lock`: nobody else changes it until this transaction ends."""
    if not 0 < number <= NUMBER_MOST:
        return None
    query = select(AssetRequest).where(AssetRequest.id == number)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(query).first()


def by_token(token: str) -> AssetRequest | None:
    """Return the request a form has made."""
    return db.session.scalars(select(AssetRequest).where(AssetRequest.token == token)).first()


def shown(number: int) -> AssetRequest | None:
    """Return a request with all its page shows but events."""
    if not 0 < number <= NUMBER_MOST:
        return None
    query = (
        select(AssetRequest)
        .where(AssetRequest.id == number)
        .options(
            joinedload(AssetRequest.requester).joinedload(User.team),
            joinedload(AssetRequest.assignee),
            *(
                joinedload(relation)
                for relation in (
                    AssetRequest.asset,
                    AssetRequest.draft,
                    AssetRequest.delivered,
                    AssetRequest.alternative,
                )
            ),
            selectinload(AssetRequest.supporters).options(
                joinedload(RequestSupporter.user), joinedload(RequestSupporter.deal)
            ),
        )
    )
    return db.session.scalars(query).first()


def is_supporter(request_id: int, user_id: int) -> bool:
    """Whether somebody waits for a request."""
    return supporter(request_id, user_id) is not None


def supporter(request_id: int, user_id: int) -> RequestSupporter | None:
    """Return somebody's row among those who wait for a request."""
    query = select(RequestSupporter).where(
        RequestSupporter.request_id == request_id, RequestSupporter.user_id == user_id
    )
    return db.session.scalars(query).first()


def waiting(request_id: int) -> list[int]:
    """Return who waits for a request and is still here, the first first."""
    query = (
        select(RequestSupporter.user_id)
        .join(User, User.id == RequestSupporter.user_id)
        .where(RequestSupporter.request_id == request_id, User.active)
        .order_by(RequestSupporter.id)
    )
    return list(db.session.scalars(query))


def merged_into(request_id: int) -> list[int]:
    """Return the numbers of the requests that were merged into one, however many steps ago."""
    found: list[int] = []
    level = [request_id]
    while level:
        query = (
            select(AssetRequest.id)
            .where(AssetRequest.merged_into_id.in_(level))
            .order_by(AssetRequest.id)
        )
        level = [number for number in db.session.scalars(query) if number not in found]
        found += level
    return found


def events(numbers: Collection[int]) -> Sequence[RequestEvent]:
    """Return what has happened to these requests, the first first."""
    query = (
        select(RequestEvent)
        .where(RequestEvent.request_id.in_(numbers))
        .options(joinedload(RequestEvent.user))
        .order_by(RequestEvent.at, RequestEvent.id)
    )
    return db.session.scalars(query).all()


def answerers(department: str) -> list[int]:
    """Return who is told what is asked of a department: who writes in it, else all marketers."""
    here = [it for it in policy.roles(Act.REQUESTS_WORK) if it != Role.ADMIN.value]
    query = select(User.id).where(User.active, User.role.in_(here)).order_by(User.id)
    found = list(db.session.scalars(query.where(User.department == department)))
    if found or department == Department.MARKETING:
        return found or list(db.session.scalars(query.where(User.role == Role.MARKETER.value)))
    return list(db.session.scalars(query.where(User.department == Department.MARKETING.value)))


def assignable(department: str) -> Sequence[User]:
    """Return who a request of a department may be given to: who writes in it, and marketers."""
    writers = policy.roles(Act.REQUESTS_WORK)
    query = (
        select(User)
        .where(User.active, User.role.in_(writers))
        .where(
            (User.department == department)
            | (User.department == Department.MARKETING.value)
            | (User.role == Role.MARKETER.value)
        )
        .order_by(User.department != department, User.name, User.id)
    )
    return db.session.scalars(query).all()


def weights(numbers: Collection[int], sees: ColumnElement[bool] | None = None) -> dict[int, Weight]:
    """Return what waits for each of these requests; deals that have ended wait no more.

    `sees`: which deals count, for somebody who may not see all; people always do.
    """
    waits = Deal.id == RequestSupporter.deal_id
    rows = db.session.execute(
        select(
            RequestSupporter.request_id,
            Deal.id,
            Deal.amount,
            Deal.currency,
            Deal.closes_on,
            Deal.outcome,
        )
        .join(User, User.id == RequestSupporter.user_id)
        .outerjoin(Deal, waits if sees is None else and_(waits, sees))
        .where(RequestSupporter.request_id.in_(numbers), User.active)
        .order_by(RequestSupporter.id)
    ).all()
    people: dict[int, int] = dict.fromkeys(numbers, 0)
    stakes: dict[int, list[Stake]] = {number: [] for number in numbers}
    for number, deal_id, amount, currency, closes_on, outcome in rows:
        people[number] += 1
        if deal_id is not None and outcome == Outcome.OPEN:
            stakes[number].append(Stake(deal_id, amount, currency, closes_on))
    return {number: weight(stakes[number], people[number]) for number in numbers}


def steps(request_id: int) -> Sequence[RequestEvent]:
    """Return the events that brought a request into another state after it was asked, in order."""
    query = (
        select(RequestEvent)
        .where(
            RequestEvent.request_id == request_id,
            RequestEvent.came_from.is_not(None),
            RequestEvent.came_from != RequestEvent.led_to,
        )
        .order_by(RequestEvent.at, RequestEvent.id)
    )
    return db.session.scalars(query).all()


def rows_waiting(request_id: int) -> Sequence[RequestSupporter]:
    """Return the rows of all who wait for a request, the first first."""
    query = (
        select(RequestSupporter)
        .where(RequestSupporter.request_id == request_id)
        .order_by(RequestSupporter.id)
    )
    return db.session.scalars(query).all()
