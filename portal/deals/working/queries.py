"""The SELECTs behind the deal somebody works on: it by number, those to pick from."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import joinedload

from portal.accounts.rules import Role
from portal.db import db
from portal.deals.models import Deal, PipelineStage
from portal.deals.queries import called, seen_by
from portal.deals.rules import Outcome
from portal.deals.working.models import WorkingDeal

PICKED_FROM = 30
"""Deals offered at a time; others are found by their name."""


class Work(NamedTuple):
    """A deal as the bar of a page shows it, and what its use is noted with."""

    deal_id: int
    name: str
    stage: str
    names: dict[str, str] | None
    slug: str | None
    outcome: str
    owner_id: int | None
    team_id: int | None


_deals, _stages = Deal.__table__.c, PipelineStage.__table__.c
# a part of every page of those who work on a deal: plain columns, compiled once
_WORK: Select[Any] = (
    select(
        _deals.id,
        _deals.name,
        _deals.stage,
        _stages.names,
        _stages.slug,
        _deals.outcome,
        _deals.owner_id,
        _deals.team_id,
    )
    .select_from(Deal.__table__.outerjoin(PipelineStage.__table__, _stages.id == _deals.stage_id))
    .where(_deals.id == bindparam("deal_id"))
)


def work(deal_id: int) -> Work | None:
    """Return a deal as it is worked on."""
    row = db.session.connection().execute(_WORK, {"deal_id": deal_id}).one_or_none()
    return Work(*row) if row else None


def said(user_id: int) -> WorkingDeal | None:
    """Return what a person said last, locked."""
    query = select(WorkingDeal).where(WorkingDeal.user_id == user_id).with_for_update()
    return db.session.scalars(query).first()


def to_pick(user_id: int, role: Role, team_id: int | None, words: str) -> Sequence[Deal]:
    """Return open deals to pick from: one's own first, those that close first."""
    query = (
        select(Deal)
        .where(seen_by(user_id, role, team_id), Deal.outcome == Outcome.OPEN.value)
        .options(joinedload(Deal.stage_row))
        .order_by(Deal.owner_id != user_id, Deal.closes_on.is_(None), Deal.closes_on, Deal.id)
        .limit(PICKED_FROM)
    )
    query = query.where(called(words)) if words else query.where(Deal.owner_id == user_id)
    return db.session.scalars(query).all()
