"""`/healthz`, and `/metrics` with a token: what was asked, by rule, right with several processes."""

import os
import re
import subprocess
import sys

import pytest

from portal.config import ConfigError, load
from portal.db import Base, db
from portal.operation.metrics import meters
from tests import make
from tests.browser import ROOT
from tests.page import Client

TOKEN = "a-token-of-a-few-letters"
SHOWN = {"Authorization": f"Bearer {TOKEN}"}


def test_a_process_says_that_it_lives(empty):
    """Nothing of the database is there, not even its file."""
    said = empty.test_client().get("/healthz")
    assert (said.status_code, said.text) == (200, "ok\n")
    assert said.headers["Cache-Control"] == "no-store"
    assert not list(empty.config["PORTAL"].data_dir.glob("*.sqlite"))


def test_without_a_token_there_are_no_figures(app, client):
    assert client.get("/metrics").status == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status == 404
    assert app.extensions["arsenal.watchers"] == []


@pytest.fixture
def counted(empty, tmp_path):
    """An application that counts, in this process alone."""
    from portal.app import create_app

    config = empty.config["PORTAL"].model_copy(update={"metrics_token": TOKEN})
    app = create_app(config)
    with app.app_context():
        Base.metadata.create_all(db.engine)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def figures(app):
    said = app.test_client().get("/metrics", headers=SHOWN)
    assert said.status_code == 200
    assert said.content_type.startswith("text/plain; version=0.0.4")
    found = {}
    for line in said.text.splitlines():
        if not line.startswith("#"):
            name, _, number = line.rpartition(" ")
            found[name] = float(number)
    return found


def test_requests_are_counted_by_rule(counted):
    client = Client(counted)
    with counted.app_context():
        user = make.user()
        db.session.commit()
        client.sign_in(user)
    for slug in ("one", "two", "three"):
        assert client.get(f"/assets/{slug}?q=secret").status == 404
    client.get("/?q=kestrel")
    client.get("/no/such/secret-page")
    client.raw.open("/sign-in", method="BREW")
    found = figures(counted)
    assert found['arsenal_requests_total{method="GET",route="/assets/<slug>",status="404"}'] == 3
    seconds = 'arsenal_request_seconds_count{method="GET",route="/assets/<slug>"}'
    assert found[seconds] == 3
    assert found['arsenal_requests_total{method="GET",route="-",status="404"}'] == 1
    assert found["arsenal_searches_total"] == 1
    assert found["arsenal_requests_in_progress"] == 1  # this one
    assert any('method="other"' in name for name in found)
    assert not [name for name in found if "secret" in name or "BREW" in name]


def test_what_waits_is_told(counted):
    from portal import jobs

    with counted.app_context():
        jobs.enqueue("work")
        db.session.commit()
    found = figures(counted)
    assert found['arsenal_jobs{state="waiting"}'] == 1
    assert found["arsenal_jobs_due"] == 1
    assert found["arsenal_jobs_late_seconds"] >= 0
    assert found["arsenal_workers"] == 0
    assert found["arsenal_index_waiting"] == 0
    assert found["arsenal_web_processes"] == 1
    assert 10e6 < found['arsenal_web_memory_bytes{of="all"}'] < 2e9


@pytest.mark.parametrize(
    "given", ["Bearer wrong-token-of-16-letters", "Basic x", TOKEN, "Bearer Ünï"]
)
def test_a_wrong_token_opens_nothing(counted, given):
    headers = {"Authorization": given.encode().decode("latin-1")}
    assert counted.test_client().get("/metrics", headers=headers).status_code == 404


@pytest.mark.parametrize("weak", ["short", "with space in it 123", "x" * 201])
def test_a_weak_token_is_refused(weak):
    with pytest.raises(ConfigError, match="PORTAL_METRICS_TOKEN"):
        load({"PORTAL_METRICS_TOKEN": weak})


TWO = """
import os, sys
from pathlib import Path
from portal.operation.metrics import meters
folder = Path(sys.argv[1])
meters.share(folder, afresh=True)
meters.get_ready()
it = meters.Meters()  # before the fork: worse than what a server does
children = []
for number in range(3):
    child = os.fork()
    if not child:
        for _ in range(100):
            it.begin()
            it.answered("GET", "/x", 200, 0.01)
            if number:
                it.end()
        os._exit(0)
    children.append(child)
for child in children:
    os.waitpid(child, 0)
it.begin()
assert meters.processes() == [os.getpid()], meters.processes()
sys.stdout.write(meters.text(it, {}).decode())
"""


def test_several_processes_count_together(tmp_path):
    """The first of them dies with a hundred requests under way, which are forgotten."""
    done = subprocess.run(
        [sys.executable, "-c", TWO, str(tmp_path)], cwd=ROOT, capture_output=True, text=True,
        check=False, env={k: v for k, v in os.environ.items() if not k.startswith("PROM")},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert re.search(r'arsenal_requests_total\{.*"/x".*\} 300.0', done.stdout)
    assert re.search(r"arsenal_requests_in_progress 1.0", done.stdout)


def test_a_server_begins_to_count_afresh(tmp_path, monkeypatch):
    monkeypatch.setenv(meters.SHARED, "")
    (tmp_path / "metrics").mkdir()
    (tmp_path / "metrics" / "counter_1.db").write_bytes(b"old")
    meters.share(tmp_path, afresh=False)
    assert list((tmp_path / "metrics").iterdir())
    meters.share(tmp_path, afresh=True)
    assert not list((tmp_path / "metrics").iterdir())


def test_nobody_loads_prometheus_for_nothing(tmp_path):
    code = (
        "import sys; from portal.app import create_app; from portal.config import Config; "
        f"create_app(Config(data_dir={str(tmp_path)!r})); print('prometheus_client' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"
