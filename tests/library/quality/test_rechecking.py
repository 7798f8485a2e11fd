"""What changes an asset's facts is looked at again: one asset at once, many by the worker."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from portal import clock, work
from portal.accounts.rules import Role
from portal.jobs.models import QueuedJob
from portal.library.bulk import service as bulk
from portal.library.bulk.changing import Plan
from portal.library.bulk.rules import Task
from portal.library.claims.models import ClaimRow
from portal.library.facts import service as facts
from portal.library.freshness import service as freshness
from portal.library.handover import service as handover
from portal.library.publishing.acting import Actor
from portal.library.quality import rechecking
from portal.library.quality import service as quality
from portal.library.quality.models import QualityFinding
from portal.library.rules import Facet, Kind
from portal.library.terms import merging
from portal.library.terms import service as terms
from tests import make

BODY = "## Pricing\n\nIt costs 90 dollars a month (price list, 2026-05-01).\n"


@pytest.fixture
def marketer(db):
    return Actor(make.user(role="marketer", department="marketing").id, Role.MARKETER, "marketing")


@pytest.fixture
def card(db, marketer):
    term = make.term("competitor", "kestrel")
    asset = make.asset("card", facets=[term], owner_id=marketer.id)
    make.text(asset, body=BODY)
    quality.check_asset(asset)
    return asset


def names(db, asset):
    return set(
        db.session.scalars(select(QualityFinding.name).where(QualityFinding.asset_id == asset.id))
    )


def subjects(db, asset):
    query = select(ClaimRow.subject).where(ClaimRow.asset_id == asset.id)
    return set(db.session.scalars(query))


def waiting(db):
    """The jobs that wait, as (name, assets)."""
    rows = db.session.scalars(select(QueuedJob).order_by(QueuedJob.id))
    return [(row.name, row.payload.get("assets")) for row in rows]


def done(db):
    """Do as the worker does with each job that waits."""
    for row in db.session.scalars(select(QueuedJob).order_by(QueuedJob.id)).all():
        job = SimpleNamespace(payload=row.payload, checkpoint=db.session.flush)
        work.HANDLERS[row.name].work(job)


def change(actor, asset, **values):
    told = facts.of(asset)
    named = {name: getattr(told, name) for name in told.__dataclass_fields__}
    wanted = facts.Facts(**(named | values))
    new = {facet: [] for facet in Facet}
    facts.change(actor, asset, wanted, was=told.digest(), new=new, language="en")


def test_facts_are_checked_at_once(db, marketer, card):
    before = subjects(db, card)
    assert before
    assert "competitor" not in names(db, card)
    change(marketer, card, competitor=())
    assert "competitor" in names(db, card)
    assert subjects(db, card) != before
    assert waiting(db) == []


def test_another_kind_is_checked_at_once(db, marketer, card):
    change(marketer, card, competitor=(), kind=Kind.FAQ.value)
    assert "competitor" not in names(db, card)


def test_still_true_and_a_new_owner_are_checked_at_once(db, marketer, card):
    card.checked_on, card.owner_id = None, None
    db.session.flush()
    db.session.expire(card)
    quality.check_asset(card)
    assert {"stale", "owner"} <= names(db, card)
    freshness.confirm(marketer, card, today=clock.now().date())
    assert "stale" not in names(db, card)
    freshness.assign(marketer, card, "owner", marketer.id)
    assert "owner" not in names(db, card)


def test_another_interval_has_everything_checked(db, marketer, card):
    freshness.set_interval(marketer, Kind.FAQ, 3)
    freshness.set_interval(marketer, Kind.GUIDE, 3)
    assert waiting(db) == [("check-all", None)]


def test_many_are_checked_by_the_worker_and_so_is_their_undoing(db, marketer, card):
    term = db.session.get(type(card.facets[0]), card.facets[0].id)
    today = datetime(2026, 11, 25, tzinfo=UTC).date()
    begun = bulk.begin(marketer, Plan(Task.UNTAG, term_id=term.id), [card.id], token="t")
    bulk.run(marketer, begun.id, today=today, commit=db.session.flush)
    assert waiting(db) == [("check-some", [card.id])]
    done(db)
    assert "competitor" in names(db, card)
    bulk.undo(marketer, begun.id, commit=db.session.flush)
    done(db)
    assert "competitor" not in names(db, card)


def test_a_merge_has_its_assets_checked_first_and_then_the_rest(db, marketer, card):
    before = subjects(db, card)
    target = make.term("competitor", "hallmere")
    merging.merge(marketer, card.facets[0], target)
    assert waiting(db) == [("check-some", [card.id]), ("check-all", None)]
    done(db)
    assert subjects(db, card) != before


def test_words_that_stand_in_no_sentence_concern_their_assets_only(db, marketer):
    term = make.term("stage", "discovery")
    asset = make.asset("faq", kind="faq", facets=[term])
    names = {"en": "Discovery call"}
    terms.rewrite(marketer, term, names=names, slug=term.slug, aliases=(), version=term.version)
    assert waiting(db) == [("check-some", [asset.id])]
    terms.add(marketer, Facet.STAGE, {"en": "Closing"})
    assert len(waiting(db)) == 1
    terms.add(marketer, Facet.COMPETITOR, {"en": "Osprey"})
    assert waiting(db)[1:] == [("check-all", None)]


def test_a_hand_over_is_checked_by_the_worker(db, marketer, card):
    leaver = make.user(role="marketer", active=False, name="Tom Reed")
    card.owner_id = leaver.id
    db.session.flush()
    db.session.expire(card)
    quality.check_asset(card)
    assert "owner" in names(db, card)
    successor = make.user(role="marketer")
    handover.hand_over(marketer, leaver, successor)
    done(db)
    assert "owner" not in names(db, card)


def test_a_long_list_is_several_jobs(db):
    rechecking.soon([*range(1, rechecking.MOST + 2), 1])
    assert [len(ids) for _, ids in waiting(db)] == [rechecking.MOST, 1]
