"""The SELECTs that say which requests fit: filters, numbers, order, what is on the board."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, false, func, or_, select, true

from portal.accounts import policy
from portal.accounts.acts import Act
from portal.accounts.models import User
from portal.asset_requests.acting import Person
from portal.asset_requests.agreement.models import RequestClock, RequestTerms
from portal.asset_requests.board import rules
from portal.asset_requests.board.rules import Brief, Due, Sort, Tab, Wanted
from portal.asset_requests.models import AssetRequest, RequestSupporter
from portal.asset_requests.rules import OPEN, State
from portal.db import db
from portal.deals.models import Deal
from portal.deals.rules import Outcome

ESCAPE = "\\"
TERMS = RequestTerms
DUE: ColumnElement[datetime | None] = func.coalesce(
    TERMS.ack_due_at, TERMS.deliver_due_at, TERMS.context_due_at, TERMS.try_due_at
)
"""Until when the next promise is owed: to acknowledge, else to deliver, to answer, to try."""


def _tab(tab: Tab, who: Person) -> ColumnElement[bool]:
    it = AssetRequest
    if tab is Tab.ALL:
        return true() if policy.granted(who.role, Act.REQUESTS_OF_ALL) else false()
    if tab is Tab.QUEUE:
        writes = policy.granted(who.role, Act.REQUESTS_WORK) and who.department is not None
        return it.department == who.department if writes else false()
    if tab is Tab.TEAM:
        if who.team_id is None:
            return false()
        return it.requester_id.in_(select(User.id).where(User.team_id == who.team_id))
    waits = select(RequestSupporter.request_id).where(RequestSupporter.user_id == who.id)
    return or_(it.requester_id == who.id, it.assignee_id == who.id, it.id.in_(waits))


def _has_text(text: str) -> ColumnElement[bool]:
    """Whether the title or the query has these words, or it is the number of the request."""
    number = text.removeprefix("#")
    found: list[ColumnElement[bool]] = []
    if number.isascii() and number.isdigit() and len(number) <= 9:  # noqa: PLR2004
        found.append(AssetRequest.id == int(number))
    # SQLite folds the case of ASCII alone: the ways in which people write a word are asked for.
    ways = (text,) if text.isascii() else (text, text.lower(), text.capitalize(), text.upper())
    for said in dict.fromkeys(ways):
        plain = (
            said.replace(ESCAPE, ESCAPE * 2).replace("%", f"{ESCAPE}%").replace("_", f"{ESCAPE}_")
        )
        columns = (AssetRequest.title, AssetRequest.query)
        found += [column.ilike(f"%{plain}%", escape=ESCAPE) for column in columns]
    return or_(*found)


def _is_due(due: Due, now: datetime) -> ColumnElement[bool]:
    if due is Due.OVERDUE:
        return now > DUE
    clock = RequestClock
    soon = exists().where(
        clock.request_id == AssetRequest.id,
        clock.ended_at.is_(None),
        clock.due_at == DUE,
        clock.soon_at <= now,
    )
    return and_(now <= DUE, soon)


def _filters(wanted: Wanted, now: datetime) -> list[ColumnElement[bool]]:
    it = AssetRequest
    found: list[ColumnElement[bool]] = []
    if len(wanted.states) < len(State):
        found.append(it.state.in_(sorted(state.value for state in wanted.states)))
    same = ("kind", "department", "competitor", "language")
    found += [getattr(it, name) == getattr(wanted, name) for name in same if getattr(wanted, name)]
    if wanted.assignee_id is not None:
        nobody = wanted.assignee_id == rules.NOBODY
        found.append(it.assignee_id.is_(None) if nobody else it.assignee_id == wanted.assignee_id)
    if wanted.due is not None:
        found.append(_is_due(wanted.due, now))
    if wanted.text:
        found.append(_has_text(wanted.text))
    return found


def of(
    query: Any,  # noqa: ANN401  # a SELECT of whichever columns
    *conditions: ColumnElement[bool],
) -> Select[Any]:
    """Return a query of requests, those that fit some conditions, with what is due."""
    joined = query.select_from(AssetRequest).outerjoin(TERMS, TERMS.request_id == AssetRequest.id)
    found: Select[Any] = joined.where(*conditions)
    return found


def counts(wanted: Wanted, who: Person, tabs: Sequence[Tab], now: datetime) -> dict[Tab, int]:
    """Return how many requests fit the filters under each tab."""
    sums = [func.coalesce(func.sum(case((_tab(tab, who), 1), else_=0)), 0) for tab in tabs]
    row = db.session.execute(of(select(*sums), *_filters(wanted, now))).one()
    return {tab: int(number) for tab, number in zip(tabs, row, strict=True)}


def _stakes_of(*conditions: ColumnElement[bool]) -> Select[Any]:
    """Deals that are open and waited for by people who are here, of the requests that fit."""
    return (
        of(select(Deal.currency), *conditions)
        .join(RequestSupporter, RequestSupporter.request_id == AssetRequest.id)
        .join(User, and_(User.id == RequestSupporter.user_id, User.active))
        .join(Deal, and_(Deal.id == RequestSupporter.deal_id, Deal.outcome == Outcome.OPEN.value))
    )


def main_currency(wanted: Wanted, who: Person, now: datetime) -> str:
    """Return the currency most deals have that wait for the requests that fit."""
    deals = func.count(Deal.id.distinct())
    query = (
        _stakes_of(*_filters(wanted, now), _tab(wanted.tab, who))
        .where(Deal.amount.is_not(None))
        .group_by(Deal.currency)
        .order_by(deals.desc(), Deal.currency)
        .limit(1)
    )
    return db.session.scalar(query) or ""


def _worth(currency: str) -> ColumnElement[Decimal]:
    """The open value that waits for a request in a currency; nothing waits for a settled one."""
    waited = (
        select(RequestSupporter.deal_id)
        .join(User, and_(User.id == RequestSupporter.user_id, User.active))
        .where(RequestSupporter.request_id == AssetRequest.id)
        .correlate(AssetRequest)
    )
    value = (
        select(func.coalesce(func.sum(Deal.amount), 0))
        .where(Deal.id.in_(waited), Deal.outcome == Outcome.OPEN.value, Deal.currency == currency)
        .correlate(AssetRequest)
        .scalar_subquery()
    )
    waits = [state.value for state in (*OPEN, State.DELIVERED)]
    return case((AssetRequest.state.in_(sorted(waits)), value), else_=0)


def _order(sort: Sort, currency: str) -> list[Any]:
    it = AssetRequest
    if sort is Sort.NEWEST:
        return [it.asked_at.desc(), it.id.desc()]
    due = [DUE.is_(None), DUE, it.id]
    if sort is Sort.DUE:
        return due
    people = (
        select(func.count())
        .where(RequestSupporter.request_id == it.id)
        .correlate(it)
        .scalar_subquery()
    )
    return [_worth(currency).desc(), people.desc(), *due]


def numbers(
    wanted: Wanted, who: Person, now: datetime, *, currency: str, limit: int, offset: int
) -> list[int]:
    """Return a page of the requests that fit, in order."""
    query = of(select(AssetRequest.id), *_filters(wanted, now), _tab(wanted.tab, who))
    query = query.order_by(*_order(wanted.sort, currency)).limit(limit).offset(offset)
    return list(db.session.scalars(query))


def _on_board(wanted: Wanted, who: Person, now: datetime) -> list[ColumnElement[bool]]:
    """Conditions of what stands on the board: open, or delivered not long ago."""
    since = now - timedelta(days=rules.DELIVERED_DAYS)
    opened = AssetRequest.state.in_(sorted(state.value for state in OPEN))
    fresh = and_(AssetRequest.state == State.DELIVERED.value, AssetRequest.changed_at >= since)
    return [or_(opened, fresh), *_filters(wanted, now), _tab(wanted.tab, who)]


def briefs(wanted: Wanted, who: Person, now: datetime, currency: str) -> list[Brief]:
    """Return all that stands on the board, in order."""
    it = AssetRequest
    query = of(
        select(it.id, it.state, it.assignee_id, func.coalesce(now > DUE, false())),
        *_on_board(wanted, who, now),
    ).order_by(*_order(wanted.sort, currency))
    states = {state.value: state for state in State}
    rows = db.session.connection().execute(query)  # thousands of rows: none of them an object
    return [Brief(number, states[state], has, bool(late)) for number, state, has, late in rows]


def value_by_person(
    wanted: Wanted, who: Person, now: datetime
) -> dict[int | None, dict[str, Decimal]]:
    """Return the open value by currency that waits on who has open requests; each deal once."""
    opened = AssetRequest.state.in_(sorted(state.value for state in OPEN))
    conditions = [opened, *_on_board(wanted, who, now)]
    each = (
        _stakes_of(*conditions)
        .add_columns(AssetRequest.assignee_id, Deal.id, Deal.amount)
        .where(Deal.amount.is_not(None))
        .distinct()
        .subquery()
    )
    query = (
        select(each.c.assignee_id, each.c.currency, func.sum(each.c.amount))
        .group_by(each.c.assignee_id, each.c.currency)
        .order_by(each.c.assignee_id, each.c.currency)
    )
    found: dict[int | None, dict[str, Decimal]] = {}
    for person_id, currency, value in db.session.execute(query):
        found.setdefault(person_id, {})[currency] = value
    return found
