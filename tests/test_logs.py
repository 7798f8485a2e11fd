"""What stands in the log: for people or programs, and never what somebody wrote or a secret."""

import io
import json
import logging

import pytest
import sqlalchemy as sa
from flask.logging import default_handler
from sqlalchemy.exc import DBAPIError, IntegrityError

from portal import jobs, logs, tracing
from portal.accounts.acts import Act
from portal.accounts.models import Team
from portal.db import Base, db
from portal.jobs.runner import Runner

SECRET = "hunter2-Nguyễn-Пароль"


@pytest.fixture(params=["text", "json"])
def log(request):
    """What is logged while the test runs, as it would be written."""
    stream = io.StringIO()
    root = logging.getLogger()
    level, raises = root.level, logging.raiseExceptions
    logs.install(level="DEBUG", style=request.param, stream=stream)
    yield stream.getvalue
    root.handlers = [h for h in root.handlers if getattr(h, "stream", None) is not stream]
    root.setLevel(level)
    logging.raiseExceptions = raises


def test_what_was_logged_before_does_not_make_lines_twice(app, capfd):
    """Flask gives an application a handler of its own when nobody else is there to write."""
    app.logger.addHandler(default_handler)
    root, stream = logging.getLogger(), io.StringIO()
    level, raises, before = root.level, logging.raiseExceptions, list(root.handlers)
    try:
        logs.install(level="DEBUG", style="text", stream=stream)
        app.logger.error("once %s", "only")
    finally:
        app.logger.removeHandler(default_handler)
        root.handlers, logging.raiseExceptions = before, raises
        root.setLevel(level)
    assert stream.getvalue().count("once only") == 1
    assert "once only" not in capfd.readouterr().err


def test_a_line_for_people():
    record = logging.LogRecord("portal.x", logging.INFO, "f.py", 3, "three %s", ("things",), None)
    with tracing.doing("0123456789abcdef"):
        line = logs.formatter("text").format(record)
    assert line.endswith("INFO portal.x [0123456789abcdef] three things")
    assert logs.formatter("text").format(record).endswith("[-] three things")


def test_a_line_for_programs():
    record = logging.LogRecord("portal.x", logging.INFO, "f.py", 3, "three %s", ("things",), None)
    with tracing.doing("0123456789abcdef"):
        told = json.loads(logs.formatter("json").format(record))
    assert told["at"].endswith("+00:00")
    assert (told["level"], told["logger"], told["message"]) == ("INFO", "portal.x", "three things")
    assert told["request_id"] == "0123456789abcdef"


@pytest.mark.parametrize("style", ["text", "json"])
def test_nobody_begins_a_line_of_their_own(style):
    record = logging.LogRecord(
        "x", logging.INFO, "f.py", 3, "%s", ("a\nERROR forged\x1b[2J",), None
    )
    line = logs.formatter(style).format(record)
    assert "\n" not in line
    assert "\x1b" not in line


def test_an_error_is_told_without_its_words(log):
    def deep():
        raise ValueError(SECRET)

    try:
        try:
            deep()
        except ValueError as error:
            raise KeyError(SECRET) from error
    except KeyError:
        logging.getLogger("x").exception("broke")
    said = log()
    assert SECRET not in said
    assert "KeyError" in said
    assert "ValueError" in said
    assert "deep" in said
    assert "test_logs.py" in said


def test_a_database_is_told_by_its_number(app, db, log):
    db.session.add(Team(name=SECRET, name_key=SECRET))
    db.session.flush()
    twin = sa.insert(Team).values(name=SECRET, name_key=SECRET)
    with pytest.raises(IntegrityError) as caught:
        db.session.execute(twin)
    kind = logs.kind(caught.value)
    assert "SQLITE_CONSTRAINT_UNIQUE" in kind or "23505" in kind
    assert SECRET not in kind


def test_what_people_send_is_not_logged(app, client, log, monkeypatch):
    """Forms, queries, headers, cookies, addresses: also when a view breaks with them in its hand."""

    def breaks(*_):
        raise RuntimeError(SECRET)

    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    monkeypatch.setattr(app, "testing", False)
    browser = app.test_client()
    latin = SECRET.encode("utf-8").decode("latin-1")
    headers = {
        "Authorization": f"Bearer {latin}",
        "User-Agent": latin,
        "Referer": f"http://x/{latin}",
    }
    browser.set_cookie("arsenal", "hunter2-cookie")
    form = {"email": f"{SECRET}@example.com", "password": SECRET, "next": SECRET}
    for path in ("/sign-in", f"/{SECRET}", f"/mail/mute/{SECRET}"):
        browser.get(path, query_string={"q": SECRET}, headers=headers)
        browser.post(path, data=form, headers=headers)
    for name in ("accounts.sign_in", "accounts.sign_in_submit"):
        monkeypatch.setitem(app.view_functions, name, breaks)
    monkeypatch.setattr(breaks, "act", Act.ENTER, raising=False)
    assert browser.get("/sign-in", query_string={"q": SECRET}).status_code == 500
    assert browser.post("/sign-in", data=form).status_code == 500
    said = log()
    assert "/sign-in broke" in said
    assert "RuntimeError" in said
    for part in ("hunter2", "Nguyễn", "Пароль", "Nguy", "%D0%9F", "cookie"):
        assert part not in said, part


def test_what_a_worker_does_is_logged_without_words(empty, log):
    with empty.app_context():
        Base.metadata.create_all(db.engine)
        with tracing.doing("the-request-0123"):
            jobs.enqueue("broken", {"text": SECRET})
            jobs.enqueue("sql", {"text": SECRET})
        db.session.commit()

    def broken(job):
        assert job.payload == {"text": SECRET}
        raise ValueError(job.payload["text"])

    def sql(job):
        try:
            db.session.execute(sa.text("SELECT :x FROM nowhere"), {"x": job.payload["text"]})
        except DBAPIError as error:
            raise RuntimeError(str(error)) from error

    from zoneinfo import ZoneInfo

    handlers = {"broken": jobs.Handler(broken), "sql": jobs.Handler(sql)}
    Runner("one", empty.app_context, handlers, (), ZoneInfo("UTC")).run(once=True)
    said = log()
    assert said.count("has failed") == 2
    assert "hunter2" not in said
    assert "the-request-0123" in said


def test_granian_writes_as_we_do():
    told = logs.for_server("json")
    assert told["formatters"]["generic"]["()"] == "portal.logs.Json"
    assert logs.for_server("text")["formatters"]["generic"]["()"] == "portal.logs.Text"
