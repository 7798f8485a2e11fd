"""What is said is cleaned, kept and told; thanks are said once."""

import pytest
from sqlalchemy import select

from portal.asset_requests import acting
from portal.asset_requests.asking import service as asking
from portal.asset_requests.moving import service as moving
from portal.asset_requests.rules import Action, State
from portal.asset_requests.talk import service
from portal.errors import Conflict, Forbidden, Invalid
from portal.library.notices.models import Notice
from tests import make
from tests.asset_requests.conftest import as_person


def told(db):
    rows = db.session.execute(select(Notice.user_id, Notice.topic).order_by(Notice.id))
    return [tuple(row) for row in rows]


def test_those_mentioned_and_concerned_are_told_each_once(db, ask, lan, tom):
    it, huy = ask(), make.user(name="Trần Quang Huy", role="contributor", department="product")
    moving.move(as_person(tom), it, Action.TAKE_ON)
    before = len(told(db))
    service.comment(as_person(tom), it, "@Trần Quang Huy and @lan: is it true?")
    assert told(db)[before:] == [
        (lan.id, "request_mention"),
        (huy.id, "request_mention"),
    ]
    service.comment(as_person(lan), it, "Yes.")
    assert told(db)[-1] == (tom.id, "request_comment")


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "<img src=x onerror=alert(1)>",
        "# <b>",
    ],
)
def test_what_is_said_is_cleaned(ask, lan, hostile):
    event = service.comment(as_person(lan), ask(), hostile + "\n\n**bold**")
    html = event.detail["html"]
    assert "<script" not in html
    assert "onerror" not in html
    assert "javascript:" not in html
    assert "<strong>bold</strong>" in html


def test_nothing_and_too_much_are_refused(ask, lan):
    for text in ("", " \n ", "x" * 4001):
        with pytest.raises(Invalid):
            service.comment(as_person(lan), ask(), text)


def test_thanks_are_said_once_to_who_delivered(db, ask, lan, tom):
    it = ask()
    with pytest.raises(Conflict):
        service.thank(as_person(lan), it, "Great")
    it.assignee_id = tom.id
    acting.go(it, Action.DELIVER, as_person(tom), State.DELIVERED)
    asking.support(as_person(tom), it)
    with pytest.raises(Conflict):
        service.thank(as_person(tom), it, "I am great")
    service.thank(as_person(lan), it, "It won the deal.")
    assert told(db)[-1] == (tom.id, "request_thanks")
    with pytest.raises(Conflict):
        service.thank(as_person(lan), it)
    with pytest.raises(Forbidden):
        service.thank(as_person(make.user()), it)


def test_a_comment_on_what_nobody_has_reaches_those_who_answer(db, ask, lan, tom):
    it, left = ask(), make.user(role="marketer", department="marketing")
    service.comment(as_person(lan), it, "It is urgent now.")
    assert told(db)[-2:] == [(tom.id, "request_comment"), (left.id, "request_comment")]
    it.assignee_id, left.active = left.id, False
    db.session.flush()
    service.comment(as_person(lan), it, "And now?")
    assert told(db)[-1] == (tom.id, "request_comment")
