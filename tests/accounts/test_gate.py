from datetime import timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from portal import clock
from portal.accounts import gate, sessions
from portal.accounts.acts import Act
from portal.accounts.models import SignInSession
from portal.db import Base
from portal.db import db as _db
from tests import make


def test_marks_are_read_from_the_views_own_attributes():
    @gate.allows(Act.ENTER)
    def open_to_all(): ...

    @gate.allows(Act.JOBS_KEEP)
    def for_managers(): ...

    def forgotten(): ...

    assert (gate.is_public(open_to_all), gate.is_public(for_managers)) == (True, False)
    assert gate.act_of(for_managers) is Act.JOBS_KEEP
    assert (gate.act_of(forgotten), gate.is_public(forgotten)) == (None, False)


def test_a_view_without_an_act_lets_nobody_pass(app, client, db, monkeypatch):
    client.sign_in(make.user(role="admin"))
    view = app.view_functions["accounts.account"]
    assert client.get("/account").status == 200
    monkeypatch.delattr(view, "act")
    assert client.get("/account").status == 403


def test_a_view_of_no_known_act_lets_nobody_pass(app, client, db, monkeypatch):
    client.sign_in(make.user(role="admin"))
    monkeypatch.setattr(app.view_functions["accounts.account"], "act", "account.invent")
    assert client.get("/account").status == 403


def test_a_page_sends_a_stranger_to_sign_in_and_back(client):
    page = client.get("/account?changed=1")
    assert (page.status, page.location) == (303, "/sign-in?next=/account?changed%3D1")


def test_home_needs_no_way_back(client):
    assert client.get("/").location == "/sign-in"


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Mode": "cors"},
        {"Sec-Fetch-Mode": "same-origin"},
        {"X-CSRFToken": "x"},
        {"Accept": "application/json"},
    ],
)
def test_a_script_is_told_by_the_status(client, headers):
    assert client.get("/account", headers=headers).status == 401


def test_a_form_comes_back_to_its_page_when_that_was_ours(client):
    ours = client.post("/sign-out", headers={"Referer": "http://localhost/account?x=1"})
    theirs = client.post("/sign-out", headers={"Referer": "https://evil.example/account"})
    assert ours.location == "/sign-in?next=/account?x%3D1"
    assert theirs.location == "/sign-in"


def test_a_page_for_others_is_forbidden(as_):
    assert as_("contributor").get("/insights/usage").status == 403


@pytest.mark.parametrize("role", ["marketer", "manager", "admin"])
def test_a_role_covers_the_lesser_ones(as_, role):
    assert as_(role).get("/insights/usage").status == 200


def test_a_page_that_is_not_there_is_not_there(client, as_):
    assert client.get("/nowhere").status == 404
    assert as_("rep").get("/nowhere").status == 404


def test_a_token_that_opens_nothing_is_forgotten(client, db):
    client.sign_in(make.user())
    sessions.end_all(db.session.query(SignInSession).one().user_id)
    db.session.commit()
    assert client.get("/account").status == 303
    with client.app.app_context(), client.raw.session_transaction() as cookie:
        assert "_user_id" not in cookie


def test_a_copied_cookie_is_worth_nothing_after_signing_out(client, visitor):
    client.sign_in(make.user())
    cookie = client.raw.get_cookie("arsenal").value
    thief = visitor()
    thief.raw.set_cookie("arsenal", cookie)
    assert thief.get("/account").status == 200
    assert client.post("/sign-out").status == 303
    assert thief.get("/account").status == 303


def test_a_page_notes_the_use_of_its_session_and_nothing_else(client, db, monkeypatch):
    client.sign_in(make.user())
    row = db.session.query(SignInSession).one()
    now = clock.now() + timedelta(minutes=6)
    monkeypatch.setattr(clock, "now", lambda: now)
    assert client.get("/account").status == 200
    db.session.expire_all()
    assert row.last_seen_at == now


def test_the_cookie_is_not_sent_again_with_every_page(client):
    client.sign_in(make.user()).get("/account")
    page = client.get("/account")
    assert "arsenal=" not in str(page.headers.getlist("Set-Cookie"))


def test_a_request_costs_one_query_for_the_person(client, db):
    client.sign_in(make.user())
    asked = []

    def count(_c, _cursor, statement, *_rest):
        asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", count)
    try:
        client.get("/nowhere")
    finally:
        event.remove(db.engine, "before_cursor_execute", count)
    person, *rest = [s for s in asked if s.startswith("SELECT")]
    assert "FROM sessions" in person
    # without a word on which deal they work, one lookup of their next call
    assert ["FROM calls" in s for s in rest] == [True]
    assert not [s for s in asked if s.startswith(("INSERT", "UPDATE", "DELETE"))]


@pytest.mark.parametrize(("method", "after"), [("GET", True), ("POST", False)])
def test_loading_the_person_takes_no_write_lock(empty, method, after):
    """A GET goes on with the transaction that only reads; a POST begins a writing one afresh."""
    begun = []
    with empty.test_request_context("/account", method=method):
        Base.metadata.create_all(_db.engine)
        event.listen(
            _db.engine, "before_cursor_execute", lambda _c, _cu, sql, *_r: begun.append(sql)
        )
        gate._load("no such token")
        assert _db.session().in_transaction() == after
        if _db.engine.dialect.name == "sqlite":
            assert [sql for sql in begun if sql.startswith("BEGIN")] == ["BEGIN"]


@pytest.mark.parametrize("path", ["/account", "/nowhere"])
def test_a_database_that_is_gone_is_told_and_not_asked_again(as_, monkeypatch, path):
    browser, asked = as_("rep"), []

    def gone(*_args, **_values):
        asked.append(1)
        cause = Exception("server closed the connection unexpectedly")
        raise OperationalError("SELECT", {}, cause, connection_invalidated=True)

    monkeypatch.setattr(sessions, "find", gone)
    page = browser.get(path, headers={"Accept-Language": "vi"})
    assert page.status == 503
    assert page.tree.get("lang") == "vi", "a page, and in the reader's language"
    assert asked == [1]


def test_a_database_that_goes_when_who_asks_is_known_is_not_asked_again(as_, monkeypatch, db):
    browser, asked, find = as_("rep"), [], sessions.find

    def found(*args, **values):
        asked.append(1)
        return find(*args, **values)

    def gone():
        cause = Exception("server closed the connection unexpectedly")
        raise OperationalError("ROLLBACK", {}, cause, connection_invalidated=True)

    monkeypatch.setattr(sessions, "find", found)
    monkeypatch.setattr(db.session, "rollback", gone)
    page = browser.post("/preferences", data={"language": "ru"})
    assert page.status == 503
    assert asked == [1]


@pytest.mark.parametrize(("text", "status"), [("Six sites.", 401), (" ", 303)])
def test_what_somebody_wrote_is_on_the_page_that_sends_them_to_sign_in(client, db, text, status):
    page = client.post("/calls/plan", data={"goal": text})
    assert page.status == status
    assert ("Six sites." in page.text) == (status == 401)
