import re

from flask import Flask, g, session

from portal.web import locale, signing

NAMED = re.compile(r'name="csrf-token" content="([^"]+)"')


def token(browser):
    return NAMED.search(browser.get("/page", headers={"X-Role": "rep"}).text)[1]


def test_a_browser_gets_a_token_of_its_own_that_its_forms_are_taken_with(face):
    mine, other = face.test_client(), face.test_client()
    signed = token(mine)
    assert token(mine) == signed != token(other)
    assert mine.post("/form", data={"a": "x", "csrf_token": signed}).text == "x"
    assert other.post("/form", data={"a": "x", "csrf_token": signed}).status_code == 400


def test_tokens_are_forgotten_when_there_are_too_many(face):
    make = signing.form_token(most=1)
    with face.test_request_context():
        session["csrf_token"] = "a" * 40
        first = make()
        g.pop("csrf_token")
        session["csrf_token"] = "b" * 40
        second = make()
        g.csrf_token = "signed anew"
        assert (make(), first != second) == (second, True)
        session["csrf_token"] = "a" * 40
        assert make() == "signed anew"


def test_the_serializer_is_made_once_for_a_secret():
    app, cookies = Flask("portal"), signing.Cookies()
    assert cookies.get_signing_serializer(app) is None
    app.secret_key = "one"
    first = cookies.get_signing_serializer(app)
    assert cookies.get_signing_serializer(app) is first
    app.secret_key = "two"
    assert cookies.get_signing_serializer(app).dumps({}) != first.dumps({})


def test_the_language_is_asked_of_flask_babel_once(face):
    assert locale.of_request() is None
    with face.test_request_context(headers={"Accept-Language": "vi"}):
        assert locale.of_request().language == "vi"
        g._flask_babel.babel_locale = None  # what `refresh()` does
        assert locale.code() == "vi"
