"""Who is deactivated is out at her next request, everywhere; another role counts from then on, too."""

import os
import subprocess
import sys
from time import monotonic

import pytest

from portal.accounts import gate, service, sessions
from portal.accounts.models import User
from portal.accounts.rules import Role
from portal.app import create_app
from portal.db import Base, db
from portal.library.mail import message
from tests import make
from tests.browser import ROOT
from tests.page import Client

AT_MOST = 5.0
FOLLOWED = {"accounts.sign_out"}


@pytest.fixture
def workers(empty):
    """Two workers of one portal: applications of their own over one database."""
    empty.config["WTF_CSRF_ENABLED"] = False
    with empty.app_context():
        Base.metadata.create_all(db.engine)
    other = create_app(empty.config["PORTAL"])
    other.testing = True
    other.config["WTF_CSRF_ENABLED"] = False
    yield empty, other
    with other.app_context():
        db.session.remove()
        db.engine.dispose()


def entered(app, other, role="manager"):
    """A browser of somebody who is signed in, for each worker; and her number."""
    with app.app_context():
        person = make.user("lan@example.com", name="Lan", role=role)
        make.user(role="admin")
        it = make.asset("kestrel")
        make.text(it)
        db.session.commit()
        here = Client(app).sign_in(person)
        number = person.id
    there = Client(other)
    with here.raw.session_transaction() as mine, there.raw.session_transaction() as same:
        same.update(mine)  # her one cookie, whichever worker is asked
    return here, there, number


def changed(app, number, what):
    with app.app_context():
        what(db.session.get(User, number))
        db.session.commit()


def addresses(app):
    """Every address that can be followed and names nothing, and one kept page."""
    with app.test_request_context():
        found = [
            rule.rule
            for rule in app.url_map.iter_rules()
            if "GET" in rule.methods and not rule.arguments
            and not gate.is_public(app.view_functions[rule.endpoint])
        ]  # fmt: skip
    return [*sorted(found), "/assets/kestrel", "/assets/kestrel/en"]


def is_out(page):
    return page.status == 401 or (page.status == 303 and page.location.startswith("/sign-in"))


def test_every_page_is_closed_at_once_in_every_worker(workers):
    app, other = workers
    here, there, number = entered(app, other)
    every = addresses(app)
    marks = {}
    for address in every:
        page = here.get(address)
        assert not is_out(page), address
        marks[address] = page.headers.get("ETag", '"x"')
    assert there.get("/assets/kestrel").status == 200  # and is kept there now
    changed(other, number, service.deactivate)
    for client in (here, there):
        left = [it for it in every if not is_out(client.get(it))]
        left += [
            it for it in every if not is_out(client.get(it, headers={"If-None-Match": marks[it]}))
        ]
        assert left == []
    assert here.get("/search/hints?q=k", headers={"Sec-Fetch-Mode": "cors"}).status == 401


def test_files_and_forms_are_closed_at_once(workers):
    app, other = workers
    here, there, number = entered(app, other)
    name = "ab" * 16
    assert there.get(f"/files/{name}").status == 404
    changed(app, number, service.deactivate)
    for client in (here, there):
        assert is_out(client.get(f"/files/{name}"))
        assert is_out(client.get(f"/files/{name}", headers={"Range": "bytes=1-"}))
        assert is_out(client.post("/collections/", data={"name": "x"}))
        assert is_out(client.post("/desk/notices/read"))


def test_signed_links_of_hers_open_nothing_any_more(workers):
    app, other = workers
    here, there, number = entered(app, other)
    token = message.token(app.config["PORTAL"].secret_key, number, "talk")
    link = f"/mail/mute/{token}"
    assert (here.get(link).status, there.post(link).status) == (200, 200)
    changed(other, number, service.deactivate)
    assert (here.get(link).status, there.post(link).status) == (404, 404)


def test_a_sign_in_that_had_begun_ends_nowhere(workers):
    """A session started before, and found after, in the same moment; none can be started again."""
    app, other = workers
    _, _, number = entered(app, other)
    with app.app_context():
        limits = sessions.Limits(*(app.permanent_session_lifetime,) * 2)
        token = sessions.start(number, address="192.0.2.1", device="", limits=limits)
        db.session.commit()
    changed(other, number, lambda person: setattr(person, "active", False))  # its rows stay alive
    with app.app_context():
        assert sessions.find(token, limits=limits) is None


def test_another_role_counts_from_the_next_request_on(workers):
    app, other = workers
    here, there, number = entered(app, other, role="marketer")
    for client in (here, there):
        assert client.get("/search/synonyms/").status == 200
        assert "/desk/kestrel" in client.get("/assets/kestrel").text
    changed(other, number, lambda person: service.set_role(person, Role.REP))
    for client in (here, there):
        assert client.get("/search/synonyms/").status == 403
        page = client.get("/assets/kestrel")
        assert page.status == 200
        assert "/desk/kestrel" not in page.text, "a page kept for marketers"
        assert 'href="/desk/"' not in page.text
    changed(app, number, lambda person: service.set_role(person, Role.MANAGER))
    for client in (here, there):
        assert client.get("/desk/reviewers").status in {200, 308}
        assert "/desk/kestrel" in client.get("/assets/kestrel").text


def test_the_new_password_of_a_person_ends_what_was_open_in_every_worker(workers):
    app, other = workers
    here, there, number = entered(app, other)
    assert (here.get("/account").status, there.get("/account").status) == (200, 200)
    changed(other, number, lambda person: service.set_password(person, "correct horse 42"))
    assert is_out(here.get("/account"))
    assert is_out(there.get("/account"))


def portal(config, *words):
    """Run a command in a process of its own."""
    told = {
        "PORTAL_DATA_DIR": str(config.data_dir), "PORTAL_DATABASE_URL": config.database_url,
        "PORTAL_SECRET_KEY": "b7c1f09a-5e0d-4c61-9c3f-2d1e8a7f4b60",
        "PORTAL_BASE_URL": config.base_url,
    }  # fmt: skip
    code = "from portal.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", code, *words], env=os.environ | told, cwd=ROOT, check=True,
        capture_output=True, text=True,
    )  # fmt: skip


@pytest.mark.slow
def test_a_command_in_another_process_puts_her_out_within_five_seconds(empty):
    config = empty.config["PORTAL"]
    portal(config, "db", "upgrade")
    with empty.app_context():
        person = make.user("lan@example.com", role="manager")
        make.user(role="admin")
        db.session.commit()
        client = Client(empty).sign_in(person)
    assert client.get("/desk/jobs").status in {200, 308}
    portal(config, "user", "set-role", "lan@example.com", "rep")
    began = monotonic()
    assert client.get("/desk/").status == 403
    assert client.get("/account").status == 200
    portal(config, "user", "deactivate", "lan@example.com")
    assert is_out(client.get("/account"))
    assert monotonic() - began < AT_MOST * 3, "starting the command takes most of it"
