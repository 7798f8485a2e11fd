from datetime import timedelta

import pytest
from sqlalchemy import select, update

from portal import clock
from portal.accounts import gate, passwords
from portal.accounts.acts import Act
from portal.accounts.confirming import rules
from portal.accounts.models import SignInSession
from portal.db import db as _db
from tests import make
from tests.accounts.conftest import PASSWORD

EVERYWHERE = "/account/sign-out-everywhere"


@pytest.fixture
def stale(client, db, person):
    """The client, signed in so long ago that the portal asks once more who it is."""
    client.sign_in(person)
    forget(db)
    return client


def forget(db, ago=timedelta(minutes=10)):
    db.session.execute(update(SignInSession).values(confirmed_at=clock.now() - ago))
    db.session.commit()


def hidden(page):
    return {
        (it.get("name"), it.get("value"))
        for it in page.tree.find(".//main").iter("input")
        if it.get("type") == "hidden" and it.get("name") != "csrf_token"
    }


def test_ten_minutes_to_the_moment():
    now = clock.now()
    assert rules.is_fresh(now, now=now)
    assert rules.is_fresh(now - timedelta(seconds=599), now=now)
    assert not rules.is_fresh(now - timedelta(minutes=10), now=now)
    assert not rules.is_fresh(now + timedelta(minutes=10), now=now)
    assert not rules.is_fresh(None, now=now)


def test_who_has_just_signed_in_is_not_asked(client, person):
    assert client.sign_in(person).post(EVERYWHERE).status == 303


def test_a_form_goes_along_with_the_question(stale):
    page = stale.post(
        EVERYWHERE + "?x=1",
        data={"note": ["két", 'a\r\n"b" <c>\0'], "confirm_name": "x"},
        headers={"Referer": "http://localhost/account"},
    )
    assert page.status == 401
    assert page.headers["Cache-Control"] == "no-store"
    assert hidden(page) == {("note", "két"), ("note", 'a\n"b" <c>')}
    assert page.tree.find(".//main//form").get("action") == EVERYWHERE + "?x=1"
    assert "/account" in page.links()


def test_the_right_password_does_what_was_asked(stale, db):
    page = stale.post(EVERYWHERE, data={"confirm_password": PASSWORD})
    assert (page.status, page.location) == (303, "/sign-in")
    ended = db.session.scalars(select(SignInSession.ended_at)).one()
    assert ended is not None


def test_a_confirmation_makes_a_copied_cookie_worthless(stale, visitor, db):
    thief = visitor()
    thief.raw.set_cookie("arsenal", stale.raw.get_cookie("arsenal").value)
    assert thief.get("/account").status == 200
    page = stale.post("/confirm", data={"next": "/account", "confirm_password": PASSWORD})
    assert (page.status, page.location) == (303, "/account")
    assert thief.get("/account").status == 303
    assert stale.get("/account").status == 200
    assert stale.post(EVERYWHERE).status == 303


def test_a_wrong_password_does_nothing_and_loses_nothing(stale, db):
    page = stale.post(EVERYWHERE, data={"a": "b", "confirm_password": "wrong one"})
    assert page.status == 422
    assert "This is not your password" in page.words()
    assert ("a", "b") in hidden(page)
    assert stale.get("/account").status == 200
    assert stale.post(EVERYWHERE, data={"confirm_password": ""}).status == 422
    assert stale.post(EVERYWHERE, data={"confirm_password": "x" * 513}).status == 422


def test_guesses_come_to_an_end(stale, monkeypatch):
    with monkeypatch.context() as quick:
        quick.setattr(passwords, "verify", lambda *_: False)
        for _ in range(5):
            assert stale.post("/confirm", data={"confirm_password": "a guess"}).status == 422
    page = stale.post(EVERYWHERE, data={"a": "b", "confirm_password": PASSWORD})
    assert page.status == 429
    assert 0 < int(page.headers["Retry-After"]) <= 30
    assert ("a", "b") in hidden(page)


def test_a_stranger_who_guesses_at_the_door_keeps_nobody_from_confirming(stale, visitor, person):
    stranger = visitor()
    for _ in range(5):
        answer = stranger.post("/sign-in", data={"email": person.email, "password": "a guess"})
        assert answer.status == 422
    guess = {"email": person.email, "password": PASSWORD}
    assert stranger.post("/sign-in", data=guess).status == 429
    assert stale.post("/confirm", data={"confirm_password": PASSWORD}).status == 303


def test_a_page_that_is_dangerous_to_open_is_opened_after_the_question(stale, app, monkeypatch):
    monkeypatch.setitem(
        app.view_functions,
        "accounts.account",
        gate.dangerous(app.view_functions["accounts.account"]),
    )
    page = stale.get("/account?changed=session")
    assert (page.status, page.location) == (303, "/confirm?next=/account?changed%3Dsession")
    page = stale.get(page.location)
    assert page.status == 200
    assert ("next", "/account?changed=session") in hidden(page)
    done = stale.post(
        "/confirm", data={"next": "/account?changed=session", "confirm_password": PASSWORD}
    )
    assert done.location == "/account?changed=session"
    assert stale.get(done.location).status == 200


def test_nobody_is_led_elsewhere(stale):
    page = stale.post("/confirm", data={"next": "//evil.example", "confirm_password": PASSWORD})
    assert page.location == "/"


def test_a_script_is_told_where_to_confirm(stale):
    page = stale.post(EVERYWHERE, headers={"X-CSRFToken": "x"})
    assert (page.status, page.headers["X-Confirm"]) == (403, "/confirm")


def test_who_has_no_password_signs_in_again(client, db):
    client.sign_in(make.user())
    forget(db)
    page = client.post(EVERYWHERE)
    assert page.status == 401
    assert "Sign out and sign in again" in page.words()
    assert client.post(EVERYWHERE, data={"confirm_password": "a guess"}).status == 422
    assert client.post(EVERYWHERE, data={"confirm_demo": "1"}).status == 422


def test_who_confirmed_elsewhere_sends_the_form_again(stale, app, monkeypatch, db):
    @gate.allows(Act.ACCOUNT)
    def elsewhere():
        gate.confirm_now()
        return "", 204

    monkeypatch.setitem(app.view_functions, "accounts.account", elsewhere)
    assert stale.post(EVERYWHERE).status == 401
    assert stale.get("/account").status == 204
    assert stale.post(EVERYWHERE).status == 303


def test_in_the_demo_a_click_is_enough(client, db, app, monkeypatch):
    config = app.config["PORTAL"].model_copy(update={"demo": True})
    monkeypatch.setitem(app.config, "PORTAL", config)
    client.sign_in(make.user("lan@tarvel.example"))
    forget(db)
    page = client.post(EVERYWHERE)
    assert ("confirm_demo", "1") in hidden(page)
    assert client.post(EVERYWHERE, data={"confirm_demo": "1"}).status == 303


def test_a_session_that_ended_meanwhile_is_not_confirmed(stale, db, monkeypatch):
    def slow(_stored, _text):
        _db.session.execute(update(SignInSession).values(ended_at=clock.now()))
        _db.session.commit()
        return True

    monkeypatch.setattr(passwords, "verify", slow)
    assert stale.post("/confirm", data={"confirm_password": PASSWORD}).status == 404


def test_a_password_changed_while_it_is_checked_is_a_wrong_one(stale, person, monkeypatch):
    def slow(_stored, _text):
        _db.session.get(type(person), person.id).password_hash = "changed"
        _db.session.commit()
        return True

    monkeypatch.setattr(passwords, "verify", slow)
    assert stale.post("/confirm", data={"confirm_password": PASSWORD}).status == 422


def test_the_audit_log_is_not_taken_away_by_a_session_left_open(client, db):
    client.sign_in(make.user(role="admin"))
    assert client.get("/audit?format=csv").status == 200
    forget(db)
    assert client.get("/audit").status == 200
    assert client.get("/audit?format=csv").location == "/confirm?next=/audit?format%3Dcsv"


def test_what_asks_for_an_answer_gets_one():
    from portal.accounts.confirming import service
    from portal.accounts.confirming.ways import WrongAnswer

    with pytest.raises(WrongAnswer):
        service.confirm(None, {"confirm_name": "x"})
