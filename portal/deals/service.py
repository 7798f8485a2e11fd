"""Deals added and brought on by hand, where no other system keeps them."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import update

from portal import clock
from portal.audit import service as audit
from portal.db import db
from portal.deals import queries
from portal.deals.customers.service import named
from portal.deals.models import Deal, DealTerm, LossReason, PipelineStage, StageChange
from portal.deals.rules import COMPETITOR, PRODUCT, Outcome
from portal.errors import Conflict
from portal.jobs import service as jobs
from portal.library.queries import name_of

ENDED = "deal_ended"
"""The job that asks the owner of deals that have just ended what helped; payload: ids."""

TWICE = timedelta(minutes=1)
"""Within which a deal of the same name and customer is the same form, sent again."""


def add(
    owner_id: int,
    team_id: int | None,
    *,
    name: str,
    account: str,
    amount: Decimal | None,
    currency: str,
    stage: PipelineStage | None,
    closes_on: date | None,
    products: Iterable[str] = (),
    competitors: Iterable[str] = (),
    region: str = "",
) -> Deal:
    """Add an open deal of somebody's, with the slugs of what it is about; flushed.

    The same form sent twice adds it once.
    """
    now = clock.now()
    twice = queries.just_added(owner_id, name, account, since=now - TWICE)
    if twice is not None:
        return twice
    deal = Deal(
        name=name,
        account=account,
        customer=named(account),
        owner_id=owner_id,
        team_id=team_id,
        region=region,
        amount=amount,
        currency=currency,
        closes_on=closes_on,
        outcome=Outcome.OPEN.value,
        created_at=now,
        updated_at=now,
    )
    db.session.add(deal)
    tag(deal, products=products, competitors=competitors)
    if stage is not None:
        enter(deal, stage, by=owner_id, at=now)
    db.session.flush()
    return deal


def tag(deal: Deal, *, products: Iterable[str], competitors: Iterable[str]) -> None:
    """Say which products and competitors a deal is about, by their slugs."""
    wanted = {(PRODUCT, slug) for slug in products} | {(COMPETITOR, slug) for slug in competitors}
    kept = [term for term in deal.terms if (term.facet, term.slug) in wanted]
    there = {(term.facet, term.slug) for term in kept}
    deal.terms = kept + [DealTerm(facet=f, slug=s) for f, s in sorted(wanted - there)]


def enter(deal: Deal, stage: PipelineStage, *, by: int | None, at: datetime) -> None:
    """Put a deal into a stage, which may end it or open it again; noted in its history."""
    _put(deal, stage)
    end(deal, Outcome(stage.outcome), at=at)
    note(deal, by=by, at=at)


def _put(deal: Deal, stage: PipelineStage) -> None:
    deal.pipeline_id, deal.stage_id = stage.pipeline_id, stage.id
    deal.stage = name_of(stage.names, stage.slug, "en")


def end(deal: Deal, outcome: Outcome, *, at: datetime) -> None:
    """Say how a deal ended, or that it is open again; a deal that ends now asks what helped."""
    if outcome in {Outcome.OPEN, Outcome.WON}:
        deal.loss_reason_id, deal.loss_words = None, ""
    if outcome is Outcome.OPEN:
        deal.closed_at = None
    elif deal.outcome != outcome.value or deal.closed_at is None:
        deal.closed_at = at
    has_ended = outcome is not Outcome.OPEN and deal.outcome == Outcome.OPEN.value
    deal.outcome = outcome.value
    deal.updated_at = clock.now()
    db.session.flush()
    if has_ended:
        jobs.enqueue(ENDED, {"deals": [deal.id]})


def note(deal: Deal, *, by: int | None, at: datetime) -> None:
    """Write down where a deal is now."""
    deal.changes.append(
        StageChange(
            at=at, stage_id=deal.stage_id, stage=deal.stage, outcome=deal.outcome, user_id=by
        )
    )


def settle(
    deal: Deal,
    *,
    by: int,
    stage: PipelineStage | None,
    outcome: Outcome,
    closes_on: date | None,
    reason: LossReason | None = None,
    words: str = "",
) -> None:
    """Say how far a deal has come, or how it ended and why; flushed.

    Raises:
        Conflict: when it is kept in another system.
    """
    if deal.source is not None:
        raise Conflict("kept elsewhere", elsewhere=True)
    now = clock.now()
    before = (deal.stage_id, deal.outcome)
    if stage is not None and stage.outcome == Outcome.OPEN.value:
        _put(deal, stage)
    elif stage is not None:
        outcome = Outcome(stage.outcome)
    end(deal, outcome, at=now)
    deal.closes_on = closes_on
    if outcome in {Outcome.LOST, Outcome.NO_DECISION}:
        deal.loss_reason_id, deal.loss_words = reason.id if reason else None, words
    if before != (deal.stage_id, deal.outcome):
        note(deal, by=by, at=now)
    db.session.flush()


def hand_over(leaver_id: int, heir_id: int, team_id: int | None) -> int:
    """Give the open deals of somebody who leaves to another person; returns how many.

    Deals kept in another system as well: its next import says whose they are there.
    """
    moved = update(Deal).where(Deal.owner_id == leaver_id, Deal.outcome == Outcome.OPEN.value)
    values = {"owner_id": heir_id, "team_id": team_id, "updated_at": clock.now()}
    found = db.session.execute(moved.values(values).returning(Deal.id)).all()
    db.session.expire_all()
    if found:
        told = {"to": heir_id, "deals": len(found)}
        audit.record("user.deals_handed_over", kind="user", key=leaver_id, after=told)
    return len(found)
