"""The same form sent at the same moment, from two connections: it is kept once."""

import pytest
from sqlalchemy import func, select

from portal import clock
from portal.calls.feedback import service as feedback
from portal.calls.feedback.models import DealFeedback
from portal.calls.flags import service as flags
from portal.calls.flags.rules import State, Wrong
from portal.calls.ratings import queries, service
from portal.calls.ratings.models import AssetFlag, Rating
from portal.calls.ratings.rules import Helped
from portal.db import Base
from portal.db import db as _db
from portal.errors import Conflict
from portal.library.notices.models import Notice
from tests import make
from tests.together import at_once


@pytest.fixture
def ids(empty):
    """A rep, an asset with an owner, a deal that was just lost: their numbers."""
    with empty.app_context():
        Base.metadata.create_all(_db.engine)
        rep, owner = make.user(), make.user(role="marketer")
        asset = make.asset("kestrel", owner_id=owner.id)
        make.text(asset)
        deal = make.deal(rep, outcome="lost", closed_at=clock.now())
        _db.session.commit()
        return {"rep": rep.id, "owner": owner.id, "asset": asset.id, "deal": deal.id}


def count(app, table):
    with app.app_context():
        return _db.session.scalar(select(func.count()).select_from(table))


def test_a_rating_sent_twice(empty, ids):
    def rate():
        return service.rate(ids["rep"], ids["asset"], language="en", revision=1, stars=4).id

    first, second = at_once(empty, rate, rate)
    assert first == second
    assert count(empty, Rating) == 1


def test_a_remark_sent_twice_and_answered_twice(empty, ids):
    def say():
        about = queries.rated("kestrel", "en")
        return flags.flag(
            ids["rep"], about, token="t", kind=Wrong.WRONG, words="No", anchor="", revision=1
        ).id

    first, second = at_once(empty, say, say)
    assert first == second
    assert (count(empty, AssetFlag), count(empty, Notice)) == (1, 1)

    def answer(state):
        return lambda: flags.answer(first, ids["owner"], state=state, words="So", title="K").id

    came = at_once(empty, answer(State.FIXED), answer(State.STAYS))
    assert sorted(isinstance(it, Conflict) for it in came) == [False, True]
    assert count(empty, Notice) == 2


def test_asked_by_two_workers_and_answered_twice(empty, ids):
    asked = at_once(empty, *[lambda: feedback.ask([ids["deal"]])] * 2)
    assert sorted(asked) == [0, 1]
    assert (count(empty, DealFeedback), count(empty, Notice)) == (1, 1)

    def answer():
        from portal.deals.models import Deal

        deal = _db.session.get(Deal, ids["deal"])
        kept = feedback.answer(
            deal, ids["rep"], helped={ids["asset"]: Helped.HURT}, missing="", used=[ids["asset"]]
        )
        return len(kept.assets)

    assert at_once(empty, answer, answer) == [1, 1]
