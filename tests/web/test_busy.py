"""The page for a database that had no turn: what it shows of what was sent, and to whom."""

import errno
import io
from sqlite3 import OperationalError as Busy

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from tests.web.conftest import build


def locked(*_args, **_values):
    cause = Busy("database is locked")
    cause.sqlite_errorcode = 517  # busy with a snapshot: an extended code
    raise OperationalError("BEGIN IMMEDIATE", {}, cause)


def no_connection():
    raise PoolTimeout


@pytest.fixture(scope="module")
def browser():
    app = build()
    app.config["WTF_CSRF_ENABLED"] = False
    app.add_url_rule("/locked", "locked", locked, methods=["GET", "POST"])
    app.add_url_rule("/full", "full", no_connection)
    more = {"no-room": full, "no-room-in-database": full_database, "gone": gone, "missing": missing}
    for path, view in more.items():
        app.add_url_rule(f"/{path}", path, view, methods=["GET", "POST"])
    return app.test_client()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "somebody else was saving"),
        ("vi", "có người khác cũng đang lưu"),
        ("ru", "в ту же секунду сохранял"),
    ],
)
def test_it_says_so_in_the_readers_language(browser, language, words):
    answer = browser.post("/locked", headers={"Accept-Language": language})
    assert answer.status_code == 503
    assert words in answer.get_data(as_text=True)


def test_what_was_asked_for_is_offered_again(browser):
    for where in ("/locked?a=1&b=%22", "/full"):
        answer = browser.get(where)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
        assert f'href="{where.replace("&", "&amp;")}"' in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "sent",
    [
        {"email": "a@example.com", "new_password": "open sesame"},
        {"note": "open sesame", "file": (io.BytesIO(b"x"), "x.pdf")},
        {"note": "open sesame" * 2000},  # more than the application takes
    ],
    ids=["password", "file", "large"],
)
def test_passwords_files_and_floods_are_not_put_into_the_page(browser, sent):
    text = browser.post("/locked", data=sent).get_data(as_text=True)
    assert "open sesame" not in text
    assert "Go back and send it once more" in text


def full(*_args, **_values):
    raise OSError(errno.ENOSPC, "No space left on device")


def full_database():
    cause = Busy("database or disk is full")
    cause.sqlite_errorcode = 13
    raise OperationalError("INSERT", {}, cause)


def gone():
    cause = Exception("server closed the connection unexpectedly")
    raise OperationalError("SELECT", {}, cause, connection_invalidated=True)


def missing():
    raise FileNotFoundError(errno.ENOENT, "secret path")


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/no-room", 507, "no room left on its disk"),
        ("/no-room-in-database", 507, "no room left on its disk"),
        ("/gone", 503, "can not reach its database"),
        ("/missing", 500, "Something broke on our side"),
    ],
)
def test_a_full_disk_and_a_database_that_is_gone_are_told(browser, path, status, words):
    answer = browser.post(path, data={"note": "typed"})
    text = answer.get_data(as_text=True)
    assert (answer.status_code, answer.headers.get("Retry-After")) == (
        status,
        None if status == 500 else "5",
    )
    assert words in text
    assert "secret path" not in text
    assert ("typed" in text) == (status != 500), "what was typed can be sent again"
