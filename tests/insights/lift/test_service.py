"""Counts follow the facts: what is kept equals what is counted anew, whatever happened."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal import clock
from portal.db import db as _db
from portal.errors import Conflict
from portal.insights.lift import following, queries, service
from portal.insights.lift.models import AssetLift, CountedDeal, LiftCell
from portal.usage.models import UsageEvent
from tests import make
from tests.insights.lift import facts
from tests.insights.lift.facts import commit

DAY = timedelta(days=1)


def cells():
    return {(it.asset_id, it.stratum): (it.n, it.won) for it in _db.session.scalars(
        _db.select(LiftCell).where(LiftCell.generation == queries.model().generation))}  # fmt: skip


def lift_of(asset_id):
    """What is said of an asset."""
    return _db.session.get(AssetLift, asset_id)


def counted(deal, asset):
    """Whether the use of an asset on a deal counts, None when it is none at all."""
    service.refresh(commit)
    return next(
        (bool(s >= 0) for a, s in kept_facts(deal) if a == asset.id),
        None,
    )


def kept_facts(deal):
    from portal.insights.lift.counting import unpacked

    row = _db.session.get(CountedDeal, (queries.model().generation, deal.id))
    return [] if row is None else list(zip(*unpacked(row.facts), strict=True))


def test_making_the_counts_anew_changes_nothing(db):
    facts.world(helpful=1)
    report = service.refresh(commit)
    before = cells()
    said = [(it.asset_id, it.best, it.verdict, it.place) for it in queries.lifts()]
    assert (report.deals, report.assets) == (60, 8)
    assert 0 < report.counted < report.uses
    assert service.verify() == []
    service.refresh(commit)
    assert cells() == before
    assert [(it.asset_id, it.best, it.verdict, it.place) for it in queries.lifts()] == said
    assert db.session.scalar(db.select(db.func.count(LiftCell.generation.distinct()))) == 1


def test_what_is_used_on_deals_won_comes_first(db):
    _, things, _ = facts.world(deals=240, helpful=1)
    service.refresh(commit)
    first = queries.lifts()[0]
    assert first.asset_id == things[0].id
    assert first.best > 0.05
    assert first.reps == 4


def deal_in_stage(**values):
    deal = make.deal(make.user(), **values)
    deal.created_at = facts.START
    facts.enter(deal, facts.stages()[0], facts.START)
    return deal, make.asset()


def test_uses_in_the_last_week_or_after_the_close_do_not_count(db):
    end = facts.START + 30 * DAY
    for days, counts in ((22.9, True), (23, False), (29, False), (31, False)):
        deal, asset = deal_in_stage()
        facts.use(deal, asset, facts.START + timedelta(days=days))
        facts.close(deal, "won", end)
        assert counted(deal, asset) is counts, days


def test_only_the_first_use_is_one(db):
    deal, asset = deal_in_stage()
    at = facts.START + 2 * DAY
    for it in (at, at, at + DAY, facts.START + 29 * DAY):
        facts.use(deal, asset, it, action="copied")
    facts.close(deal, "lost", facts.START + 30 * DAY)
    assert counted(deal, asset) is True
    assert sum(n for n, _ in cells().values()) == 1


def test_a_use_before_any_stage_does_not_count(db):
    deal, asset = deal_in_stage()
    facts.use(deal, asset, facts.START - DAY)
    facts.close(deal, "lost", facts.START + 30 * DAY)
    assert counted(deal, asset) is False


def test_a_search_is_no_use(db):
    deal, asset = deal_in_stage()
    facts.use(deal, asset, facts.START + DAY, action="searched")
    facts.close(deal, "lost", facts.START + 30 * DAY)
    assert counted(deal, asset) is None


def test_what_was_used_in_a_call_counts(db):
    from portal.calls.models import CallUse

    deal, asset = deal_in_stage()
    call = make.call(deal, deal.owner, at=facts.START + DAY)
    call.uses.append(CallUse(asset_id=asset.id, language="en"))
    facts.close(deal, "won", facts.START + 30 * DAY)
    assert counted(deal, asset) is True


def test_a_deal_opened_again_counts_by_its_last_close(db):
    deal, asset = deal_in_stage()
    facts.close(deal, "lost", facts.START + 30 * DAY)
    facts.enter(deal, facts.stages()[1], facts.START + 40 * DAY)
    facts.use(deal, asset, facts.START + 41 * DAY)
    facts.close(deal, "won", facts.START + 80 * DAY)
    assert counted(deal, asset) is True
    (n, won), = cells().values()  # fmt: skip
    assert (n, won) == (1, 1)


def test_while_a_deal_was_closed_it_was_at_no_stage(db):
    deal, asset = deal_in_stage()
    facts.close(deal, "lost", facts.START + 30 * DAY)
    facts.use(deal, asset, facts.START + 35 * DAY)
    facts.enter(deal, facts.stages()[1], facts.START + 40 * DAY)
    facts.close(deal, "won", facts.START + 80 * DAY)
    assert counted(deal, asset) is False


def test_weeks_in_a_stage_go_on_when_it_is_noted_again(db):
    deal, asset = deal_in_stage()
    facts.enter(deal, facts.stages()[0], facts.START + 20 * DAY)
    facts.use(deal, asset, facts.START + 22 * DAY)
    facts.close(deal, "won", facts.START + 60 * DAY)
    service.refresh(commit)
    ((_, stratum),) = cells()
    assert stratum % 40 // 10 == 2  # the third week: 3 to 5 have passed


@pytest.mark.parametrize("deals", [0, 1])
def test_hardly_any_deals_say_nothing(db, deals):
    facts.world(deals=deals)
    report = service.refresh(commit)
    assert report.deals == deals
    assert {it.verdict for it in queries.lifts()} <= {"thin"}
    assert service.verify() == []


def test_deals_without_any_stage_are_counted_but_say_nothing(db):
    deal = make.deal(make.user())
    asset = make.asset()
    facts.use(deal, asset, facts.START)
    deal.outcome, deal.closed_at = "won", facts.START + 30 * DAY
    db.session.flush()
    assert counted(deal, asset) is False
    assert lift_of(asset.id).verdict == "thin"


# --- following ----------------------------------------------------------------------------------


def test_a_deal_that_ends_is_counted_without_counting_all(db):
    facts.world()
    deal, asset = deal_in_stage()
    facts.use(deal, asset, facts.START + DAY)
    service.refresh(commit)
    assert lift_of(asset.id) is None
    facts.close(deal, "won", clock.now())
    assert following.follow(commit) == 1
    assert lift_of(asset.id).n + lift_of(asset.id).uses > 0
    assert service.verify() == []
    assert following.follow(commit) == 0


def test_a_deal_opened_again_is_taken_out(db):
    deals, _, _ = facts.world()
    service.refresh(commit)
    deal = deals[0]
    deal.outcome, deal.closed_at, deal.updated_at = "open", None, clock.now()
    db.session.flush()
    assert service.verify() != []
    assert following.follow(commit) == 1
    assert service.verify() == []
    assert queries.model().deals == 59


def test_nothing_follows_while_all_is_counted_anew(db):
    deals, _, _ = facts.world()
    service.refresh(commit)
    deals[0].owner_id, deals[0].updated_at = make.user().id, clock.now()
    kept = queries.model()
    kept.busy_until = clock.now() + timedelta(minutes=1)
    db.session.flush()
    assert following.follow(commit) == 0
    with pytest.raises(Conflict):
        service.refresh(commit)
    kept.busy_until = clock.now() - timedelta(minutes=1)
    db.session.flush()
    assert following.follow(commit) == 1
    assert service.verify() == []


def test_what_was_kept_wrongly_is_found(db):
    facts.world()
    service.refresh(commit)
    cell = db.session.scalars(db.select(LiftCell).order_by(LiftCell.asset_id)).first()
    cell.won += 1
    db.session.flush()
    assert service.verify() == ["cells: 1 kept that are not so, 1 missing"]
    service.refresh(commit)
    assert service.verify() == []


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["use", "end", "again", "owner", "amount", "late use", "call"]),
        st.integers(0, 19),
        st.integers(0, 4),
    ),
    min_size=1,
    max_size=12,
)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(STEPS, st.integers(0, 10**6))
def test_whatever_happens_the_kept_counts_are_those_of_the_facts(db, steps, seed):
    from portal.calls.models import CallUse

    for model in (UsageEvent, AssetLift):
        db.session.execute(db.delete(model))
    deals, things, people = facts.world(seed, deals=20, assets=5)
    service.refresh(commit)
    for what, i, j in steps:
        deal, now = deals[i], clock.now()
        if what in {"use", "late use"}:
            facts.use(
                deal, things[j], facts.START + timedelta(days=3 * j if what == "use" else 400)
            )
        elif what == "end":
            facts.close(deal, "won" if j % 2 else "no-decision", now)
        elif what == "again":
            deal.outcome, deal.closed_at, deal.updated_at = "open", None, now
            facts.enter(deal, facts.stages()[j % 2], now)
        elif what == "owner":
            deal.owner_id, deal.updated_at = people[j % 4].id, now
        elif what == "amount":
            deal.amount, deal.updated_at = j * 17_000, now
        else:
            call = make.call(deal, people[0], at=facts.START + timedelta(days=j), logged_at=now)
            call.uses.append(CallUse(asset_id=things[j].id, language="en"))
        db.session.flush()
        if i % 3 == 0:
            following.follow(commit)
    following.follow(commit)
    assert service.verify() == []
    before = [(it.asset_id, it.n, it.uses, it.reps) for it in queries.lifts()]
    service.judge(commit)
    assert [(it.asset_id, it.n, it.uses, it.reps) for it in queries.lifts()] == before


def test_erasing_nothing_leaves_no_judgement_of_what_is_gone(db):
    facts.world()
    service.refresh(commit)
    db.session.execute(db.delete(UsageEvent))
    service.refresh(commit)
    assert db.session.scalar(db.select(db.func.count()).select_from(AssetLift)) == 0
