"""Small facts for the lift of assets: reps, stages, deals with a history, uses; in a database."""

from datetime import UTC, datetime, timedelta

import numpy as np

from portal.db import db
from portal.deals.models import StageChange
from portal.deals.pipelines import service as pipelines
from portal.usage.models import UsageEvent
from tests import make

START = datetime(2026, 1, 5, 9, tzinfo=UTC)


def stages():
    """The open stages of the standard pipeline, in order."""
    return [it for it in pipelines.ready().stages if it.outcome == "open"]


def enter(deal, stage, at):
    """Note that a deal came to a stage."""
    deal.changes.append(StageChange(at=at, stage_id=stage.id, stage=stage.slug, outcome="open"))
    deal.stage_id, deal.updated_at = stage.id, at


def close(deal, outcome, at):
    """Note that a deal ended."""
    deal.outcome, deal.closed_at, deal.updated_at = outcome, at, at
    deal.changes.append(StageChange(at=at, stage=outcome, outcome=outcome))
    db.session.flush()


def use(deal, asset, at, action="viewed"):
    """Add a line to the ledger."""
    event = UsageEvent(at=at, action=action, user_id=1, asset_id=asset.id, deal_id=deal.id)
    db.session.add(event)
    db.session.flush()
    return event


def world(seed=1, *, deals=60, assets=8, reps=4, helpful=0):
    """Closed deals with uses; the first `helpful` assets are used on deals that are won."""
    g = np.random.default_rng(seed)
    people = [make.user() for _ in range(reps)]
    things = [make.asset() for _ in range(assets)]
    steps = stages()
    made = []
    for i in range(deals):
        begun = START + timedelta(days=int(g.integers(0, 120)))
        deal = make.deal(people[i % reps], amount=int(g.integers(1, 90)) * 1000, currency="EUR")
        deal.created_at = begun
        enter(deal, steps[0], begun)
        enter(deal, steps[1], begun + timedelta(days=int(g.integers(5, 40))))
        won = g.random() < 0.5
        ends = begun + timedelta(days=int(g.integers(60, 90)))
        for place in g.choice(assets, size=3, replace=False):
            if place < helpful and not won:
                continue
            use(deal, things[place], begun + timedelta(days=float(g.random() * 70)))
        close(deal, "won" if won else "lost", ends)
        made.append(deal)
    db.session.commit()
    return made, things, people


def titled(**options):
    """A world of 240 deals on which the first asset helps; its assets are called A, B, C."""
    deals, assets, people = world(**{"seed": 3, "deals": 240, "helpful": 1} | options)
    for i, asset in enumerate(assets):
        make.text(asset, title=f"Asset {chr(65 + i)}")
    return deals, assets, people


def commit():
    """End the transaction, as commands do."""
    db.session.commit()
