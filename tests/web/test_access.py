"""Each request has an id that goes everywhere, and one line of log that repeats nobody's words."""

import json
import logging

import pytest
from flask import g

from portal import logs, tracing
from portal.app import create_app
from tests import make
from tests.conftest import make_config

ID = "a-proxys_id.0123456789"


@pytest.fixture
def lines(caplog):
    caplog.set_level(logging.INFO)
    return lambda: [r for r in caplog.records if r.name == "portal.access"]


@pytest.fixture
def behind(tmp_path):
    """An application behind one proxy."""
    config = make_config(tmp_path, "sqlite").model_copy(update={"trusted_proxies": 1})
    return create_app(config).test_client()


def test_everybody_gets_an_id_of_their_own(client, db):
    ids = {client.get("/sign-in").headers["X-Request-ID"] for _ in range(3)}
    assert len(ids) == 3
    assert all(len(one) == 16 for one in ids)


def test_nobody_brings_an_id_along_but_a_proxy(app, db, behind):
    said = app.test_client().get("/sign-in", headers={"X-Request-ID": ID})
    assert said.headers["X-Request-ID"] != ID
    assert behind.get("/static/x", headers={"X-Request-ID": ID}).headers["X-Request-ID"] == ID


@pytest.mark.parametrize(
    "odd",
    [
        "short",
        "x" * 65,
        "with space in",
        "<script>alert",
        "ab;cd=12345",
        "ünïcödé-text",
        "-leading-dash",
    ],
)
def test_an_odd_id_is_replaced(behind, odd):
    said = behind.get("/static/x", headers={"X-Request-ID": odd})
    assert len(said.headers["X-Request-ID"]) == 16


def test_one_line_a_request_by_its_rule(client, db, lines):
    user = make.user()
    client.sign_in(user)
    made = make.asset("secret-slug")
    make.text(made)
    before = len(lines())
    said = client.get("/assets/secret-slug?q=private+words")
    (line,) = lines()[before:]
    assert (line.method, line.status, line.user) == ("GET", said.status, user.id)
    assert line.route == "/assets/<slug>"
    assert line.ms >= 0
    text = line.getMessage()
    assert "secret-slug" not in text
    assert "private" not in text


def test_a_page_that_is_not_there_is_a_line_without_its_address(client, db, lines):
    client.get("/password/hunter2-the-secret")
    assert (lines()[-1].route, lines()[-1].status) == ("-", 404)


def test_error_pages_tell_the_id(client, db):
    said = client.get("/nowhere")
    assert said.headers["X-Request-ID"] in said.text


def test_the_id_ends_with_the_answer(app, db):
    with app.test_client() as client:
        client.get("/sign-in").close()
        assert g.request_id
    assert tracing.current() == ""


def test_lines_of_the_code_carry_the_id(app, db):
    seen = []

    class Handler(logging.Handler):
        def emit(self, record):
            seen.append(json.loads(logs.formatter("json").format(record)))

    root, handler = logging.getLogger(), Handler()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    try:
        said = app.test_client().get("/sign-in")
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
    (line,) = [one for one in seen if one["logger"] == "portal.access"]
    assert line["request_id"] == said.headers["X-Request-ID"]
    assert (line["route"], line["status"], line["level"]) == ("/sign-in", 200, "INFO")
