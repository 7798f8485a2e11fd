"""Who is told what when an asset goes through its review."""

import pytest
from sqlalchemy import select

from portal.accounts.rules import Role
from portal.errors import NotFound
from portal.library.notices import queries, service
from portal.library.notices.models import Notice
from portal.library.notices.rules import Topic
from portal.library.publishing import moving, notifying, reviewing
from portal.library.publishing.acting import Actor
from portal.library.publishing.models import Reviewer
from portal.library.publishing.rules import Action
from tests import make


def person(role, **values):
    made = make.user(role=role, **values)
    return Actor(made.id, Role(role), made.department)


def told(db):
    query = select(Notice.user_id, Notice.topic).where(Notice.read_at.is_(None))
    return sorted(tuple(row) for row in db.session.execute(query))


@pytest.fixture
def review(db):
    """A draft of a contributor for which somebody is named, and somebody else is not."""
    author, named = person("contributor"), person("contributor", name="Nora")
    tom = person("marketer")
    asset = make.asset(state="draft", kind="faq", owner_id=author.id, creator_id=author.id)
    make.text(asset)
    db.session.add(Reviewer(kind="faq", department=None, user_id=named.id))
    db.session.add(Reviewer(kind="guide", department=None, user_id=tom.id))
    db.session.flush()
    return asset, author, named, tom


def test_reviewers_are_told_then_the_author(db, review):
    asset, author, named, _tom = review
    assert notifying.waits_for(asset) is None
    moving.move(author, asset, Action.SUBMIT)
    assert told(db) == [(named.id, "review")]
    assert notifying.waits_for(asset) == ["Nora"]
    moving.move(named, asset, Action.SEND_BACK, reason="no source")
    assert told(db) == [(author.id, "sent-back")]
    moving.move(author, asset, Action.SUBMIT)
    moving.move(named, asset, Action.PUBLISH)
    assert told(db) == [(author.id, "published"), (author.id, "sent-back")]


def test_without_a_reviewer_marketing_is_told(db, review):
    asset, author, _named, tom = review
    asset.kind = "deck"
    moving.move(author, asset, Action.SUBMIT)
    assert told(db) == [(tom.id, "review")]
    assert notifying.waits_for(asset) == []


def test_a_comment_is_told_to_the_other_side(db, review):
    asset, author, named, tom = review
    moving.move(author, asset, Action.SUBMIT)
    reviewing.comment(tom, asset, language="en", anchor="", body="Which year?")
    assert (author.id, "comment") in told(db)
    assert (tom.id, "comment") not in told(db)
    reviewing.comment(author, asset, language="en", anchor="", body="2026")
    assert {(named.id, "comment"), (tom.id, "comment")} <= set(told(db))


def test_nobody_is_told_what_they_did_and_a_mark_is_told_once(db):
    one, two = make.user(), make.user()
    for _ in range(2):
        service.tell([one.id, two.id], Topic.HANDED_OVER, actor_id=two.id, mark="m")
    assert told(db) == [(one.id, "handed-over")]


def test_one_reads_only_ones_own(db):
    one, two = make.user(), make.user()
    service.tell([one.id], Topic.COMMENT)
    (notice,) = queries.notices(one.id, limit=5)
    with pytest.raises(NotFound):
        service.read(two.id, notice.id)
    assert queries.unread_count(one.id) == 1
    service.read(one.id, notice.id)
    assert (queries.unread_count(one.id), queries.count(one.id)) == (0, 1)
