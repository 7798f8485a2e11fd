"""`/readyz` for load balancers: lag is told, only an index that can not be read is not ready."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import OperationalError

from portal import clock
from portal.search import service
from portal.search.finding import Finder
from portal.search.readiness import queries
from tests import make as factory
from tests.search.indexes import entry


@pytest.fixture
def ready(app, db, make, monkeypatch):
    """Asks, over the engine's index."""
    monkeypatch.setitem(app.extensions, "arsenal.finder", Finder(make()))

    def ask(status=200):
        response = app.test_client().get("/readyz")
        assert response.status_code == status
        assert response.headers["Cache-Control"] == "no-store"
        return response.json

    return ask


def test_a_missing_index_is_no_reason_to_send_people_elsewhere(ready):
    assert ready() == {
        "ready": True,
        "database": "readable",
        "index": {"state": "missing", "waiting": 0, "waiting_since": None, "lag_seconds": 0.0},
    }


def test_lag_is_told(ready, db, make, monkeypatch):
    service.rebuild(make())
    before = clock.now()
    monkeypatch.setattr(clock, "now", lambda: before)
    factory.text(factory.asset("card"))
    db.session.commit()
    monkeypatch.setattr(clock, "now", lambda: before + timedelta(seconds=90))
    index = ready()["index"]
    assert index["state"] == "readable"
    assert index["waiting"] >= 1
    assert (index["lag_seconds"], index["waiting_since"]) == (90.0, before.isoformat())
    service.drain(make())
    assert ready()["index"]["waiting"] == 0


def test_a_damaged_index_is_not_ready(ready, make, app, monkeypatch):
    make().write([entry(1, "a")], [])
    make.tear()
    monkeypatch.setitem(app.extensions, "arsenal.finder", Finder(make()))
    said = ready(503)
    assert (said["ready"], said["index"]["state"]) == (False, "damaged")


def test_a_database_that_is_away_is_not_ready(ready, monkeypatch):
    def away(_engine):
        raise OperationalError("SELECT secret", {}, Exception("no connection"))

    monkeypatch.setattr(queries, "lag", away)
    assert ready(503) == {"ready": False, "database": "unreadable"}
