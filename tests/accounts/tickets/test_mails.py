import re

import pytest

from portal.accounts import service as accounts
from portal.accounts.rules import Role
from portal.config import Language
from portal.db import db as _db
from portal.library.mail.models import Mail
from tests.page import Client

NEW = {"email": "huy@example.com", "name": "Trần Huy", "role": "rep", "language": "vi"}


@pytest.fixture
def browser(portal, monkeypatch):
    monkeypatch.setitem(portal.config, "WTF_CSRF_ENABLED", False)
    return lambda: Client(portal)


@pytest.fixture
def boss(portal, browser):
    with portal.app_context():
        user = accounts.add_user("boss@example.com", name="The Boss", role=Role.ADMIN)
        return browser().sign_in(user)


def person(portal, email="lan@example.com", language=Language.EN, **values):
    with portal.app_context():
        told = {"name": "Nguyễn Thị Lan", "role": Role.REP, "password": "correct horse 42"}
        number = accounts.add_user(email, language=language, **{**told, **values}).id
        _db.session.commit()
        return number


def mails(box):
    return [
        (it["To"], it["Subject"], it.get_body(("plain",)).get_content(), it) for it in box.mails
    ]


def test_an_invitation_goes_by_mail_in_the_persons_language(boss, go, box, browser):
    page = boss.post("/people/invite", data=NEW, headers={"X-Forwarded-Host": "evil.example"})
    assert page.location.endswith("?done=invited")
    go()
    ((to, subject, text, mail),) = mails(box)
    assert "huy@example.com" in to
    assert mail["Content-Language"] == "vi"
    assert mail["List-Unsubscribe"] is None
    assert "evil" not in mail.as_string()
    link = re.search(r"https://arsenal\.example\.com(/invitation/[\w-]{43})\s", text)[1]
    html = mail.get_body(("html",)).get_content()
    assert link in html
    done = browser().post(link, data={"new": "a fine old pond", "repeat": "a fine old pond"})
    assert (done.status, done.location) == (303, "/")
    with boss.app.app_context():
        (row,) = _db.session.query(Mail)
        assert (row.kind, row.state) == ("invitation", "sent")
    assert subject


def test_a_forgotten_password_by_mail(portal, go, box, browser):
    person(portal)
    asked = browser().post(
        "/sign-in/forgotten", data={"email": "LAN@example.com"}, headers={"Host": "evil.example"}
    )
    assert asked.location == "/sign-in/forgotten/sent"
    go()
    go()
    text = mails(box)[0][2]
    link = re.search(r"https://arsenal\.example\.com(/reset/[\w-]{43})\s", text)[1]
    guest = browser()
    assert guest.get(link).status == 200
    done = guest.post(link, data={"new": "a fine old pond", "repeat": "a fine old pond"})
    assert done.location == "/sign-in?changed=password"
    go()
    told = mails(box)[1]
    assert told[1] == "Your password for Arsenal was changed"
    assert "/reset/" not in told[2]
    assert (
        guest.post(
            "/sign-in", data={"email": "lan@example.com", "password": "a fine old pond"}
        ).status
        == 303
    )


def test_an_unknown_address_gets_the_same_answer_and_no_mail(portal, go, box, browser):
    person(portal)
    known, unknown = (
        browser().post("/sign-in/forgotten", data={"email": it})
        for it in ("lan@example.com", "nobody@example.com")
    )
    assert (known.status, known.location, known.text) == (
        unknown.status,
        unknown.location,
        unknown.text,
    )
    go()
    go()
    assert len(mails(box)) == 1


def test_a_link_that_was_used_is_not_mailed_again(boss, portal, go, box):
    page = boss.post("/people/invite", data=NEW)
    number = int(re.search(r"/people/(\d+)", page.location)[1])
    with portal.app_context():
        user = _db.session.get(accounts.User, number)
        accounts.set_password(user, "a fine old pond")
        _db.session.commit()
    go()
    assert mails(box) == []
    with portal.app_context():
        assert [row.state for row in _db.session.query(Mail)] == ["dropped"]


def test_an_admin_sends_the_link_again(boss, go, box):
    page = boss.post("/people/invite", data=NEW)
    again = boss.post(page.location.replace("?done=invited", "/link"))
    assert again.location.endswith("?done=sent")
    go()
    links = {re.search(r"/invitation/[\w-]+", text)[0] for _, _, text, _ in mails(box)}
    assert len(links) == 1  # both mails bring the one that works
