"""One form sent twice at the same moment is one call; two people's forms are not both taken."""

from collections import Counter

import pytest
from sqlalchemy import func, select

from portal import clock
from portal.calls.log import queries, service
from portal.calls.log.rules import Held, Point, Row
from portal.calls.models import Call, CallPoint
from portal.calls.ratings.models import Rating
from portal.calls.rules import Said
from portal.db import Base
from portal.deals.models import Deal
from tests import make
from tests.together import at_once


@pytest.fixture
def scene(empty):
    """The application, a deal and an asset on it, two people of its team."""
    from portal.db import db

    with empty.app_context():
        Base.metadata.create_all(db.engine)
        rep = make.user(team_id=make.team().id)
        mate = make.user(team_id=rep.team_id)
        asset = make.asset("card")
        make.text(asset, title="Card")
        deal = make.deal(rep)
        told = (empty, deal.id, asset.id, (rep.id, mate.id))
        db.session.commit()
        yield told


def logging(deal_id, asset_id, user_id, token):
    from portal.db import db

    def log():
        held = Held(
            at=clock.now(),
            kind="",
            with_role="",
            result=None,
            note="",
            rows=[Row(asset_id, "en", stars=4)],
            points=[Point(Said.WISH, "Dark mode")],
        )
        texts = queries.texts_of({asset_id})
        deal = db.session.get(Deal, deal_id)
        return service.log(user_id, deal, held, token=token, texts=texts).id

    return log


def counted(model):
    from portal.db import db

    return db.session.scalar(select(func.count()).select_from(model))


def test_a_form_sent_four_times_at_once(scene):
    app, deal, asset, (rep, _) = scene
    found = at_once(app, *[logging(deal, asset, rep, f"{rep}:one")] * 4)
    assert len(set(found)) == 1, found
    assert [counted(model) for model in (Call, CallPoint, Rating)] == [1, 1, 1]


def test_two_people_at_once_and_one_is_asked(scene):
    app, deal, asset, people = scene
    found = at_once(app, *(logging(deal, asset, who, f"{who}:x") for who in people))
    assert Counter(type(one).__name__ for one in found) == {"int": 1, "Alike": 1}, found
    assert counted(Call) == 1
