"""A world written to files and imported is the same world: what the statistics read is planted."""

import numpy as np
from sqlalchemy import select

from portal.accounts.models import User
from portal.db import db as _db
from portal.deals.models import Deal, StageChange
from portal.insights.history.models import HistoryAsset
from portal.insights.history.service import Run
from portal.usage.models import UsageEvent
from tests.insights import world_files
from tests.insights.worlds import MIDDLE, SMALL, STAGES, Size, simulate

WEEK = 7 * 86_400


def facts():
    """(asset, deal) → (stage, weeks in it) of what docs/insight.md counts, read from the database."""
    assets = dict(
        _db.session.execute(select(HistoryAsset.asset_id, HistoryAsset.external_id)).all()
    )
    deals = {it.id: it for it in _db.session.scalars(select(Deal))}
    entered = {}
    for it in _db.session.scalars(select(StageChange).order_by(StageChange.at, StageChange.id)):
        if it.stage in STAGES:
            entered.setdefault((it.deal_id, it.stage), it.at)
    found, seen = {}, set()
    for it in _db.session.scalars(select(UsageEvent).order_by(UsageEvent.at, UsageEvent.id)):
        deal = deals.get(it.deal_id)
        if deal is None or (it.asset_id, it.deal_id) in seen:
            continue
        seen.add((it.asset_id, it.deal_id))
        if deal.outcome == "open" or (deal.closed_at - it.at).total_seconds() <= WEEK:
            continue
        weeks = int((it.at - entered[it.deal_id, it.stage]).total_seconds() // WEEK)
        found[assets[it.asset_id], deal.external_id] = (STAGES.index(it.stage), weeks)
    return found


def planted(world):
    at = np.flatnonzero(world.counted)
    return {
        (world_files.asset_id(world.use_asset[i]), world_files.deal_id(world.use_deal[i])): (
            world.use_stage[i], world.use_age[i],
        )
        for i in at
    }  # fmt: skip


def test_a_world_comes_back_as_it_was_planted_awkward_rows_or_not(db, tmp_path):
    world = simulate(SMALL, 5)
    told = world_files.write(world, tmp_path / "world", awkward=True)
    report = Run(tmp_path / "world", "sim").carry(_db.session.flush)
    _db.session.expire_all()
    assert facts() == planted(world)
    expected = {
        "deals.csv": told.awkward["refused deals"], "uses.csv": told.awkward["refused uses"],
        "deal_stages.csv": told.awkward["refused stages"],
    }  # fmt: skip
    assert {it.file: it.refused for it in report.files if it.refused} == expected
    for number, deal in enumerate(_db.session.scalars(select(Deal).order_by(Deal.external_id))):
        status = {"won": 1, "lost": 0, "open": -1}[deal.outcome]
        assert status == world.status[number]
        owner = _db.session.get(User, deal.owner_id)
        assert owner.email == world_files.owner_email(world.owner[number])
        assert deal.segment == world_files.SEGMENTS[world.segment[number]]
        product = world_files.PRODUCTS[world.product[number]].lower().replace(" ", "-")
        assert product in [it.slug for it in deal.terms if it.facet == "product"]


def test_worlds_are_those_of_the_published_table():
    world = simulate(MIDDLE, 11)
    is_closed = world.status >= 0
    assert 60_000 < len(world.use_deal) < 130_000
    assert 0.15 < (world.status[is_closed] == 1).mean() < 0.35
    assert 0.04 < 1 - is_closed.mean() < 0.15
    assert (world.beta[world.kind >= 5] == 0).all()
    assert 0.02 < world.truth[world.n >= 40].std() < 0.06


def test_a_null_world_has_no_effects_and_a_seed_is_a_world():
    size = Size(300, 40, 10)
    world = simulate(size, 3, share_null=1.0)
    assert not world.truth.any()
    assert (world.use_asset == simulate(size, 3, share_null=1.0).use_asset).all()
    assert len(world.use_asset) != len(simulate(size, 4, share_null=1.0).use_asset)
