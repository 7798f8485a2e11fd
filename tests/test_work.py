"""The handlers as they are registered, done by a worker: times are kept, and the index follows."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from portal import clock, jobs, work
from portal.db import Base, db
from portal.jobs.runner import Runner
from portal.library.models import Asset
from portal.search import outbox, service
from portal.search.engine import IndexDamagedError
from tests import make


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
