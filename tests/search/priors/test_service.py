"""Use is counted from the ledger; priors are kept until something changes."""

import secrets
from datetime import timedelta

from sqlalchemy import select

from portal import clock
from portal.db import db as _db
from portal.search.priors import queries, service
from portal.search.priors.models import SearchUse
from portal.search.priors.service import Known
from portal.usage.models import UsageEvent
from tests import make


def searched(user, shown, opened=(), *, seconds=0):
    at, ref = clock.now() - timedelta(days=1) + timedelta(seconds=seconds), secrets.token_hex(8)
    ids = [asset.id for asset in shown]
    _db.session.add(
        UsageEvent(at=at, action="searched", user_id=user.id, query="q", ref=ref, shown=ids)
    )
    for asset in opened:
        _db.session.add(
            UsageEvent(at=at, action="opened", user_id=user.id, asset_id=asset.id, ref=ref,
                       rank=ids.index(asset.id) + 1)
        )  # fmt: skip
    _db.session.flush()


def test_use_is_counted_with_its_places(db):
    one, two, gone = (make.asset() for _ in range(3))
    people = [make.user() for _ in range(6)]
    for number, person in enumerate(people):
        searched(person, [one, two], [two] if number < 4 else [one])
        searched(person, [two, one], [], seconds=3)
        searched(person, [two, one], [two], seconds=6)
        searched(person, [gone], [gone], seconds=60)
    db.session.delete(gone)
    db.session.flush()
    report = service.refresh()
    assert report.searches == 18, "the one in between was still being typed"
    rows = {row.asset_id: row for row in db.session.scalars(select(SearchUse))}
    assert set(rows) == {one.id, two.id}
    assert (rows[two.id].opens, rows[two.id].people) == (10, 6)
    assert rows[two.id].pull > 1 > rows[one.id].pull
    service.refresh()
    assert len(db.session.scalars(select(SearchUse)).all()) == 2


def test_priors_are_made_anew_only_when_something_changed(app, db, monkeypatch):
    asset = make.asset(checked_on=clock.now().date() - timedelta(days=9))
    made, scores = [], {}
    facts = queries.facts
    monkeypatch.setattr(queries, "facts", lambda: made.append(1) or facts())
    known = Known(lambda: scores, "Asia/Ho_Chi_Minh")
    first = known()
    assert first.groups.tolist() == [asset.id]
    assert known() is first
    later = clock.now() + timedelta(seconds=3)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert known() is first
    assert len(made) == 1
    asset.checked_on = later.date()
    db.session.flush()
    later += timedelta(seconds=3)
    assert known() is not first
    assert len(made) == 2


def test_a_new_asset_has_the_factor_one(app, db):
    asset = make.asset(checked_on=None)
    told = app.extensions["arsenal.priors"].told(asset.id)
    assert set(told.factors.values()) == {1.0}
    priors = app.extensions["arsenal.priors"]()
    assert priors.factors.tolist() == [1.0]
