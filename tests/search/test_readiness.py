"""`/readyz` for load balancers: lag is told, only an index that can not be read is not ready."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import OperationalError

from portal import clock, jobs
from portal.operation import schema
from portal.search import service
from portal.search.finding import Finder
from portal.search.readiness import queries
from tests import make as factory
from tests.search.indexes import entry

TOKEN = "a-token-of-a-few-letters"


@pytest.fixture
def ready(app, db, make, monkeypatch):
    """Asks, over the engine's index."""
    monkeypatch.setitem(app.extensions, "arsenal.finder", Finder(make()))
    config = app.config["PORTAL"].model_copy(update={"metrics_token": TOKEN})
    monkeypatch.setitem(app.config, "PORTAL", config)
    monkeypatch.setattr(schema, "recorded", schema.head)  # no migration has made these tables

    def ask(status=200, token=TOKEN):
        response = app.test_client().get("/readyz", headers={"Authorization": f"Bearer {token}"})
        assert response.status_code == status
        assert response.headers["Cache-Control"] == "no-store"
        return response.json

    return ask


def test_a_missing_index_is_no_reason_to_send_people_elsewhere(ready):
    said = ready()
    assert (said["ready"], said["database"]) == (True, "readable")
    assert said["index"] == {
        "state": "missing", "waiting": 0, "waiting_since": None, "lag_seconds": 0.0,
    }  # fmt: skip
    assert said["worker"] == {"alive": 0, "due": 0, "late_seconds": 0.0, "given_up": 0}
    assert said["schema"] == {"at": schema.head(), "newest": schema.head()}


@pytest.mark.parametrize("token", ["", "another-token-of-16", TOKEN[:-1]])
def test_strangers_learn_one_word(ready, token):
    assert ready(token=token) == {"ready": True}


def test_another_schema_is_not_ready(ready, monkeypatch):
    monkeypatch.setattr(schema, "recorded", lambda: "0001")
    said = ready(503)
    assert (said["ready"], said["schema"]["at"]) == (False, "0001")


def test_a_late_worker_is_told(ready, db, monkeypatch):
    before = clock.now()
    jobs.enqueue("work")
    db.session.commit()
    monkeypatch.setattr(clock, "now", lambda: before + timedelta(seconds=90))
    worker = ready()["worker"]
    assert worker["due"] == 1
    assert 89 <= worker["late_seconds"] <= 90


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
