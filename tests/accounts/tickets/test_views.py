import pytest
from sqlalchemy import select

from portal.accounts.tickets import service
from portal.accounts.tickets.rules import Purpose
from portal.jobs.models import QueuedJob
from tests import make
from tests.conftest import SECRET

CHOSEN = {"new": "a fine old pond", "repeat": "a fine old pond"}


def link(db, purpose=Purpose.RESET, **values):
    user = make.user("mai@example.com", name="Đỗ Thanh Mai", **values)
    token = service.make(user, purpose, SECRET)
    db.session.commit()
    return f"/{purpose.value}/{token}"


@pytest.fixture
def sends(app, monkeypatch):
    config = app.config["PORTAL"].model_copy(update={"smtp_host": "127.0.0.1"})
    monkeypatch.setitem(app.config, "PORTAL", config)


def test_without_a_mail_server_it_says_whom_to_ask(client):
    page = client.get("/sign-in/forgotten")
    assert "Ask your administrator" in page.words()
    assert "/sign-in/forgotten" in client.get("/sign-in").links()


def test_asking_says_the_same_to_everybody(client, sends, db):
    assert "Send the link" in client.get("/sign-in/forgotten").words()
    page = client.post("/sign-in/forgotten", data={"email": "nobody@example.com"})
    assert page.location == "/sign-in/forgotten/sent"
    assert "If there is an account" in client.get(page.location).words()
    assert len(db.session.scalars(select(QueuedJob)).all()) == 1


@pytest.mark.parametrize("email", ["", "x" * 255])
def test_an_address_that_is_none(client, sends, email):
    assert client.post("/sign-in/forgotten", data={"email": email}).status == 422


def test_asking_too_often(client, sends):
    for _ in range(5):
        assert client.post("/sign-in/forgotten", data={"email": "a@example.com"}).status == 303
    page = client.post("/sign-in/forgotten", data={"email": "a@example.com"})
    assert page.status == 429
    assert int(page.headers["Retry-After"]) > 0


def test_a_link_shows_whose_it_is_and_is_kept_by_no_browser(client, db):
    where = link(db)
    page = client.get(where)
    assert page.status == 200
    assert page.headers["Cache-Control"] == "no-store"
    names = [it.get("value") for it in page.tree.iter("input")]
    assert "mai@example.com" in names
    assert client.get(where).status == 200  # looking is not using


@pytest.mark.parametrize(
    ("values", "words"),
    [({"repeat": "a slip"}, "differ"), ({"new": "short"}, "At least 8"), ({"new": "password1"}, "tried first"),
     ({"new": "thanh mai 2026", "repeat": "thanh mai 2026"}, "tried first")],
)  # fmt: skip
def test_a_password_that_will_not_do_leaves_the_link(client, db, values, words):
    where = link(db)
    page = client.post(where, data={**CHOSEN, **values})
    assert page.status == 422
    assert words in page.words()
    assert client.post(where, data=CHOSEN).status == 303


def test_a_link_that_works_no_more_leads_on(client, db):
    where = link(db)
    client.post(where, data=CHOSEN)
    for page in (
        client.get(where),
        client.post(where, data=CHOSEN),
        client.get("/reset/x"),
        client.get("/invitation/%F0%9F%92%A9"),
    ):
        assert page.status == 404
        assert "Get another link" in page.words()


def test_a_link_used_at_this_very_moment(client, db, monkeypatch):
    where = link(db)
    found = service.find(where.rsplit("/", 1)[1], Purpose.RESET)
    assert client.post(where, data=CHOSEN).status == 303
    monkeypatch.setattr(service, "find", lambda *_: found)
    assert client.post(where, data=CHOSEN).status == 404


def test_guesses_at_links_are_counted_by_network(client, db):
    where = link(db)
    for n in range(30):
        at = {"REMOTE_ADDR": f"2001:db8::{n:x}"}
        assert client.get(f"/reset/guess{n}", environ_base=at).status == 404
    page = client.get(where, environ_base={"REMOTE_ADDR": "2001:db8::ffff"})
    assert page.status == 429
    assert client.get(where, environ_base={"REMOTE_ADDR": "2001:db8:0:1::1"}).status == 200


def test_the_right_link_is_no_guess(client, db):
    where = link(db)
    for _ in range(40):
        assert client.get(where).status == 200


def test_an_invitation_is_no_way_past_the_second_factor(app, client, db, monkeypatch):
    config = app.config["PORTAL"].model_copy(update={"second_factor_roles": "admin"})
    monkeypatch.setitem(app.config, "PORTAL", config)
    page = client.post(link(db, Purpose.INVITATION, role="admin"), data=CHOSEN)
    assert (page.status, page.location.startswith("/sign-in/second")) == (303, True)
    assert client.get("/people").status == 303, "not in yet"
    page = client.get(page.location)
    assert client.get(page.location).status == 200, "where she sets one up"
