"""The SELECTs behind deals: those a person may see, one of them by number."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, bindparam, case, false, func, or_, select, true
from sqlalchemy.orm import joinedload

from portal.accounts import policy
from portal.accounts.acts import Act
from portal.accounts.models import Team, User
from portal.accounts.rules import Role
from portal.db import db
from portal.deals.models import Deal, PipelineStage, StageChange
from portal.deals.rules import ENDINGS, Outcome, Scope, Sort, Wish

NUMBER_MOST = 2**31 - 1
OFFERED = 200
"""Deals offered in a list to choose from, those that close first."""


def seen_by(user_id: int, role: Role, team_id: int | None) -> ColumnElement[bool]:
    """Which deals a person may see: as `rules.may_see`."""
    if policy.granted(role, Act.DEAL_SEE):
        return true()
    mine = Deal.owner_id == user_id
    return mine if team_id is None else or_(mine, Deal.team_id == team_id)


def open_deals(user_id: int, role: Role, team_id: int | None) -> Sequence[Deal]:
    """Return open deals to choose from: one's own first, then by the day they close."""
    query = (
        select(Deal)
        .where(seen_by(user_id, role, team_id), Deal.outcome == Outcome.OPEN.value)
        .options(joinedload(Deal.owner), joinedload(Deal.stage_row))
        .order_by(Deal.owner_id != user_id, Deal.closes_on.is_(None), Deal.closes_on, Deal.id)
        .limit(OFFERED)
    )
    return db.session.scalars(query).all()


def called(words: str) -> ColumnElement[bool]:
    """Which deals have these words in their name or their customer's, whatever their case.

    SQLite folds the case of Latin letters alone: others are tried as they may be written.
    """
    ways = dict.fromkeys((words, words.lower(), words.upper(), words.capitalize(), words.title()))
    return or_(
        *(column.icontains(way, autoescape=True) for way in ways
          for column in (Deal.name, Deal.account))
    )  # fmt: skip


def _wished(user_id: int, role: Role, team_id: int | None, wish: Wish) -> list[ColumnElement[bool]]:
    """Return what a deal must be to be on a list."""
    conditions = []
    if wish.scope is Scope.MINE:
        conditions.append(Deal.owner_id == user_id)
    elif wish.scope is Scope.TEAM:
        conditions.append(false() if team_id is None else Deal.team_id == team_id)
    else:
        conditions.append(seen_by(user_id, role, team_id))
    if wish.outcome in set(Outcome):
        conditions.append(Deal.outcome == wish.outcome)
    else:
        conditions.append(Deal.outcome.in_(ENDINGS))
    if wish.stage is not None:
        conditions.append(Deal.stage_id == wish.stage)
    if wish.owner is not None:
        conditions.append(Deal.owner_id == wish.owner)
    if wish.words:
        conditions.append(called(wish.words))
    return conditions


def _order(wish: Wish) -> list[Any]:
    if wish.sort is Sort.AMOUNT:
        return [Deal.amount.is_(None), Deal.amount.desc(), Deal.id.desc()]
    if wish.outcome != Outcome.OPEN.value:
        return [Deal.closed_at.is_(None), Deal.closed_at.desc(), Deal.id.desc()]
    return [Deal.closes_on.is_(None), Deal.closes_on, Deal.id]


def deals(
    user_id: int, role: Role, team_id: int | None, wish: Wish, *, limit: int, offset: int
) -> Sequence[Deal]:
    """Return a page of the deals a person wishes to see, of those they may."""
    query = (
        select(Deal)
        .where(*_wished(user_id, role, team_id, wish))
        .options(joinedload(Deal.owner), joinedload(Deal.stage_row))
        .order_by(*_order(wish))
        .limit(limit)
        .offset(offset)
    )
    return db.session.scalars(query).all()


def count(user_id: int, role: Role, team_id: int | None, wish: Wish) -> int:
    """Return how many deals a person may see of those they wish to."""
    query = select(func.count()).select_from(Deal).where(*_wished(user_id, role, team_id, wish))
    return db.session.scalar(query) or 0


class Held(NamedTuple):
    """What somebody's open deals of one currency come to; `late`: their closing day has passed."""

    team: str
    owner_id: int | None
    owner: str
    currency: str
    deals: int
    amount: Decimal
    soon: int
    late: int


def held(user_id: int, role: Role, team_id: int | None, *, today: date, soon: date) -> list[Held]:
    """Return what everybody's open deals come to, by team, person and currency."""
    is_soon = and_(Deal.closes_on >= today, Deal.closes_on <= soon)
    summed = (
        select(
            Deal.team_id,
            Deal.owner_id,
            Deal.currency,
            func.count().label("deals"),
            func.coalesce(func.sum(Deal.amount), 0).label("amount"),
            func.count(case((is_soon, 1))).label("soon"),
            func.count(case((Deal.closes_on < today, 1))).label("late"),
        )
        .where(seen_by(user_id, role, team_id), Deal.outcome == Outcome.OPEN.value)
        .group_by(Deal.team_id, Deal.owner_id, Deal.currency)
        .subquery()
        .c
    )
    query = (
        select(
            func.coalesce(Team.name, ""), summed.owner_id, func.coalesce(User.name, ""),
            summed.currency, summed.deals, summed.amount, summed.soon, summed.late,
        )
        .select_from(summed.owner_id.table)
        .outerjoin(Team, Team.id == summed.team_id)
        .outerjoin(User, User.id == summed.owner_id)
        .order_by(Team.name.is_(None), Team.name, User.name, summed.owner_id, summed.currency)
    )  # fmt: skip
    return [Held(*row) for row in db.session.execute(query)]


def for_person(user_id: int, role: Role, team_id: int | None, deal_id: int) -> Deal | None:
    """Return a deal by number, or None when there is none or it is not this person's to see."""
    if not 0 < deal_id <= NUMBER_MOST:
        return None
    query = select(Deal).where(Deal.id == deal_id, seen_by(user_id, role, team_id))
    return db.session.scalars(query).first()


def count_open_of(user_id: int) -> int:
    """Return how many open deals somebody owns."""
    query = select(func.count()).where(Deal.owner_id == user_id, Deal.outcome == Outcome.OPEN.value)
    return db.session.scalar(query) or 0


# a deal's page is opened before each call: what is always the same is put together once
_WHOLE = select(Deal).options(
    joinedload(Deal.owner),
    joinedload(Deal.stage_row),
    joinedload(Deal.customer),
    joinedload(Deal.loss_reason),
    joinedload(Deal.terms),
)
_WHOLE_OF_NUMBER = _WHOLE.where(Deal.id == bindparam("deal_id"))


def whole(user_id: int, role: Role, team_id: int | None, deal_id: int) -> Deal | None:
    """Return a deal as `for_person` does, with what its page names."""
    if not 0 < deal_id <= NUMBER_MOST:
        return None
    query = _WHOLE_OF_NUMBER
    if not policy.granted(role, Act.DEAL_SEE):
        query = query.where(seen_by(user_id, role, team_id))
    return db.session.scalars(query, {"deal_id": deal_id}).unique().first()


class Moved(NamedTuple):
    """Where a deal was put, when and by whom; `names` are the stage's own, by language."""

    at: datetime
    stage: str
    outcome: str
    who: str | None
    names: dict[str, str] | None
    ends_as: str | None


_HISTORY = (
    select(
        StageChange.at,
        StageChange.stage,
        StageChange.outcome,
        User.name,
        PipelineStage.names,
        PipelineStage.outcome,
    )
    .outerjoin(User, User.id == StageChange.user_id)
    .outerjoin(PipelineStage, PipelineStage.id == StageChange.stage_id)
    .where(StageChange.deal_id == bindparam("deal_id"))
    .order_by(StageChange.at.desc(), StageChange.id.desc())
    .limit(OFFERED)
)


def history(deal_id: int) -> list[Moved]:
    """Return where a deal has been, the latest first, each with who moved it there."""
    return [Moved(*row) for row in db.session.execute(_HISTORY, {"deal_id": deal_id})]


def just_added(owner_id: int, name: str, account: str, *, since: datetime) -> Deal | None:
    """Return the open deal of this name and customer that somebody added since then, if any.

    Until the commit nobody else adds one of theirs.
    """
    db.session.execute(select(User.id).where(User.id == owner_id).with_for_update(key_share=True))
    query = select(Deal).where(
        Deal.owner_id == owner_id,
        Deal.outcome == Outcome.OPEN.value,
        Deal.created_at >= since,
        Deal.name == name,
        Deal.account == account,
        Deal.source.is_(None),
    )
    return db.session.scalars(query.order_by(Deal.id).limit(1)).first()
