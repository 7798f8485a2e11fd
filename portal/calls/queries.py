"""The SELECTs behind calls: one of them, those a person sees, those near one another."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from portal.accounts.models import Team, User
from portal.accounts.rules import Role
from portal.calls.models import Call
from portal.calls.rules import SAME_WITHIN, State
from portal.db import db
from portal.deals.models import Deal, StageChange
from portal.deals.queries import NUMBER_MOST, seen_by
from portal.deals.working.models import WorkingDeal

MOST_AHEAD = 100
"""Planned calls, and calls to log, in one list."""


def for_person(
    user_id: int, role: Role, team_id: int | None, call_id: int, *, lock: bool = False
) -> Call | None:
    """Return one's own call, or one on a deal one may see; `lock`: nobody changes it meanwhile."""
    if not 0 < call_id <= NUMBER_MOST:
        return None
    query = (
        select(Call)
        .join(Call.deal)
        .where(Call.id == call_id, or_(Call.user_id == user_id, seen_by(user_id, role, team_id)))
        .options(contains_eager(Call.deal), joinedload(Call.user))
    )
    if lock:
        query = query.with_for_update(of=Call).execution_options(populate_existing=True)
    return db.session.scalars(query).first()


def whole(call_id: int) -> Call | None:
    """Return a call with all that was used and said."""
    query = (
        select(Call)
        .where(Call.id == call_id)
        .options(selectinload(Call.uses), selectinload(Call.points))
    )
    return db.session.scalars(query).first()


def lock_deal(deal_id: int) -> None:
    """Let nobody else log a call on a deal until the commit."""
    db.session.execute(select(Deal.id).where(Deal.id == deal_id).with_for_update(key_share=True))


def by_token(token: str) -> Call | None:
    """Return the call a form has made already."""
    return db.session.scalars(select(Call).where(Call.token == token)).first()


def alike(deal_id: int, user_id: int, at: datetime, but: int | None = None) -> Call | None:
    """Return the call somebody else has logged on a deal around that time: the nearest one."""
    query = (
        select(Call)
        .where(
            Call.deal_id == deal_id,
            Call.state == State.LOGGED.value,
            Call.user_id != user_id,
            Call.at >= at - SAME_WITHIN,
            Call.at <= at + SAME_WITHIN,
            Call.id != (but or 0),
        )
        .options(joinedload(Call.user))
        .order_by(Call.at, Call.id)
    )
    found = list(db.session.scalars(query))
    return min(found, key=lambda call: (abs(call.at - at), call.id), default=None)


def planned_near(deal_id: int, user_id: int, now: datetime) -> Call | None:
    """Return the call this person has planned on a deal and not logged: the last that is due."""
    query = (
        select(Call)
        .where(
            Call.deal_id == deal_id,
            Call.user_id == user_id,
            Call.state == State.PLANNED.value,
            Call.at <= now + SAME_WITHIN,
        )
        .order_by(Call.at.desc(), Call.id.desc())
        .limit(1)
    )
    return db.session.scalars(query).first()


def stage_at(deal: Deal, at: datetime) -> str:
    """Return the words for the stage a deal was in at a moment."""
    query = (
        select(StageChange.stage)
        .where(StageChange.deal_id == deal.id, StageChange.at <= at)
        .order_by(StageChange.at.desc(), StageChange.id.desc())
        .limit(1)
    )
    return db.session.scalar(query) or deal.stage


def working_deal(user_id: int) -> int | None:
    """Return the deal a person works on, as she said last."""
    return db.session.scalar(select(WorkingDeal.deal_id).where(WorkingDeal.user_id == user_id))


# --- lists --------------------------------------------------------------------------------------


def _whose(people: int | None, team_id: int | None) -> ColumnElement[bool] | None:
    if people is not None:
        return Call.user_id == people
    if team_id is not None:
        return Call.user_id.in_(select(User.id).where(User.team_id == team_id))
    return None


def _listed(state: State, user_id: int | None, team_id: int | None) -> Select[Any]:
    whose = _whose(user_id, team_id)
    where = [Call.state == state.value, *([whose] if whose is not None else [])]
    return select(Call).where(and_(*where))


_WITH = (joinedload(Call.deal), joinedload(Call.user))


def planned(user_id: int | None, team_id: int | None) -> Sequence[Call]:
    """Return planned calls, the next first: somebody's, else a team's, else everybody's."""
    query = (
        _listed(State.PLANNED, user_id, team_id)
        .options(*_WITH)
        .order_by(Call.at, Call.id)
        .limit(MOST_AHEAD)
    )
    return db.session.scalars(query).all()


def logged(user_id: int | None, team_id: int | None, *, limit: int, offset: int) -> Sequence[Call]:
    """Return logged calls, the latest first: somebody's, else a team's, else everybody's."""
    query = (
        _listed(State.LOGGED, user_id, team_id)
        .options(*_WITH)
        .order_by(Call.at.desc(), Call.id.desc())
        .limit(limit)
        .offset(offset)
    )
    return db.session.scalars(query).all()


def count_logged(user_id: int | None, team_id: int | None) -> int:
    """Return how many calls somebody, a team, or everybody has logged."""
    found = _listed(State.LOGGED, user_id, team_id).subquery()
    return db.session.scalar(select(func.count()).select_from(found)) or 0


def teams() -> Sequence[Team]:
    """Return the teams to choose from, by name."""
    return db.session.scalars(select(Team).order_by(Team.name, Team.id)).all()
