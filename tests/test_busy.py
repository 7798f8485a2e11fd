"""When the database has no turn: a page that keeps what was typed, on both databases; never a 500."""

import sqlite3
from urllib.parse import urlsplit

import pytest
from sqlalchemy import event, text

from portal.db import Base, db, is_busy, reading
from portal.library.publishing import queries
from portal.library.publishing import service as publishing
from tests import make
from tests.page import Client

STATES = ["40001", "40P01", "55P03"]  # not serial, deadlock, no lock
BODY = "## Why we win\r\n\r\n  We “save” <b>two</b> hours & a day.\r\n"


@pytest.fixture
def portal(empty, monkeypatch):
    """A portal with an asset and a marketer signed in; SQLite's patience is short here."""
    monkeypatch.setitem(empty.config, "WTF_CSRF_ENABLED", False)
    with empty.app_context():
        if db.engine.dialect.name == "sqlite":
            event.listen(db.engine, "connect", lambda raw, _: raw.execute("PRAGMA busy_timeout=50"))
        Base.metadata.create_all(db.engine)
        make.text(make.asset("kestrel"))
        browser = Client(empty).sign_in(make.user(role="marketer"))
        db.session.commit()
        db.session.remove()
    return empty, browser


@pytest.fixture
def hold(portal, monkeypatch):
    """A function that keeps everybody else from writing until what it returns is called."""
    app, _ = portal

    def begin(state="40P01"):
        with app.app_context():
            engine = db.engine
        if engine.dialect.name == "sqlite":
            other = sqlite3.connect(engine.url.database, isolation_level=None)
            other.execute("BEGIN IMMEDIATE")
            return other.close
        save = publishing.save

        def overtaken(*_args, **_values):
            raising = f"DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{state}'; END $$"
            db.session.execute(text(raising))

        monkeypatch.setattr(publishing, "save", overtaken)
        return lambda: monkeypatch.setattr(publishing, "save", save)

    return begin


def fields(page):
    """What a browser sends of the page's form."""
    form = next(f for f in page.tree.iter("form") if "form" in f.get("class", "").split())
    told = {}
    for node in form.iter():
        if node.tag == "input":
            told[node.get("name")] = node.get("value")
        elif node.tag == "textarea":
            told[node.get("name")] = "".join(node.itertext()).replace("\n", "\r\n")
    return form.get("action"), told


def newest(app):
    with app.app_context(), reading():
        return queries.newest(queries.asset_by_slug("kestrel").id, "en")


@pytest.mark.parametrize("state", STATES)
def test_what_was_typed_is_kept_and_sent_again(portal, hold, state):
    app, browser = portal
    typed = {"title": "Kestrel, again", "body": BODY, "base": "1", "tags": "a, b", "summary": "S"}
    release = hold(state)
    page = browser.post("/desk/kestrel/en", data=typed, headers={"Accept-Language": "vi"})
    assert page.status == 503
    assert page.headers["Retry-After"] == "5"
    assert newest(app).number == 1
    where, told = fields(page)
    assert urlsplit(where).path == "/desk/kestrel/en"
    assert typed.items() <= told.items()
    release()
    assert browser.post(where, data=told).status == 303
    assert newest(app).number == 2
    assert newest(app).body.strip() == BODY.replace("\r\n", "\n").strip()


def test_a_script_is_told_by_the_status_alone(portal, hold):
    _, browser = portal
    release = hold()  # held as long as this is
    sent = {"title": "K", "body": BODY, "base": "1"}
    page = browser.raw.post("/desk/kestrel/en", data=sent, headers={"X-CSRFToken": "x"})
    assert (page.status_code, page.data) == (503, b"")
    assert page.headers["Retry-After"] == "5"
    release()


def test_another_trouble_with_the_database_is_a_failure(portal):
    app, _ = portal
    with app.app_context():
        with pytest.raises(Exception, match="no_such_table") as caught:
            db.session.execute(text("SELECT 1 FROM no_such_table"))
        db.session.rollback()
        assert not is_busy(caught.value)
    assert not is_busy(ValueError("locked"))
