"""The handlers as they are registered, done by a worker: times are kept, and the index follows."""

import io
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from portal import clock, jobs, work
from portal.db import Base, db
from portal.jobs.models import QueuedJob
from portal.jobs.runner import Runner
from portal.library.attachments import queries as attached
from portal.library.attachments import service as attaching
from portal.library.models import Asset
from portal.library.notices.models import Notice
from portal.library.publishing import acting, moving
from portal.library.publishing.rules import Action
from portal.library.quality import service as quality
from portal.library.quality.models import QualityFinding
from portal.search import outbox, rules, service
from portal.search.engine import IndexDamagedError
from portal.search.finding import Finder
from tests import make
from tests.library.attachments.conftest import PHRASE, pdf


@pytest.fixture
def portal(empty):
    with empty.app_context():
        Base.metadata.create_all(db.engine)
    return empty


@pytest.fixture
def run(portal):
    """Let a worker do what is due."""

    def go():
        runner = Runner(
            "one", portal.app_context, work.HANDLERS, (), ZoneInfo("UTC"), work.after_job
        )
        return runner.run(once=True)

    return go


@pytest.fixture
def engine(portal):
    return portal.extensions["arsenal.finder"].engine


def kestrel(state="published", **values):
    asset = make.asset("kestrel", state=state, **values)
    text = make.text(asset)
    return asset.id, text.id


def test_the_index_is_made_and_follows(portal, run, engine):
    with portal.app_context():
        _, text_id = kestrel()
        jobs.enqueue("index-drain")
        db.session.commit()
    assert run().done == 1
    assert set(engine.stamps()) == {text_id}
    with portal.app_context():
        db.session.get(Asset, 1).state = "retired"
        jobs.enqueue("index-drain")
        db.session.commit()
    run()
    assert engine.stamps() == {}
    with portal.app_context():
        assert outbox.backlog()[0] == 0


def test_a_damaged_index_is_made_anew(portal, run, engine, monkeypatch):
    def damaged(*_args, **_options):
        raise IndexDamagedError

    with portal.app_context():
        _, text_id = kestrel()
        db.session.commit()
        service.rebuild(engine)
        monkeypatch.setattr(service, "drain", damaged)
        jobs.enqueue("index-drain")
        db.session.commit()
    assert run().done == 1
    assert set(engine.stamps()) == {text_id}


@pytest.mark.parametrize("name", ["publish_at", "retire_at"])
def test_a_time_is_kept_and_found_by_search_at_once(portal, run, engine, name):
    with portal.app_context():
        state = "draft" if name == "publish_at" else "published"
        asset_id, text_id = kestrel(state, **{name: clock.now() - timedelta(minutes=1)})
        jobs.enqueue("late-times")
        db.session.commit()
        service.rebuild(engine)
    assert run().done == 2  # the look for late times, and what it found
    with portal.app_context():
        asset = db.session.get(Asset, asset_id)
        assert (asset.state, getattr(asset, name)) == (
            "published" if name == "publish_at" else "retired",
            None,
        )
        assert outbox.backlog()[0] == 0
    assert set(engine.stamps()) == ({text_id} if name == "publish_at" else set())


def test_old_jobs_are_swept(portal, run):
    with portal.app_context():
        jobs.enqueue("jobs-sweep")
        db.session.commit()
    assert run().done == 1


def test_an_attachment_is_read_and_found_by_search(portal, run, engine):
    with portal.app_context():
        asset_id, text_id = kestrel()
        store, actor = portal.extensions["arsenal.files"], acting.PORTAL
        upload = attaching.take(store, io.BytesIO(pdf(PHRASE)), "a.pdf", most=10**6)
        row = attaching.attach(actor, db.session.get(Asset, asset_id), upload)
        asset = db.session.get(Asset, asset_id)
        asset.change = "draft"
        moving.move(actor, asset, Action.PUBLISH)
        number = row.id
        db.session.commit()
        service.rebuild(engine)
    assert run().done == 1
    with portal.app_context():
        read = attached.by_id(number)
        assert (read.status, read.pages) == ("done", 1)
        assert outbox.backlog()[0] == 0
        assert [hit.card.id for hit in Finder(engine).find(rules.ask(PHRASE)).hits] == [text_id]


def test_owners_are_reminded_and_everything_is_checked(portal, run):
    with portal.app_context():
        owner = make.user(role="marketer")
        asset = make.asset("old", owner_id=owner.id, checked_on=date(2020, 1, 1))
        make.text(asset, body="## Empty\n\n## Next\n\nText.\n")
        for name in ("remind", "check-all"):
            jobs.enqueue(name)
        db.session.commit()
        reader, key = owner.id, asset.id
    assert run().done == 2
    with portal.app_context():
        assert db.session.scalars(select(Notice.user_id)).all() == [reader]
        found = set(
            db.session.scalars(select(QualityFinding.name).where(QualityFinding.asset_id == key))
        )
        assert "empty-section" in found


def test_what_is_due_does_not_wait_for_the_check_of_everything(portal, run, monkeypatch):
    """It goes on where it has stopped, and finds what it would have found in one go."""
    monkeypatch.setattr(work, "GIVE_WAY", 0)
    monkeypatch.setattr(work, "TURN", 0)
    with portal.app_context():
        for number in range(25):
            make.text(make.asset(f"a{number:02}", kind="faq"), title=f"Title {number}")
        now = clock.now()
        for second in range(3):  # each is due when a lot has been checked
            jobs.enqueue("late-times", run_at=now + timedelta(seconds=second - 5))
        jobs.enqueue("check-all", run_at=now - timedelta(minutes=1))
        db.session.commit()
    assert run().done == 5
    with portal.app_context():
        done = db.session.scalars(select(QueuedJob).order_by(QueuedJob.finished_at)).all()
        assert [row.name for row in done] == ["check-all", *["late-times"] * 3, "check-all"]
        found = db.session.query(QualityFinding).count()
        assert found > 25
        assert [done[0].result, done[-1].result] == ["0, 0, goes on", f"25, {found}"]
        assert done[-1].payload["after"] == 10
        assert quality.run_all().new == 0
