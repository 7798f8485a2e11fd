"""Choosing how one is told; ending mails from a mail, without signing in and never by a look."""

import pytest
from sqlalchemy import select

from portal.accounts.models import User
from portal.library.mail import message, service
from portal.library.mail.rules import DIGEST, Way
from portal.library.notices import service as notices
from portal.library.notices.rules import Kind, Topic
from tests import make
from tests.conftest import SECRET


@pytest.fixture
def lan(db):
    user = make.user(name="Lan")
    db.session.commit()
    return user


def link(user, kind):
    return f"/mail/mute/{message.token(SECRET, user.id, kind)}"


def test_a_look_at_the_link_changes_nothing_and_a_click_does(client, lan):
    page = client.get(link(lan, "talk"))
    assert page.status == 200
    assert "Comments and mentions" in page.words()
    assert service.ways_of(lan.id)[Kind.TALK] is Way.MAIL
    assert client.post(link(lan, "talk"), data={"way": "muted"}).status == 200
    assert service.ways_of(lan.id)[Kind.TALK] is Way.MUTED


def test_one_click_of_a_mail_program_needs_neither_cookie_nor_token_of_ours(app, db, lan):
    with app.app_context():
        answer = app.test_client().post(link(lan, "talk"), data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    ways = service.ways_of(lan.id)
    assert ways.pop(Kind.TALK) is Way.PORTAL
    assert Way.PORTAL not in ways.values()


def test_the_end_of_digests_ends_what_came_in_them(client, lan):
    service.choose(lan.id, {Kind.TALK: Way.DIGEST})
    client.post(link(lan, DIGEST))
    ways = service.ways_of(lan.id)
    assert (ways[Kind.TALK], ways[Kind.CHECKS]) == (Way.PORTAL, Way.PORTAL)
    assert ways[Kind.REQUESTS] is Way.MAIL


@pytest.mark.parametrize(
    "token", ["x", "1.talk.0", "1.nothing.x", "é.talk.x", "1.talk." + "0" * 40, "9" * 5000]
)
def test_a_made_up_token_opens_nothing(client, lan, token):
    assert client.get(f"/mail/mute/{token}").status == 404
    assert client.post(f"/mail/mute/{token}").status == 404


def test_tokens_are_of_one_person_and_kind():
    good = message.token("s", 7, "talk")
    assert message.of_token("s", good) == (7, "talk")
    assert message.of_token("t", good) is None
    assert message.of_token("s", good.replace("7.", "8.", 1)) is None
    assert message.of_token("s", good.replace("talk", "care")) is None


def test_choices_are_kept_and_what_was_not_changed_goes_on_as_usual(as_, db):
    client = as_("rep")
    me = db.session.scalars(select(User).order_by(User.id.desc())).first()
    page = client.get("/account/notices")
    assert "This portal sends no mail yet" in page.words()
    assert "Reviews" not in page.words()
    sent = dict.fromkeys(("requests", "talk", "thanks", "times"), "portal") | {"talk": "muted"}
    assert client.post("/account/notices", data=sent).location == "/account/notices?saved=1"
    ways = service.ways_of(me.id)
    assert (ways[Kind.TALK], ways[Kind.REQUESTS]) == (Way.MUTED, Way.MAIL)
    assert client.post("/account/notices", data={"talk": "pigeon"}).status == 422


def test_the_bell_counts_without_a_query_of_its_own_and_a_kind_is_muted_from_it(as_, db):
    client = as_("rep")
    me = db.session.scalars(select(User).order_by(User.id.desc())).first()
    assert "unread" not in client.get("/library/").text
    for n in range(101):
        notices.tell([me.id], Topic.REQUEST_DUE, path="/", detail={"title": str(n)})
    db.session.commit()
    page = client.get("/library/")
    assert "Notices: 100 unread" in page.text
    assert "<b>99+</b>" in page.text
    assert "is due soon" in client.get("/desk/notices").words()
    assert client.post("/account/notices/mute/times").status == 303
    assert client.post("/account/notices/mute/reviews").status == 404
    client.post("/desk/notices/read")
    notices.tell([me.id], Topic.REQUEST_DUE, path="/", detail={"title": "later"})
    db.session.commit()
    assert "unread" not in client.get("/library/").text
