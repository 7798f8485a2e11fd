"""Whoever guesses at a secret is slowed down: the map of routes is walked, and each is guessed at."""

from dataclasses import asdict

import pytest
from sqlalchemy import insert, update

from portal import clock
from portal.accounts import gate, guessing, passwords
from portal.accounts.acts import Act
from portal.accounts.factors.models import AuthenticatorApp, RecoveryCode
from portal.accounts.models import SignInSession
from portal.accounts.rules import FREE_PER_ADDRESS
from portal.accounts.second import service as second
from portal.accounts.second.presenting import KEPT
from portal.db import db
from tests import make
from tests.house.test_routes import SAFE, routes

# public routes that take no secret; a new one needs a line here, and a thought
NO_SECRET = {
    "accounts.preferences",  # language and appearance
    "accounts.demo_sign_in",  # a button, and no route outside a demo
    "web.static_file",
    "passkeys.sign_in_submit",  # a signature: there is nothing to guess
    "second.set_up_submit",  # a code of an app whose secret the page has just shown
}
# views that ask once more who it is, and change what a stolen session must not change
DANGEROUS = {
    "accounts.end_session", "accounts.end_others", "accounts.sign_out_everywhere", "people.invite_submit",
    "people.change", "people.deactivate", "people.activate", "people.end_sessions", "people.send_link",
    "privacy.mine", "privacy.erase_submit", "factors.app", "factors.set_up_app", "factors.remove_app",
    "factors.new_codes", "passkeys.new", "passkeys.add", "passkeys.remove",
}  # fmt: skip
WRONG = {
    "password": "a guess", "current": "a guess", "confirm_password": "a guess", "code": "000000",
    "new": "a fine old pond", "repeat": "a fine old pond",
}  # fmt: skip


def takes_secret(view, method, rule):
    """Whether somebody who knows nothing could try to guess something there."""
    by_anybody = gate.is_public(view) and (method not in SAFE or rule.arguments)
    asked_first = gate.is_dangerous(view) and method not in SAFE  # a link leads to the question
    return by_anybody or asked_first or guessing.is_guessable(view)


def half_in(browser):
    """Somebody who gave the right password, and guesses at the code now."""
    half = second.owed(make.user(role="admin", password_hash="x").id, {"admin"})
    db.session.execute(insert(RecoveryCode).values(user_id=half.user_id, code_hash="x"))
    db.session.execute(
        insert(AuthenticatorApp).values(
            user_id=half.user_id, secret="x", last_counter=0, created_at=clock.now()
        )
    )
    db.session.commit()
    with browser.raw.session_transaction() as cookie:
        cookie[KEPT] = asdict(half)


BEFORE = {"second.answer": half_in}
"""What stands before a secret that can only be guessed at by who knows another."""


def guessable(app):
    return [
        (endpoint, method, rule)
        for endpoint, method, rule in routes(app)
        if endpoint not in NO_SECRET and takes_secret(app.view_functions[endpoint], method, rule)
    ]


def test_every_route_that_takes_a_secret_says_so(built):
    unmarked = [
        endpoint
        for endpoint, _method, _rule in guessable(built)
        if not guessing.is_guessable(built.view_functions[endpoint])
        and not gate.is_dangerous(built.view_functions[endpoint])
    ]
    assert unmarked == []
    assert {endpoint for endpoint, _, _ in routes(built)} >= NO_SECRET


def test_a_new_public_form_or_link_would_be_seen(built):
    rules = {endpoint: rule for endpoint, _, rule in routes(built)}

    @gate.allows(Act.ENTER)
    def forgotten(): ...

    def closed(): ...

    assert takes_secret(forgotten, "POST", rules["search.page"])
    assert takes_secret(forgotten, "GET", rules["library.show"])
    assert not takes_secret(forgotten, "GET", rules["search.page"])
    assert not takes_secret(closed, "POST", rules["search.page"])
    assert takes_secret(guessing.guessable("x", within=True)(closed), "POST", rules["search.page"])


def test_what_is_dangerous_asks_who_it_is(built):
    marked = {name for name, view in built.view_functions.items() if gate.is_dangerous(view)}
    assert marked >= DANGEROUS


@pytest.mark.usefixtures("client", "db")
def test_guesses_come_to_an_end_everywhere(app, visitor, monkeypatch):
    """Each time another account from another address of one /64: then the network has to wait."""
    monkeypatch.setattr(passwords, "verify", lambda *_: False)
    config = app.config["PORTAL"].model_copy(update={"smtp_host": "127.0.0.1"})
    monkeypatch.setitem(app.config, "PORTAL", config)
    open_ended = []
    for place, (endpoint, method, rule) in enumerate(guessable(app)):
        if method == "GET" and gate.is_dangerous(app.view_functions[endpoint]):
            continue  # it leads to the page that asks, which is one of these
        browser = visitor()
        if not gate.is_public(app.view_functions[endpoint]):
            browser.sign_in(make.user(role="admin", password_hash="x"))
            db.session.execute(update(SignInSession).values(confirmed_at=None))
            db.session.commit()
        said = [
            BEFORE.get(endpoint, lambda _: None)(browser)
            or guess(app, browser, rule, method=method, address=f"2001:db8:0:{place:x}::{n:x}", n=n)
            for n in range(FREE_PER_ADDRESS + 1)
        ]
        if said[-1] != 429 or not set(said) <= {303, 404, 422, 429}:
            open_ended.append((endpoint, method, said))
    assert open_ended == []


def guess(app, browser, rule, *, method, address, n):
    with app.test_request_context():
        values = {name: n + 1 if name == "number" else f"guess{n}" for name in rule.arguments}
        where = rule.build(values)[1]
    data = {**WRONG, "email": f"guess{n}@example.com"}
    ask = browser.get if method == "GET" else browser.post
    told = {} if method == "GET" else {"data": data}
    return ask(where, environ_base={"REMOTE_ADDR": address}, **told).status


@pytest.mark.parametrize("view", ["accounts.sign_in_submit", "tickets.forgotten_submit"])
def test_a_mark_alone_would_be_seen(app, client, view, monkeypatch):
    """The walk looks at answers, not at marks: with the throttle away it would fail."""
    from portal.accounts import throttle

    monkeypatch.setattr(throttle, "seconds_to_wait", lambda *_, **__: 0)
    monkeypatch.setattr(passwords, "verify", lambda *_: False)
    rule = next(rule for endpoint, _, rule in routes(app) if endpoint == view)
    said = [guess(app, client, rule, method="POST", address="2001:db8::1", n=1) for _ in range(32)]
    assert 429 not in said
