"""A rating is one each rep, asset, language and call, and can be changed for seven days."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal import clock
from portal.calls.ratings.models import Rating
from portal.calls.ratings.rules import Helped
from portal.calls.ratings.service import rate
from portal.errors import Conflict, Invalid
from tests import make


def count(db):
    return db.session.scalar(select(func.count()).select_from(Rating))


def test_one_each_call_and_one_without(db):
    rep, asset = make.user(), make.asset()
    deal = make.deal(rep)
    first, second = make.call(deal, rep), make.call(deal, rep)
    for call in (first, second, None):
        for stars in (2, 5):
            kept = rate(rep.id, asset.id, language="en", revision=1, stars=stars, call=call)
            assert (kept.stars, kept.call_id) == (stars, call.id if call else None)
    assert count(db) == 3
    assert rate(rep.id, asset.id, language="vi", revision=1, stars=3).deal_id is None
    assert rate(rep.id, asset.id, language="en", revision=1, stars=3, call=first).deal_id == deal.id


def test_a_mind_is_changed_within_a_week(db):
    rep, asset = make.user(), make.asset()
    kept = make.rating(rep, asset, 2, at=clock.now() - timedelta(days=6, hours=23), revision=1)
    rate(rep.id, asset.id, language="en", revision=3, stars=4, helped=Helped.HELPED, why=" ok ")
    assert (kept.stars, kept.helped, kept.why, kept.revision) == (4, "helped", "ok", 3)
    assert kept.changed_at > kept.at
    kept.at = clock.now() - timedelta(days=7, seconds=1)
    db.session.flush()
    same = rate(
        rep.id, asset.id, language="en", revision=3, stars=4, helped=Helped.HELPED, why="ok"
    )
    assert same is kept  # saying the same again is no change
    with pytest.raises(Conflict):
        rate(rep.id, asset.id, language="en", revision=3, stars=5)
    assert count(db) == 1


@pytest.mark.parametrize("stars", [0, 6, -1])
def test_one_to_five_stars(db, stars):
    with pytest.raises(Invalid):
        rate(make.user().id, make.asset().id, language="en", revision=1, stars=stars)


def test_a_retired_asset_can_be_rated(db):
    rep = make.user()
    gone = make.asset(state="retired")
    assert rate(rep.id, gone.id, language="en", revision=1, stars=1).stars == 1
