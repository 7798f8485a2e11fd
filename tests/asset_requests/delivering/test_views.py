"""Choosing what answers a request, and handing it over."""

import pytest

from portal.db import db as _db
from portal.search import service as search
from portal.search.finding import Finder
from portal.search.whoosh_engine import WhooshEngine
from tests import make


@pytest.fixture
def card(app, db, tmp_path, monkeypatch):
    """A published battlecard in an index of its own."""
    finder = Finder(WhooshEngine(tmp_path / "index"))
    monkeypatch.setitem(app.extensions, "arsenal.finder", finder)
    made = make.asset("kestrel-card")
    make.text(made, title="Kestrel battlecard", body="## Why we win\n\nWe are quick.\n")
    db.session.commit()
    search.drain(finder.engine)
    return made


def test_the_search_is_replayed_before_and_after(visitor, ask, card, lan, tom):
    it = ask(query="kestrel drone", filters={"kind": ["faq"]})
    _db.session.commit()
    marketer, rep = visitor().sign_in(tom), visitor().sign_in(lan)
    page = marketer.get(f"/requests/{it.id}/deliver?q=kestrel-card")
    assert "Add this to its facts: Kind" in page.words()
    page = marketer.post(f"/requests/{it.id}/deliver", data={"asset": "kestrel-card"})
    assert page.status == 303
    assert "Add this to its facts: Kind" in marketer.get(page.location).words()
    words = rep.get(page.location).words()
    assert "Kestrel battlecard" in words
    assert "Add this" not in words
    assert rep.post(f"/requests/{it.id}/moves/accept").status == 303
    assert rep.post(f"/requests/{it.id}/thanks", data={"text": "**Won**"}).status == 303
    assert rep.post(f"/requests/{it.id}/thanks", data={"text": "once again"}).status == 303
    wins = rep.get("/requests/wins")
    assert "<strong>Won</strong>" in wins.text
    assert "again" not in wins.words()
    assert "Tom Reed delivered" in wins.words()


def test_others_that_may_answer_are_those_of_the_search_not_of_an_address(client, ask, tom, card):
    other = make.asset("kestrel-story", kind="case-study")
    make.text(other, title="Kestrel story", body="They left Kestrel.\n")
    it = ask(query="kestrel")
    _db.session.commit()
    search.drain(client.app.extensions["arsenal.finder"].engine)
    client.sign_in(tom)
    words = client.get(f"/requests/{it.id}/deliver?q=/assets/kestrel-card/en").words()
    assert "Kestrel battlecard Published" in words
    assert "Kestrel story Case study" in words


@pytest.mark.parametrize("asset", ["", "nowhere", "draft", "\x00", "x" * 900, "/assets/draft/en"])
def test_what_is_not_published_is_not_delivered(client, ask, tom, card, asset):
    it = ask()
    make.text(make.asset("draft", state="draft"))
    _db.session.commit()
    client.sign_in(tom)
    page = client.post(f"/requests/{it.id}/deliver", data={"asset": asset})
    assert page.status == 422
    assert "Only a published asset" in page.words()
    assert client.get(f"/requests/{it.id}/deliver", query_string={"q": asset}).status == 200


def test_an_asset_is_begun_for_it_once(db, client, ask, tom, card):
    it = ask(kind="faq", language="vi")
    db.session.commit()
    client.sign_in(tom)
    first, second = (
        client.post(f"/requests/{it.id}/begin", data={"kind": "faq"}).location for _ in range(2)
    )
    assert first == second
    assert first.endswith("/vi")
    assert client.get(first).status == 200
    assert client.post(f"/requests/{it.id}/begin", data={"kind": "bomb"}).status == 422


def test_what_is_settled_is_not_delivered_again(db, client, ask, tom, card):
    it = ask()
    db.session.commit()
    client.sign_in(tom)
    url = f"/requests/{it.id}/deliver"
    assert client.post(url, data={"asset": card.slug}).status == 303
    assert client.post(url, data={"asset": card.slug}).status == 409
    assert client.get(url).status == 409
