"""What matters is told to the audit log by whatever does it, with what was before and after."""

from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from portal import clock, jobs, work
from portal.accounts import queries as people
from portal.accounts import service as accounts
from portal.accounts import sessions
from portal.accounts.rules import Department, Limits, Role
from portal.asset_requests.agreement import service as agreement
from portal.asset_requests.agreement import terms as agreed
from portal.asset_requests.agreement.rules import Doing
from portal.audit import service as audit
from portal.audit.models import AuditEntry, AuditHead
from portal.db import Base
from portal.db import db as _db
from portal.deals.pipelines import service as pipelines
from portal.insights.pack import service as packs
from portal.insights.pack.rules import Kind as PackKind
from portal.insights.scorecard import service as scorecard
from portal.insights.scorecard.rules import Measure, Period
from portal.jobs.models import QueuedJob
from portal.jobs.runner import Runner
from portal.library.bulk import service as bulk
from portal.library.bulk.changing import Plan
from portal.library.bulk.rules import Task
from portal.library.collections import service as collections
from portal.library.collections.models import Collection
from portal.library.freshness import service as freshness
from portal.library.handover import service as handover
from portal.library.publishing import moving
from portal.library.publishing.acting import Actor
from portal.library.publishing.rules import Action
from portal.library.reviewers import service as reviewers
from portal.library.rules import Facet, Kind
from portal.library.terms import service as terms
from portal.search.promoting import service as promoting
from portal.search.synonyms import service as synonyms
from tests import make

TODAY = date(2026, 11, 25)


@pytest.fixture
def boss(db):
    """A manager of marketing, as she acts."""
    person = make.user("boss@x.example", role="manager", department="marketing")
    return Actor(person.id, Role.MANAGER, "marketing")


def told(*, but=()):
    """Commit, and return what was told: action, key, before, after, actor."""
    _db.session.commit()
    rows = _db.session.scalars(select(AuditEntry).order_by(AuditEntry.sequence))
    return [
        (it.action, it.key, it.before, it.after, it.actor) for it in rows if it.action not in but
    ]


def test_people(db):
    lan = accounts.add_user("lan@x.example", name="Lan", role=Role.REP, team="North")
    boss = accounts.add_user("boss@x.example", name="Bo", role=Role.ADMIN)
    accounts.set_role(lan, Role.MARKETER)
    limits = Limits(timedelta(hours=1), timedelta(days=1))
    sessions.start(lan.id, address="192.0.2.1", device="", limits=limits)
    accounts.set_password(lan, "a long password")
    accounts.deactivate(lan)
    key = str(lan.id)
    facts = {"role": "rep", "team": lan.team_id, "department": None}
    assert told() == [
        ("user.added", key, None, facts, None),
        ("user.added", str(boss.id), None, {**facts, "role": "admin", "team": None}, None),
        ("user.role_changed", key, {"role": "rep"}, {"role": "marketer"}, None),
        ("session.started", key, None, None, lan.id),
        ("session.all_ended", key, None, None, None),
        ("user.password_changed", key, None, None, None),
        ("session.all_ended", key, None, None, None),
        ("user.deactivated", key, {"active": True}, {"active": False}, None),
    ]
    assert people.by_email("lan@x.example").active is False


def test_moves_of_assets(db, boss):
    asset = make.asset("kestrel", owner_id=boss.id)
    make.text(asset)
    moving.move(boss, asset, Action.RETIRE, reason="old: call Zeb")
    other = make.user("other@x.example", role="marketer")
    freshness.assign(boss, asset, "owner", other.id)
    entries = told()
    assert [(entry[0], entry[1], entry[4]) for entry in entries] == [
        ("asset.retire", "kestrel", boss.id), ("asset.owner", "kestrel", boss.id),
    ]  # fmt: skip
    assert entries[0][2:4] == ({"was": "published"}, {"is": "retired", "numbers": {}})
    assert entries[1][2:4] == ({"was": boss.id}, {"is": other.id})
    assert "Zeb" not in str(entries)  # reasons are words: the timeline keeps them


def test_many_at_once_and_hand_over(db, boss):
    assets = [make.asset(f"a{n}", owner_id=boss.id) for n in range(2)]
    other = make.user("other@x.example", role="marketer")
    plan = Plan(Task.OWNER, person_id=other.id)
    run = bulk.begin(boss, plan, [it.id for it in assets], token="a" * 32)
    bulk.run(boss, run.id, today=TODAY, commit=lambda: None)
    bulk.undo(boss, run.id, commit=lambda: None)
    leaver = people.by_email("boss@x.example")
    handover.hand_over(boss, leaver, other)
    actions = [entry[0] for entry in told()]
    assert actions == [
        "bulk.begun", "asset.owner", "asset.owner", "bulk.undone", "asset.undo", "asset.undo",
        "asset.hand-over", "asset.hand-over", "user.handed_over",
    ]  # fmt: skip


def test_collections_terms_reviewers_intervals(db, boss):
    it = Collection(
        owner_id=boss.id, name="Cold", reach="all", language="en", description="",
        created_at=clock.now(), updated_at=clock.now(), version=1,
    )  # fmt: skip
    db.session.add(it)
    db.session.flush()
    collections.remove(it)
    terms.add(boss, Facet.INDUSTRY, {"en": "Food"})
    row = reviewers.name(boss.id, kind=Kind.FAQ, department=None)
    reviewers.release(row.id)
    freshness.set_interval(boss, Kind.FAQ, 5)
    freshness.set_interval(boss, Kind.FAQ, 7)
    entries = {entry[0]: entry for entry in told()}
    assert entries["collection.removed"][2] == {"name": "Cold", "owner": boss.id, "reach": "all"}
    assert entries["term.add"][3] == {"slug": "food"}
    assert entries["reviewer.named"][3] == {"kind": "faq", "department": None}
    assert entries["reviewer.released"][2] == {"kind": "faq", "department": None}
    assert entries["settings.interval"][1:4] == ("faq", {"months": 5}, {"months": 7})


def test_goals_agreements_pipelines_packs(db, boss):
    words = {"currency": "EUR", "period": Period.QUARTER, "user_id": boss.id}
    for target in (10, 20):
        made = scorecard.set_goal(
            next(iter(Measure)), Decimal(target), side=Department.MARKETING, **words
        )
    scorecard.agree(made.id, Department.SALES, boss.id)
    zone = "UTC"
    base = agreement.current(zone)
    changed = agreed.read(base.terms).model_copy(update={"zone": "Asia/Ho_Chi_Minh"})
    made = agreement.propose(boss, changed, note="", based_on=base.number, zone=zone)
    agreement.settle(boss, made.id, Doing.WITHDRAW, zone=zone)
    pipelines.ready()
    pipelines.add("Partners")
    packs.switch(PackKind.WEEK, on=True, user_id=boss.id)
    packs.switch(PackKind.WEEK, on=True, user_id=boss.id)
    entries = told()
    assert [entry[0] for entry in entries] == [
        "goal.set", "goal.set", "goal.agreed", "agreement.proposed", "agreement.settled",
        "pipeline.added", "pack.switched",
    ]  # fmt: skip
    assert (entries[0][2], entries[1][2]["target"], entries[1][3]["target"]) == (None, "10", "20")
    assert entries[4][3]["outcome"] == "withdrawn"
    assert entries[5][3]["name"] == "Partners"
    assert entries[6][2:4] == ({"on": False}, {"on": True})


def test_synonyms_and_promotions(db, boss):
    group = synonyms.add(boss.id, {"en": ["quokka", "wallaby"]})
    synonyms.remove(boss.id, group.key, removed=True, version=group.version)
    asset = make.asset("kestrel")
    wanted = promoting.Wanted("cold stores", "season", TODAY + timedelta(days=3))
    promoting.promote(boss.id, asset.id, wanted, TODAY)
    entries = told()
    assert [entry[0] for entry in entries] == [
        "synonyms.add", "synonyms.remove", "promotion.written",
    ]  # fmt: skip
    assert entries[2][3]["query"] == "cold stores"


def test_the_night_reads_the_log(empty):
    with empty.app_context():
        Base.metadata.create_all(_db.engine)
        audit.record("user.added", kind="user", key=1)
        _db.session.commit()

    def night():
        with empty.app_context():
            jobs.enqueue("audit-verify")
            _db.session.commit()
        runner = Runner("one", empty.app_context, work.HANDLERS, (), ZoneInfo("UTC"))
        runner.run(once=True)
        with empty.app_context():
            newest = select(QueuedJob).order_by(QueuedJob.id.desc()).limit(1)
            return _db.session.scalars(newest).one()

    assert night().result.startswith("1 entries, 1:")
    with empty.app_context():
        _db.session.query(AuditHead).update({"sequence": 5})
        _db.session.commit()
    job = night()
    assert (job.state, "not as it was written: cut at 2" in job.error) == ("dead", True)
