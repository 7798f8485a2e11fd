"""Passkeys in Chromium with a virtual authenticator: added, shown, cancelled, of elsewhere, cloned."""

import threading

import pytest
from werkzeug.serving import make_server

from portal.accounts import passwords, service
from portal.accounts.rules import Role
from portal.app import create_app
from portal.config import Config
from portal.db import Base
from portal.db import db as _db
from tests.browser import Tab, free_port

pytestmark = pytest.mark.browser

PASSWORD = "correct horse 42"
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class Served:
    """A portal on `localhost`, since browsers make no keys for bare addresses; and beside it."""

    def __init__(self, folder):
        self.ports = free_port(), free_port()
        self.url, self.beside = (f"http://localhost:{port}" for port in self.ports)
        secret = "not a secret: only tests use this one"
        self.app = create_app(Config(data_dir=folder, secret_key=secret, base_url=self.url))
        with self.app.app_context():
            Base.metadata.create_all(_db.engine)
            service.add_user(
                "mai@example.com", name="Đỗ Thanh Mai", role=Role.REP, password=PASSWORD
            )
            _db.session.commit()
        self.servers = [make_server("127.0.0.1", p, self.app, threaded=True) for p in self.ports]
        self.threads = [threading.Thread(target=s.serve_forever) for s in self.servers]
        for thread in self.threads:
            thread.start()

    def close(self):
        for server, thread in zip(self.servers, self.threads, strict=True):
            server.shutdown()
            thread.join()
            server.server_close()
        with self.app.app_context():
            _db.engine.dispose()


@pytest.fixture
def served(tmp_path):
    assert passwords.DUMMY
    portal = Served(tmp_path)
    yield portal
    portal.close()


@pytest.fixture
def tab(engine, served):
    context = engine.new_context(locale="en-GB")
    tab = Tab(context, served.url)
    tab.cdp = context.new_cdp_session(tab.page)
    tab.cdp.send("WebAuthn.enable")
    made = tab.cdp.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    tab.device = {"authenticatorId": made["authenticatorId"]}
    yield tab
    context.close()


def in_by_password(tab):
    tab.open("/sign-in")
    tab.page.get_by_label("E-mail").fill("mai@example.com")
    tab.page.get_by_label("Password").fill(PASSWORD)
    tab.page.get_by_role("button", name="Sign in", exact=True).click()
    tab.page.wait_for_url("**/")


def add_key(tab):
    in_by_password(tab)
    tab.open("/account/factors")
    tab.page.get_by_role("link", name="Add a passkey").click()
    tab.page.get_by_role("button", name="Make a passkey").click()
    tab.page.wait_for_url("**/account/factors?done=*")
    tab.check()


def out(tab):
    tab.page.context.clear_cookies()
    tab.open("/sign-in")


def keys(tab):
    return tab.cdp.send("WebAuthn.getCredentials", tab.device)["credentials"]


def refused(tab, words):
    tab.page.get_by_role("alert").filter(has_text=words).wait_for()
    assert "/sign-in/passkey" in tab.page.url


def test_a_key_is_added_and_signs_in(tab):
    add_key(tab)
    (key,) = keys(tab)
    assert (key["isResidentCredential"], key["rpId"]) == (True, "localhost")
    out(tab)
    tab.page.get_by_role("link", name="Sign in with a passkey").click()
    tab.page.wait_for_url("**/")
    tab.open("/account")
    assert "mai@example.com" in tab.page.inner_text("main")
    tab.check()
    tab.open("/account/passkeys/new")
    tab.page.get_by_role("button", name="Make a passkey").click()
    tab.page.get_by_role("alert").filter(has_text="has a passkey of yours already").wait_for()


def test_who_does_not_show_who_they_are_stays_out_and_may_try_again(tab):
    add_key(tab)
    out(tab)
    tab.cdp.send("WebAuthn.setUserVerified", {**tab.device, "isUserVerified": False})
    tab.open("/sign-in/passkey")
    refused(tab, "your device gave no passkey")
    tab.cdp.send("WebAuthn.setUserVerified", {**tab.device, "isUserVerified": True})
    tab.page.get_by_role("button", name="Use a passkey").click()
    tab.page.wait_for_url("**/")
    tab.check()


def test_another_origin_is_refused(tab, served):
    add_key(tab)
    out(tab)
    tab.open(served.beside + "/sign-in/passkey")  # the same keys, for browsers; not for us
    refused(tab, "This passkey is not known here.")
    tab.open("/account")
    assert "/sign-in" in tab.page.url


def test_a_cloned_key_is_noticed(tab):
    add_key(tab)
    (clone,) = keys(tab)
    for _ in range(2):
        out(tab)
        tab.open("/sign-in/passkey")
        tab.page.wait_for_url(tab.base + "/")
    tab.cdp.send("WebAuthn.clearCredentials", tab.device)
    tab.cdp.send("WebAuthn.addCredential", {**tab.device, "credential": clone})
    out(tab)
    tab.open("/sign-in/passkey")
    refused(tab, "may have been copied")


def test_a_removed_key_opens_nothing(tab):
    add_key(tab)
    tab.page.get_by_role("button", name="Remove").click()
    tab.page.wait_for_url("**done=gone")
    out(tab)
    tab.open("/sign-in/passkey")
    refused(tab, "This passkey is not known here.")
