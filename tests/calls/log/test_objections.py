"""Objections of battlecards: one in every language, and in words when a card has them no more."""

import re

from sqlalchemy import select

from portal.calls.models import CallPoint
from tests import make
from tests.calls.log.conftest import now, send
from tests.page import Client


def test_an_objection_that_is_gone_stays_in_words(db, signed, deal, card):
    page = send(signed, deal, objections=f"{card.id}.far-too-slow", objection_words="Too new")
    assert page.status == 422
    assert "The battlecard has this no more" in page.words()
    assert "Not a valid choice" not in page.text
    assert "Too new\nFar too slow</textarea>" in page.text
    assert send(signed, deal, objection_words="Too new\nFar too slow").status == 303
    points = db.session.scalars(select(CallPoint.words).order_by(CallPoint.id)).all()
    assert points == ["Too new", "Far too slow"]
    said = send(signed, deal, once="b", objections="x.y", competitors="nobody").words()
    assert said.count("Please choose one of those offered.") == 2


def test_an_objection_is_one_in_every_language(app, db, signed, deal, card):
    body = "## Phản đối\n\n### Quá đắt\n\nKhông hề.\n"
    make.text(card, language="vi", title="Thẻ Kestrel", body=body)
    db.session.commit()
    other = make.user(language="vi", team_id=deal.team_id)
    db.session.commit()
    assert send(signed, deal, objections=f"{card.id}.too-dear").status == 303
    theirs = Client(app).sign_in(other)
    page = theirs.get(f"/calls/new?deal={deal.id}")
    value = re.search(rf'value="({card.id}\.[^"]+)"', page.text)[1]
    assert "Quá đắt" in page.words()
    assert send(theirs, deal, once="c", at=now(-600), objections=value).status == 303
    points = db.session.execute(select(CallPoint.words, CallPoint.words_key)).all()
    assert sorted(points) == [("Quá đắt", "too dear"), ("Too dear", "too dear")]
