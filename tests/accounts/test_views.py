import re

import pytest
from sqlalchemy import select

from portal.accounts.models import SignInAttempt, SignInSession, User
from tests import make
from tests.accounts.conftest import PASSWORD


def sign_in(client, email="mai@example.com", password=PASSWORD, **values):
    return client.post("/sign-in", data={"email": email, "password": password, **values})


def test_the_form_leads_where_one_wanted_to_go(client, person):
    page = client.get("/sign-in?next=/account")
    assert page.tree.find(".//input[@name='next']").get("value") == "/account"
    assert "Sign in" in page.words()
    done = sign_in(client, next="/account")
    assert (done.status, done.location) == (303, "/account")
    assert "Đỗ Thanh Mai" in client.get("/account").words()


def test_the_field_takes_addresses_that_browsers_would_rewrite(client, db, hashed):
    make.user("пётр@пример.рф", password_hash=hashed)
    db.session.commit()
    box = client.get("/sign-in").tree.find(".//input[@name='email']")
    assert (box.get("type"), box.get("inputmode")) == ("text", "email")
    assert box.get("autocomplete") == "username"
    assert sign_in(client, "пётр@пример.рф").status == 303


@pytest.mark.parametrize(
    "target", ["//evil.example", "/\\evil.example", "https://evil.example", "/\t/evil.example"]
)
def test_nobody_is_sent_elsewhere(client, person, target):
    page = client.get("/sign-in", query_string={"next": target})
    assert page.tree.find(".//input[@name='next']").get("value") in ("", None)
    assert sign_in(client, next=target).location == "/"


@pytest.mark.parametrize("target", ["/?q=" + "x" * 3000, "/?q=a\0", "/?q=\u202e", "//evil.example"])
def test_an_address_that_can_not_be_kept_leads_home_and_spoils_no_form(client, person, target):
    page = sign_in(client, password="wrong one", next=target)
    assert page.tree.find(".//input[@name='next']").get("value") in ("", None)
    done = sign_in(client, next=target)
    assert (done.status, done.location) == (303, "/")
    done = client.post("/preferences", data={"language": "vi", "next": target})
    assert (done.status, done.location) == (303, "/")
    assert client.get("/account").tree.get("lang") == "vi"


def test_a_wrong_password_is_told_and_kept_in_mind(client, person, db):
    page = sign_in(client, password="wrong one")
    assert page.status == 422
    assert "do not belong together" in page.words()
    assert "wrong one" not in page.text
    assert page.tree.find(".//input[@name='email']").get("value") == "mai@example.com"
    assert db.session.scalars(select(SignInAttempt.succeeded)).all() == [False]
    assert client.get("/account").status == 303


def test_who_fails_too_often_waits(client, person):
    for _ in range(5):
        sign_in(client, password="wrong one")
    page = sign_in(client)
    assert page.status == 429
    assert 0 < int(page.headers["Retry-After"]) <= 30
    assert "wait 1 minute" in page.words()


@pytest.mark.parametrize(
    "data",
    [{}, {"email": "mai@example.com"}, {"email": "x" * 300, "password": "y"}, {"email": "a\0b@c", "password": "y"},
     {"email": "mai@example.com", "password": "y" * 100_000}, {"email": "mai@example.com", "password": "\0"},
     {"email": b"\xff\xfe@x", "password": b"\xff"}],
)  # fmt: skip
def test_odd_input_is_refused_with_a_page(client, person, data):
    page = client.post("/sign-in", data=data)
    assert page.status == 422
    assert "Sign in" in page.words()


def test_signing_in_takes_a_new_session_and_leaves_nothing_of_the_old(client, person):
    with client.app.app_context(), client.raw.session_transaction() as cookie:
        cookie.update(_user_id="planted", leftover="planted")
    sign_in(client)
    with client.app.app_context(), client.raw.session_transaction() as cookie:
        assert cookie["_user_id"] != "planted"
        assert "leftover" not in cookie


def test_who_is_signed_in_goes_on(as_):
    page = as_("rep").get("/sign-in?next=/account")
    assert (page.status, page.location) == (303, "/account")


def test_the_cookie_is_for_this_site_and_no_script(client, person):
    cookie = sign_in(client).headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Expires=" in cookie


def test_forms_need_their_token(client, person, app, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    assert sign_in(client).status == 400
    token = re.search(r'name="csrf-token" content="([^"]+)"', client.get("/sign-in").text)[1]
    assert sign_in(client, csrf_token=token).status == 303


def test_signing_out_ends_the_session(as_, db):
    client = as_("rep")
    page = client.post("/sign-out")
    assert (page.status, page.location) == (303, "/sign-in")
    assert db.session.scalars(select(SignInSession.ended_at)).one() is not None
    assert client.get("/account").status == 303


def test_the_account_page_tells_this_browser_from_others(client, visitor, db):
    user = make.user(role="marketer", team_id=make.team("Marketing").id, department="customer-care")
    visitor().sign_in(user)
    words = client.sign_in(user).get("/account").words()
    assert words.count("This one") == 1
    assert words.count("192.0.2.1") == 2
    assert "Customer care" in words


def test_signing_out_everywhere_reaches_every_browser(client, visitor):
    user, other = make.user(), make.user()
    phone, stranger = visitor().sign_in(user), visitor().sign_in(other)
    assert client.sign_in(user).post("/account/sign-out-everywhere").status == 303
    assert [c.get("/account").status for c in (client, phone, stranger)] == [303, 303, 200]


def test_one_session_is_ended_by_its_owner_only(db, client, visitor):
    user, other = make.user(), make.user()
    phone, stranger = visitor().sign_in(user), visitor().sign_in(other)
    client.sign_in(user)
    mine, *others = [
        form.get("action")
        for form in client.get("/account").tree.iter("form")
        if "/sessions/" in form.get("action", "")
    ]
    assert others == []  # this one has no button
    assert stranger.post(mine).status == 404
    assert phone.get("/account").status == 200
    done = client.post(mine)
    assert (done.status, done.location) == (303, "/account?changed=session")
    assert "That device is signed out" in client.get(done.location).words()
    assert [c.get("/account").status for c in (client, phone, stranger)] == [200, 303, 200]
    assert client.post(mine).status == 404
    assert client.post("/account/sessions/99999999999999999999/ended").status == 404
    assert client.get(mine).status == 405


def test_ending_the_session_in_use_signs_out(db, client):
    client.sign_in(make.user())
    number = db.session.scalars(select(SignInSession.id)).one()
    done = client.post(f"/account/sessions/{number}/ended")
    assert (done.status, done.location) == (303, "/sign-in")


def test_all_other_sessions_are_ended(client, visitor, person):
    phone, stranger = visitor().sign_in(person), visitor().sign_in(make.user())
    client.sign_in(person)
    page = client.post("/account/sign-out-others")
    assert page.location == "/account?changed=others"
    page = client.get(page.location)
    assert "All your other devices are signed out" in page.words()
    assert "Sign out all others" not in page.words()
    assert phone.get("/account").status == 303
    assert stranger.get("/account").status == 200


def change(client, current=PASSWORD, new="a new long one", repeat=None):
    data = {"current": current, "new": new, "repeat": new if repeat is None else repeat}
    return client.post("/account/password", data=data)


def test_a_changed_password_signs_the_others_out(client, visitor, person):
    phone = visitor().sign_in(person)
    client.sign_in(person)
    page = change(client)
    assert (page.status, page.location) == (303, "/account?changed=password")
    assert "Your password is changed" in client.get(page.location).words()
    assert phone.get("/account").status == 303
    assert sign_in(visitor(), password="a new long one").status == 303


@pytest.mark.parametrize(
    ("values", "words"),
    [({"current": "wrong one"}, "not your current password"), ({"new": "short"}, "At least 8"),
     ({"new": "x" * 129}, "At most 128"), ({"new": "\0" * 9}, "can not be used"),
     ({"repeat": "a slip"}, "differ"), ({"current": ""}, "fill this in"), ({"current": "x" * 9999}, "too long")],
)  # fmt: skip
def test_a_password_that_will_not_do_changes_nothing(client, person, db, values, words):
    before = person.password_hash
    page = change(client.sign_in(person), **values)
    assert page.status == 422
    assert words in page.words()
    db.session.expire_all()
    assert person.password_hash == before
    assert client.get("/account").status == 200


def test_preferences_of_a_stranger_are_cookies(client):
    page = client.post("/preferences", data={"theme": "dark", "next": "/sign-in"})
    assert (page.status, page.location) == (303, "/sign-in")
    page = client.post("/preferences", data={"language": "vi", "next": "//evil.example"})
    assert page.location == "/"
    root = client.get("/sign-in").tree
    assert (root.get("lang"), root.get("data-theme")) == ("vi", "dark")


def test_the_language_is_kept_with_the_person(client, visitor, db):
    user = make.user()
    client.sign_in(user).post("/preferences", data={"language": "ru"})
    db.session.expire_all()
    assert db.session.get(User, user.id).language == "ru"
    assert visitor().sign_in(user).get("/account").tree.get("lang") == "ru"


@pytest.mark.parametrize("data", [{"theme": "pink"}, {"language": "xx"}, {"theme": "\0"}])
def test_preferences_nobody_offers_are_refused(client, data):
    page = client.post("/preferences", data=data)
    assert page.status == 422
    kept = [line.partition("=")[0] for line in page.headers.getlist("Set-Cookie")]
    assert not {"theme", "language"} & set(kept)


def test_there_is_no_demo_outside_the_demo(client, db):
    make.user("lan@tarvel.example")
    db.session.commit()
    assert client.post("/demo/sign-in", data={"email": "lan@tarvel.example"}).status == 404
    assert "lan@tarvel.example" not in client.get("/sign-in").text


def test_in_the_demo_a_button_is_enough(client, db, app, monkeypatch):
    config = app.config["PORTAL"].model_copy(update={"demo": True})
    monkeypatch.setitem(app.config, "PORTAL", config)
    make.user("lan@tarvel.example", name="Nguyễn Thị Lan")
    make.user("real@example.com", role="admin")
    db.session.commit()
    page = client.get("/sign-in")
    assert [b.get("value") for b in page.tree.iter("button") if b.get("name") == "email"] == [
        "lan@tarvel.example"
    ]
    assert client.post("/demo/sign-in", data={"email": "real@example.com"}).status == 404
    assert client.post("/demo/sign-in", data={"email": "\0"}).status == 404
    done = client.post("/demo/sign-in", data={"email": "lan@tarvel.example", "next": "/account"})
    assert done.location == "/account"
    assert "Nguyễn Thị Lan" in client.get("/account").words()
