"""Many assets changed at once: as far as each may be, once, interrupted, gone on with, undone."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from portal.accounts.rules import Role
from portal.errors import Conflict, Forbidden
from portal.library.bulk import queries, rules, service
from portal.library.bulk.changing import Plan
from portal.library.bulk.rules import Refusal, Task
from portal.library.freshness import service as freshness
from portal.library.models import Asset
from portal.library.notices.models import Notice
from portal.library.publishing import moving
from portal.library.publishing.acting import Actor
from portal.library.publishing.models import AssetEvent
from portal.library.publishing.rules import Action
from portal.library.publishing.service import save
from portal.library.service import content_of
from tests import make

TODAY = date(2026, 11, 25)


def actor(role, **values):
    person = make.user(role=role, **values)
    return Actor(person.id, Role(role), person.department)


def do(who, plan, assets, token="a" * 32):
    bulk = service.begin(who, plan, [it.id for it in assets], token=token)
    service.run(who, bulk.id, today=TODAY, commit=lambda: None)
    return bulk


def undo(who, bulk):
    service.undo(who, bulk.id, commit=lambda: None)
    return queries.tally(bulk.id)


def retire(reason="old"):
    return Plan(Task.RETIRE, reason=reason)


def facts(asset):
    return (
        asset.state,
        asset.change,
        asset.owner_id,
        asset.backup_owner_id,
        asset.checked_on,
        frozenset(term.id for term in asset.facets),
        {text.language: (text.revision, text.title) for text in asset.texts},
    )


def test_each_asset_is_changed_as_far_as_it_may_be(db):
    boss = actor("marketer")
    published, draft, retired = make.asset(), make.asset(state="draft"), make.asset(state="retired")
    checked = make.asset(checked_on=TODAY)
    plan, assets = Plan(Task.CHECKED, day=TODAY), [published, draft, retired, checked]
    found = service.preview(boss, plan, [it.id for it in assets], today=TODAY)
    assert found.able == [published]
    assert found.refused == {Refusal.PHASE: [draft, retired], Refusal.SAME: [checked]}
    bulk = do(boss, plan, assets)
    assert queries.tally(bulk.id) == {(None, None): 1, ("phase", None): 2, ("same", None): 1}
    assert next(it.checked_on for it in assets) == TODAY
    (line,) = db.session.scalars(select(AssetEvent))
    assert (line.action, line.detail["bulk"]) == ("confirm", bulk.id)


def test_a_contributor_changes_their_own_and_does_not_hear_of_others(db):
    who = actor("contributor")
    before = TODAY - timedelta(days=9)
    own, others = make.asset(owner_id=who.id), make.asset(checked_on=before)
    assert service.seen(who, [own.id, others.id]) == [own]
    bulk = do(who, Plan(Task.CHECKED, day=TODAY), [own, others])
    assert (bulk.total, own.checked_on, others.checked_on) == (1, TODAY, before)
    bulk = do(who, retire(), [own], token="b" * 32)
    assert (own.state, queries.tally(bulk.id)) == ("published", {("forbidden", None): 1})


def test_a_form_sent_twice_is_done_once(db):
    boss, asset = actor("marketer"), make.asset()
    one, two = (do(boss, retire(), [asset]) for _ in range(2))
    assert one.id == two.id
    assert len(list(db.session.scalars(select(AssetEvent)))) == 1


def test_an_interrupted_one_goes_on_where_it_stopped(db, monkeypatch):
    monkeypatch.setattr(rules, "CHUNK", 2)
    boss, assets = actor("marketer"), [make.asset() for _ in range(5)]
    bulk = service.begin(boss, retire(), [it.id for it in assets], token="c" * 32)
    commits = []

    def killed():
        commits.append(len(queries.touched(bulk.id)))
        if len(commits) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        service.run(boss, bulk.id, today=TODAY, commit=killed)
    assert commits == [2, 4]
    assert queries.action(bulk.id).finished_at is None
    with pytest.raises(Forbidden):
        service.run(actor("manager"), bulk.id, today=TODAY, commit=lambda: None)
    service.run(boss, bulk.id, today=TODAY, commit=lambda: None)
    assert {it.state for it in assets} == {"retired"}
    assert len(list(db.session.scalars(select(AssetEvent)))) == 5


def test_undo_is_for_who_did_it_and_managers_and_once(db):
    boss, asset = actor("marketer"), make.asset()
    bulk = do(boss, retire(), [asset])
    with pytest.raises(Forbidden):
        undo(actor("marketer"), bulk)
    assert undo(actor("manager"), bulk) == {(None, "restored"): 1}
    assert asset.state == "published"
    with pytest.raises(Conflict):
        undo(boss, bulk)
    last = list(db.session.scalars(select(AssetEvent).order_by(AssetEvent.id)))[-1]
    assert (last.action, last.detail["bulk"]) == ("undo", bulk.id)


def test_a_retired_asset_comes_back_as_it_was_served_with_its_change_in_the_works(db):
    boss, asset = actor("marketer"), make.asset()
    make.text(asset, "en", title="One")
    asset = queries.assets([asset.id])[0]
    save(boss, asset, "en", content_of(title="Two", body="x"), base=1)
    save(boss, asset, "vi", content_of(title="Hai", body="x"), base=0)
    before = facts(asset)
    bulk = do(boss, retire(), [asset])
    assert {t.language: t.title for t in asset.texts} == {"en": "Two", "vi": "Hai"}
    undo(boss, bulk)
    db.session.flush()
    db.session.expire(asset)
    assert facts(asset) == before
    moving.move(boss, asset, Action.PUBLISH, today=TODAY)
    assert {t.language: t.title for t in asset.texts} == {"en": "Two", "vi": "Hai"}


def test_what_was_retired_anew_since_stays_retired(db):
    boss, asset = actor("marketer"), make.asset()
    make.text(asset)
    bulk = do(boss, retire(), [asset])
    moving.move(boss, asset, Action.RESTORE)
    moving.move(boss, asset, Action.RETIRE, reason="for good")
    assert undo(boss, bulk) == {(None, "changed"): 1}
    assert asset.state == "retired"


def test_somebody_is_told_once_of_all_they_were_given(db):
    boss, linh = actor("marketer"), make.user(role="contributor")
    assets = [make.asset() for _ in range(3)]
    do(boss, Plan(Task.OWNER, person_id=linh.id), assets)
    rows = db.session.execute(select(Notice.user_id, Notice.detail))
    assert [tuple(row) for row in rows] == [(linh.id, {"count": 3})]


STEPS = st.lists(
    st.tuples(
        st.sampled_from(list(Task)), st.integers(0, 1), st.sets(st.integers(0, 3), min_size=1)
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=25, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(STEPS)
def test_undone_from_the_last_to_the_first_everything_is_as_it_was(db, steps):
    with db.session.begin_nested() as outer:
        boss = actor("manager")
        people = [make.user(role="contributor") for _ in range(2)]
        terms = [make.term("product", f"p{i}") for i in range(2)]
        assets = [make.asset(state=s) for s in ("published", "published", "draft", "retired")]
        for it in assets:
            make.text(it)
        before, done = [facts(it) for it in assets], []
        for number, (task, which, chosen) in enumerate(steps):
            plan = Plan(
                task,
                term_id=terms[which].id if task in {Task.TAG, Task.UNTAG} else None,
                person_id=people[which].id if task in {Task.OWNER, Task.BACKUP} else None,
                day=date(2026, 11, 10 + which) if task is Task.CHECKED else None,
                reason="old",
            )
            done.append(do(boss, plan, [assets[i] for i in chosen], token=f"{number:032x}"))
        for bulk in reversed(done):
            if (None, None) in queries.tally(bulk.id):
                assert (None, "changed") not in undo(boss, bulk)
        db.session.flush()
        db.session.expire_all()
        assert [facts(it) for it in db.session.scalars(select(Asset).order_by(Asset.id))] == before
        outer.rollback()


@settings(max_examples=15, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(st.sets(st.integers(0, 5)))
def test_undo_restores_exactly_those_nobody_changed_since(db, touched):
    with db.session.begin_nested() as outer:
        boss = actor("manager")
        tom, linh = (make.user(role="contributor") for _ in range(2))
        assets = [make.asset(owner_id=tom.id) for _ in range(6)]
        bulk = do(boss, Plan(Task.OWNER, person_id=linh.id), assets)
        for i in touched:
            freshness.assign(boss, assets[i], "owner", boss.id)
        tally = undo(boss, bulk)
        assert tally.get((None, "changed"), 0) == len(touched)
        assert [it.owner_id for it in assets] == [
            boss.id if i in touched else tom.id for i in range(6)
        ]
        outer.rollback()
