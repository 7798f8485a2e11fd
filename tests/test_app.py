"""One transaction a request: a success commits, a refusal leaves nothing, a GET never writes."""

import pytest
from flask import abort

from portal.accounts.models import Team
from portal.app import create_app, from_environment
from portal.config import Config, ConfigError
from portal.db import Base
from portal.db import db as _db
from portal.errors import Conflict
from portal.search import outbox, service
from tests.conftest import SECRET
from tests.page import Client


def add_team(name="North"):
    _db.session.add(Team(name=name, name_key=name.casefold()))
    _db.session.flush()
    return name


def refuse_after_flush():
    add_team()
    raise Conflict("somebody was quicker")


def break_after_flush():
    add_team()
    raise ZeroDivisionError


def answer(status):
    def view():
        add_team()
        return "answered", status

    return view


def abort_after_flush():
    add_team()
    abort(422)


def write_on_get():
    _db.session.add(Team(name="North", name_key="north"))
    return "read"


VIEWS = {
    "/ok": answer(200),
    "/redirect": answer(303),
    "/unprocessable": answer(422),
    "/refused": refuse_after_flush,
    "/aborted": abort_after_flush,
    "/broken": break_after_flush,
}


@pytest.fixture
def trial(empty):
    """The application with views that misbehave, on a database where commits are real."""
    for rule, view in VIEWS.items():
        public(view)
        empty.add_url_rule(f"/trial{rule}", f"trial{rule}", view, methods=["GET", "POST"])
    empty.add_url_rule("/trial/get", "trial.get", public(write_on_get))
    empty.config["WTF_CSRF_ENABLED"] = False
    with empty.app_context():
        Base.metadata.create_all(_db.engine)
    return empty


def public(view):
    """Let anonymous people in; the gate has tests of its own."""
    view.act = "account.enter"
    return view


def teams(app):
    with app.app_context():
        return _db.session.query(Team).count()


@pytest.mark.parametrize(("rule", "status"), [("/ok", 200), ("/redirect", 303)])
def test_a_success_is_committed(trial, rule, status):
    assert Client(trial).post(f"/trial{rule}").status == status
    assert teams(trial) == 1


@pytest.mark.parametrize(
    ("rule", "status"), [("/unprocessable", 422), ("/refused", 409), ("/aborted", 422)]
)
def test_a_refusal_after_flush_leaves_nothing(trial, rule, status):
    assert Client(trial).post(f"/trial{rule}").status == status
    assert teams(trial) == 0


def test_a_fault_leaves_nothing(trial):
    trial.testing = False
    trial.config["PROPAGATE_EXCEPTIONS"] = False
    assert Client(trial).post("/trial/broken").status == 500
    assert teams(trial) == 0


def test_a_get_that_writes_fails_its_test(trial):
    with pytest.raises(AssertionError, match="GET /trial/get tried to write"):
        Client(trial).get("/trial/get")
    assert teams(trial) == 0


def test_a_get_never_writes_even_outside_tests(trial):
    trial.testing = False
    assert Client(trial).get("/trial/get").status == 200
    assert Client(trial).get("/trial/ok").status == 200
    assert teams(trial) == 0


def test_the_next_request_starts_clean(trial):
    Client(trial).post("/trial/refused")
    assert Client(trial).post("/trial/ok").status == 200
    assert teams(trial) == 1


def test_cookies_insist_on_https_when_people_come_by_it(tmp_path):
    for url, secure in (("https://arsenal.example.com", True), ("http://localhost:8000", False)):
        app = create_app(Config(data_dir=tmp_path, secret_key=SECRET, base_url=url))
        assert app.config["SESSION_COOKIE_SECURE"] is secure
        assert app.config["SESSION_COOKIE_HTTPONLY"]
        assert app.config["SESSION_COOKIE_NAME"].startswith("__Host-") is secure
        assert app.config["SESSION_COOKIE_DOMAIN"] is None
        assert app.config["SESSION_COOKIE_SAMESITE"] == "Lax"


def test_forwarded_addresses_count_only_behind_a_proxy(tmp_path):
    for proxies, seen in ((0, "127.0.0.1"), (1, "203.0.113.9")):
        config = Config(
            data_dir=tmp_path,
            secret_key=SECRET,
            base_url="http://localhost",
            trusted_proxies=proxies,
        )
        app = create_app(config)

        def who():
            from flask import request

            return request.remote_addr

        app.add_url_rule("/trial/who", "trial.who", public(who))
        headers = {"X-Forwarded-For": "198.51.100.1, 203.0.113.9"}
        assert app.test_client().get("/trial/who", headers=headers).get_data(as_text=True) == seen


def test_a_body_too_large_is_refused(trial):
    trial.config["MAX_CONTENT_LENGTH"] = 1000
    trial.add_url_rule("/trial/body", "trial.body", public(read_body), methods=["POST"])
    assert Client(trial).post("/trial/body", data=b"x" * 1001).status == 413


def read_body():
    from flask import request

    return str(len(request.get_data()))


def test_building_makes_neither_index_nor_database(tmp_path):
    app = create_app(Config(data_dir=tmp_path, secret_key=SECRET))
    assert list(tmp_path.iterdir()) == []
    engine = app.extensions["arsenal.finder"].engine
    assert engine.generation() == -1
    assert [path.name for path in tmp_path.iterdir()] == ["index"]
    assert engine.writing.__self__ is engine.search.__self__, "one engine a process"


def test_a_change_leaves_a_missing_index_to_the_timer(empty, monkeypatch):
    """An index of one change would look complete; the timer would never find what it lacks."""
    empty.config["WTF_CSRF_ENABLED"] = False
    empty.add_url_rule("/trial/ok", "trial.ok", public(lambda: "done"), methods=["POST"])
    with empty.app_context():
        Base.metadata.create_all(_db.engine)
    done = []
    monkeypatch.setattr(outbox, "is_waiting", lambda _session: True)
    real = service.drain
    monkeypatch.setattr(service, "drain", lambda *a, **k: done.append("drain") or real(*a, **k))
    assert Client(empty).post("/trial/ok").status == 200
    assert done == []
    with empty.app_context():
        service.catch_up(empty.extensions["arsenal.finder"].engine)
    assert Client(empty).post("/trial/ok").status == 200
    assert done == ["drain"]


@pytest.fixture
def indexed(trial, monkeypatch):
    """An application with an index and a change that it has to follow."""
    trial.extensions["arsenal.finder"].engine.rebuild([])
    monkeypatch.setattr(outbox, "is_waiting", lambda _session: True)
    return trial


def test_the_answer_is_out_before_the_index_follows(indexed, monkeypatch):
    """Nobody waits for the index; what it has to learn is told with the change itself."""
    done = []
    monkeypatch.setattr(service, "drain", lambda *_, **told: done.append(told))
    answer = indexed.test_client().post("/trial/ok")
    assert (answer.status_code, done) == (200, [])
    answer.close()
    assert done == [{"wait": 0}]


def test_an_index_that_can_not_follow_is_told_to_the_log_alone(indexed, monkeypatch, caplog):
    monkeypatch.setattr(service, "drain", None)
    assert Client(indexed).post("/trial/ok").status == 200
    assert "the index did not follow" in caplog.text


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("postgresql://u:hunter2@h:port/x", "must look like postgresql://"),
        ("postgresql+nothing://u:hunter2@h/x", "must look like postgresql://"),
        ("postgresql+pg8000://u:hunter2@h/x", "install the extra `postgresql`"),
    ],
)
def test_an_address_that_can_not_be_used_is_refused(tmp_path, url, words):
    with pytest.raises(ConfigError) as caught:
        create_app(Config(data_dir=tmp_path, database_url=url, secret_key=SECRET))
    assert words in str(caught.value)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("below", [".", "data"])
def test_a_data_directory_that_can_not_be_is_refused(tmp_path, below):
    (tmp_path / "file").touch()
    with pytest.raises(ConfigError, match=r"^PORTAL_DATA_DIR: .*file.* is no folder"):
        create_app(Config(data_dir=tmp_path / "file" / below, secret_key=SECRET))


def test_a_server_refuses_to_start_half_told(monkeypatch, tmp_path):
    monkeypatch.setenv("PORTAL_DATA_DIR", str(tmp_path))
    for name in ("PORTAL_SECRET_KEY", "PORTAL_BASE_URL", "PORTAL_SECRET_KEY_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.delenv("PORTAL_TEST_DATABASE_URL", raising=False)
    with pytest.raises(ConfigError, match="PORTAL_SECRET_KEY is not set"):
        from_environment()
