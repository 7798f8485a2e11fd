from datetime import timedelta

import pytest
from sqlalchemy import select

from portal import clock
from portal.accounts.rules import Role
from portal.jobs import queries as queued
from portal.jobs.models import QueuedJob
from portal.library.publishing import acting, due, moving, queries, service
from portal.library.publishing.acting import Actor
from portal.library.publishing.rules import Action
from portal.library.service import kept_content
from tests import make

HOUR = timedelta(hours=1)


class Given:
    """A job as a handler sees it."""

    def __init__(self, asset):
        self.payload = {"asset": asset.id}


@pytest.fixture
def marketer(db):
    return Actor(make.user(role="marketer").id, Role.MARKETER)


@pytest.fixture
def reviewer(db):
    from portal.library.publishing.models import Reviewer

    person = make.user(role="contributor")
    db.session.add(Reviewer(user_id=person.id))
    db.session.flush()
    return Actor(person.id, Role.CONTRIBUTOR)


@pytest.fixture
def draft(db):
    return with_text(make.asset(state="draft"))


def with_text(asset):
    make.text(asset)
    return asset


def waiting(db):
    db.session.expire_all()
    rows = db.session.scalars(
        select(QueuedJob).where(QueuedJob.state == "waiting").order_by(QueuedJob.key)
    )
    return {row.key: row for row in rows}


def let_pass(db, asset):
    """The time has come."""
    for name in ("publish_at", "retire_at"):
        if getattr(asset, name):
            setattr(asset, name, clock.now() - HOUR)
    db.session.flush()


def schedule(actor, asset, publish=None, retire=None):
    now = clock.now()
    moving.schedule(
        actor,
        asset,
        publish_at=now + publish if publish else None,
        retire_at=now + retire if retire else None,
    )


def last(asset):
    return queries.timeline(asset.id, limit=1)[0]


def test_times_are_jobs_in_the_same_transaction(db, draft, marketer):
    schedule(marketer, draft, HOUR, 2 * HOUR)
    found = waiting(db)
    assert set(found) == {f"publish:{draft.id}", f"retire:{draft.id}"}
    assert found[f"publish:{draft.id}"].due_at == draft.publish_at
    assert found[f"retire:{draft.id}"].due_at == draft.retire_at
    db.session.rollback()
    assert waiting(db) == {}


def test_times_move_and_are_called_off(db, draft, marketer):
    schedule(marketer, draft, HOUR, 2 * HOUR)
    schedule(marketer, draft, 3 * HOUR)
    (row,) = waiting(db).values()
    assert (row.key, row.due_at) == (f"publish:{draft.id}", draft.publish_at)
    schedule(marketer, draft)
    assert waiting(db) == {}


@pytest.mark.parametrize(
    ("action", "left"),
    [(Action.PUBLISH, {"retire"}), (Action.RETIRE, set())],
)
def test_moving_by_hand_clears_the_job(db, draft, marketer, action, left):
    schedule(marketer, draft, HOUR, 2 * HOUR)
    moving.move(marketer, draft, action, reason="now")
    assert {key.split(":")[0] for key in waiting(db)} == left


def test_unpublishing_clears_the_time_to_publish(db, draft, marketer):
    moving.move(marketer, draft, Action.PUBLISH)
    schedule(marketer, draft, HOUR, 2 * HOUR)
    moving.move(marketer, draft, Action.UNPUBLISH, reason="wrong")
    assert set(waiting(db)) == {f"retire:{draft.id}"}


def test_it_is_published_at_its_time(db, draft, marketer):
    schedule(marketer, draft, HOUR)
    let_pass(db, draft)
    assert due.publish(Given(draft)) == draft.slug
    assert (draft.state, draft.publish_at) == ("published", None)
    line = last(draft)
    assert (line.action, line.user_id) == ("publish", None)
    assert line.detail["decided_by"] == marketer.id


def test_the_newest_revision_is_published_at_its_time(db, draft, marketer):
    moving.move(marketer, draft, Action.PUBLISH)
    content = kept_content(queries.newest(draft.id, "en")) | {"body": "## New\n\nA change.\n"}
    service.save(marketer, draft, "en", content, base=draft.texts[0].revision)
    assert draft.change == "draft"
    schedule(marketer, draft, HOUR)
    let_pass(db, draft)
    due.publish(Given(draft))
    assert draft.change is None
    assert "A change." in draft.texts[0].body


def test_it_is_retired_at_its_time_without_a_reason(db, draft, marketer):
    moving.move(marketer, draft, Action.PUBLISH)
    schedule(marketer, draft, None, HOUR)
    let_pass(db, draft)
    assert due.retire(Given(draft)) == draft.slug
    assert (draft.state, draft.retire_at) == ("retired", None)
    assert (last(draft).action, last(draft).note) == ("retire", "")


@pytest.mark.parametrize("do", [due.publish, due.retire])
def test_a_time_that_does_not_stand_any_more_does_nothing(db, draft, marketer, do):
    assert do(Given(draft)) == "called off"
    schedule(marketer, draft, HOUR, 2 * HOUR)
    before = last(draft).id
    assert do(Given(draft)) == "called off"
    assert (draft.state, last(draft).id) == ("draft", before)


def test_an_asset_that_is_gone(db):
    gone = Given(make.asset())
    gone.payload = {"asset": 999_999}
    assert due.publish(gone) == due.retire(gone) == "called off"


def test_a_reviewer_does_not_publish_what_nobody_has_looked_at(db, draft, reviewer):
    """The table lets a reviewer publish what is under review; a time is no way around it."""
    schedule(reviewer, draft, HOUR)
    let_pass(db, draft)
    assert due.publish(Given(draft)) == "not published: unseen"
    assert (draft.state, draft.publish_at) == ("draft", None)
    assert last(draft).action == "not-published-unseen"


def test_a_reviewer_sets_a_time_for_what_is_under_review(db, reviewer):
    asset = with_text(make.asset(state="review"))
    schedule(reviewer, asset, HOUR)
    let_pass(db, asset)
    assert due.publish(Given(asset)) == asset.slug
    assert asset.state == "published"


def test_nothing_new_is_said_in_the_timeline(db, draft, marketer):
    moving.move(marketer, draft, Action.PUBLISH)
    schedule(marketer, draft, HOUR)
    let_pass(db, draft)
    assert due.publish(Given(draft)) == "not published: nothing"
    assert last(draft).action == "not-published-nothing"
    assert draft.publish_at is None


def test_an_asset_without_a_text_says_so(db, marketer):
    asset = make.asset(state="draft")
    schedule(marketer, asset, HOUR)
    let_pass(db, asset)
    assert due.publish(Given(asset)) == "not published: text"
    assert last(asset).action == "not-published-text"
    assert asset.state == "draft"


@pytest.mark.parametrize("do", [due.publish, due.retire])
def test_what_was_retired_meanwhile_says_so(db, draft, do):
    """Only a file or a bulk change can leave a time on a retired asset."""
    draft.state = "retired"
    draft.publish_at = draft.retire_at = clock.now() - HOUR
    db.session.flush()
    assert "phase" in do(Given(draft))
    assert last(draft).action in {"not-published-phase", "not-retired"}


def test_every_refusal_has_its_words(db):
    from portal.library.publishing.labels import HAPPENED

    for why in ("nothing", "phase", "unseen", "text"):
        assert f"not-published-{why}" in HAPPENED
    assert "not-retired" in HAPPENED


def test_times_without_a_job_are_found(db, draft):
    """A file, or a portal without a worker, has set them."""
    other = with_text(make.asset(state="published"))
    draft.publish_at = other.retire_at = clock.now() - HOUR
    with_text(make.asset(state="draft")).publish_at = clock.now() + HOUR
    db.session.flush()
    assert due.enqueue_late(None) == "2"
    assert set(waiting(db)) == {f"publish:{draft.id}", f"retire:{other.id}"}
    assert due.enqueue_late(None) == "0"
    assert due.publish(Given(draft)) == draft.slug, "whoever loads files may publish"


def test_what_was_given_up_is_not_found_again(db, draft):
    draft.publish_at = clock.now() - HOUR
    db.session.flush()
    due.enqueue_late(None)
    (row,) = waiting(db).values()
    for state in ("dead", "dropped", "running"):
        row.state = state
        db.session.flush()
        assert due.enqueue_late(None) == "0"
    row.state = "done"
    db.session.flush()
    assert due.enqueue_late(None) == "1"
    assert queued.counts()["waiting"] == 1


def test_the_portal_may_do_what_was_decided(db, draft):
    assert Action.PUBLISH in acting.allowed(acting.PORTAL, draft)
    assert Action.RETIRE in acting.allowed(acting.PORTAL, draft)
