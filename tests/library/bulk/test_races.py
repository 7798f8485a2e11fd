"""What many assets go through at the same moment: with threads and commits that are real."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select

from portal import clock
from portal.accounts.rules import Role
from portal.db import Base, db
from portal.errors import PortalError
from portal.library.bulk import queries as bulks
from portal.library.bulk import service as bulk
from portal.library.bulk.changing import Plan
from portal.library.bulk.models import BulkChange
from portal.library.bulk.rules import Task
from portal.library.freshness import reminding
from portal.library.models import Asset
from portal.library.notices.models import Notice
from portal.library.publishing import due, moving, queries
from portal.library.publishing.acting import Actor
from portal.library.publishing.models import AssetEvent
from tests import make
from tests.together import at_once

TODAY = date(2026, 11, 25)
MANY = 8


@pytest.fixture
def shelf(empty):
    """An application with two marketers and assets of the first, all of it committed."""
    with empty.app_context():
        Base.metadata.create_all(db.engine)
        people = [Actor(make.user(role="marketer").id, Role.MARKETER) for _ in range(3)]
        assets = [make.asset(owner_id=people[0].id, checked_on=None) for _ in range(MANY)]
        for asset in assets:
            make.text(asset)
        db.session.commit()
        ids = [asset.id for asset in assets]
        db.session.remove()
    return empty, people, ids


def give(who, to, ids, token):
    """Begin and run a change of owner, as one page does."""
    action = bulk.begin(who, Plan(Task.OWNER, person_id=to.id), ids, token=token)
    db.session.commit()
    bulk.run(who, action.id, today=TODAY, commit=db.session.commit)
    return action.id


def events(action):
    return select(func.count(AssetEvent.id)).where(AssetEvent.action == action)


def test_reminding_twice_at_once_reminds_once(shelf):
    app, (owner, *_), _ids = shelf
    found = at_once(app, *[lambda: reminding.run(TODAY)] * 4)
    assert sum(it.notices for it in found) == MANY
    with app.app_context():
        rows = db.session.execute(select(Notice.user_id, Notice.asset_id)).all()
        assert len(rows) == len(set(rows)) == MANY
        assert {user for user, _ in rows} == {owner.id}


def test_two_bulk_actions_over_the_same_assets_in_opposite_order(shelf):
    app, (first, second, third), ids = shelf
    found = at_once(
        app,
        lambda: give(first, second, ids, "a" * 32),
        lambda: give(second, third, ids[::-1], "b" * 32),
    )
    assert not [it for it in found if isinstance(it, Exception)]
    with app.app_context():
        # one after the other, never half of each
        assert len(set(db.session.scalars(select(Asset.owner_id)))) == 1
        assert db.session.scalar(select(func.count(BulkChange.id))) == 2 * MANY


def test_the_same_form_at_once_is_done_once(shelf):
    app, (first, second, _), ids = shelf
    found = at_once(app, *[lambda: give(first, second, ids, "a" * 32)] * 3)
    assert len(set(found)) == 1
    with app.app_context():
        assert db.session.scalar(select(func.count(BulkChange.id))) == MANY


def test_undo_while_somebody_changes_one_of_the_assets(shelf):
    app, (first, second, third), ids = shelf
    with app.app_context():
        action = give(first, second, ids, "a" * 32)
        db.session.remove()
    at_once(
        app,
        lambda: bulk.undo(first, action, commit=db.session.commit),
        lambda: give(second, third, ids[3:4], "b" * 32),
    )
    with app.app_context():
        owners = dict(db.session.execute(select(Asset.id, Asset.owner_id)).all())
        # whoever came first: what the other person decided stands, the rest is as it was
        assert owners.pop(ids[3]) == third.id
        assert set(owners.values()) == {first.id}
        assert not bulks.to_undo(action, limit=100)


def test_undone_twice_at_once_is_undone_once(shelf):
    app, (first, second, _), ids = shelf
    with app.app_context():
        action = give(first, second, ids, "a" * 32)
        db.session.remove()
    found = at_once(app, *[lambda: bulk.undo(first, action, commit=db.session.commit)] * 3)
    assert sum(isinstance(it, PortalError) for it in found) == 2
    with app.app_context():
        assert db.session.scalar(events("undo")) == MANY


def test_two_workers_with_the_same_time_to_publish_make_one_event(shelf):
    app, (first, *_), ids = shelf
    with app.app_context():
        asset = db.session.get(Asset, ids[0])
        asset.state = "draft"
        later = clock.now() + timedelta(hours=1)
        moving.schedule(first, asset, publish_at=later, retire_at=None)
        asset.publish_at = clock.now() - timedelta(hours=1)
        db.session.commit()
        db.session.remove()
    job = SimpleNamespace(id=1, payload={"asset": ids[0]}, token=1)
    at_once(app, *[lambda: due.publish(job, TODAY)] * 2)
    with app.app_context():
        assert db.session.scalar(events("publish")) == 1
        asset = queries.asset_by_id(ids[0])
        assert (asset.state, asset.publish_at) == ("published", None)
