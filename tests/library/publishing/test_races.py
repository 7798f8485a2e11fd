"""Two people and two processes at once: with commits that are real."""

from functools import partial

import pytest
from sqlalchemy import func, select

from portal.accounts.rules import Role
from portal.db import Base, db
from portal.library.publishing import moving, queries
from portal.library.publishing import service as publishing
from portal.library.publishing.acting import Actor
from portal.library.publishing.models import AssetEvent, TextRevision
from portal.library.publishing.rules import Action
from portal.library.rules import Kind
from tests import make
from tests.library.publishing.conftest import content
from tests.together import at_once

TOGETHER = 12


@pytest.fixture
def begun(empty):
    """An application in which a draft lies, and the marketer who begun it."""
    with empty.app_context():
        Base.metadata.create_all(db.engine)
        actor = Actor(make.user(role="marketer").id, Role.MARKETER)
        publishing.create(
            actor, slug="kestrel", kind=Kind.FAQ, language="en", content=content("First.")
        )
        db.session.commit()
    return empty, actor


def together(app, work, count=TOGETHER):
    """Do work(number) in so many threads at once; returns what each came to."""
    return at_once(app, *(partial(work, number) for number in range(count)))


def test_one_of_many_savers_is_accepted_and_the_others_see_it(begun):
    app, actor = begun

    def save(number):
        asset = queries.asset_by_slug("kestrel", lock=True)
        return publishing.save(actor, asset, "en", content(f"Text {number}."), base=1).number

    results = together(app, save)
    accepted = [result for result in results if result == 2]
    refused = [r for r in results if isinstance(r, publishing.TextConflictError)]
    assert (len(accepted), len(refused)) == (1, TOGETHER - 1)
    with app.app_context():
        assert db.session.scalar(select(func.count(TextRevision.id))) == 2


def test_an_asset_is_published_once(begun):
    app, actor = begun

    def publish(_number):
        asset = queries.asset_by_slug("kestrel", lock=True)
        return moving.move(actor, asset, Action.PUBLISH)

    results = together(app, publish)
    assert sum(not isinstance(result, Exception) for result in results) == 1
    with app.app_context():
        query = select(func.count(AssetEvent.id)).where(AssetEvent.action == "publish")
        assert db.session.scalar(query) == 1
