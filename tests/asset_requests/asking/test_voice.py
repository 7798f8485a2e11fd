"""A request made of what customers say stays tied to it, and its delivery answers it."""

import pytest
from sqlalchemy import select

from portal import clock
from portal.asset_requests.models import AssetRequest
from portal.calls.models import Call, CallPoint
from portal.library.notices.models import Notice
from portal.library.notices.rules import Topic
from tests import make


@pytest.fixture
def rep(db):
    return make.user("rep@example.com")


@pytest.fixture
def point(db, rep):
    now, deal = clock.now(), make.deal(rep)
    call = Call(token="c", deal_id=deal.id, user_id=rep.id, at=now, state="logged", created_at=now)
    call.points = [
        CallPoint(
            kind="objection", words="Too dear", words_key="too dear", department="marketing",
            state="open", at=now,
        )
        for _ in range(2)
    ]  # fmt: skip
    db.session.add(call)
    db.session.commit()
    return call.points[0]


def fields(page):
    return {it.get("name"): it.get("value") or "" for it in page.tree.iter("input")}


def ask(browser, point, **more):
    page = browser.get(f"/calls/voice/{point.id}")
    url = next(it for it in page.links() if it.startswith("/requests/new?"))
    told = fields(browser.get(url))
    sent = {name: told[name] for name in ("title", "voice", "once")}
    return browser.post("/requests/new", data=sent | {"department": "marketing"} | more)


def test_what_customers_say_waits_for_its_request_and_is_answered_by_it(db, client, rep, point):
    me = make.user(role="marketer", department="marketing")
    card = make.asset("card")
    make.text(card, title="What it costs")
    db.session.commit()
    client.sign_in(me)
    assert ask(client, point).status == 303
    number = db.session.scalars(select(AssetRequest.id)).one()
    assert f"It is asked for: #{number}" in client.get(f"/calls/voice/{point.id}").words()
    assert f"asked for: #{number}" in client.get("/calls/voice/").words()
    points = select(CallPoint.state, CallPoint.request_id, CallPoint.answer_asset_id)
    assert set(db.session.execute(points).all()) == {("open", number, None)}
    answer = client.post(f"/requests/{number}/deliver", data={"asset": "card"})
    assert answer.status == 303, answer.words()
    assert set(db.session.execute(points).all()) == {("answered", number, card.id)}
    told = select(Notice.user_id).where(Notice.topic == Topic.VOICE_ANSWERED.value)
    assert db.session.scalars(told).all() == [rep.id]
    assert "The answer: What it costs" in client.get(f"/calls/voice/{point.id}").words()


def test_only_who_may_answer_ties_a_request(db, client, rep, point):
    client.sign_in(rep)
    for said in (str(point.id), "x", "999999", "9" * 30, ""):
        sent = {
            "title": f"Cold {said}",
            "once": f"o{said}",
            "voice": said,
            "department": "marketing",
        }
        assert client.post("/requests/new", data=sent).status == 303
    assert db.session.scalars(select(CallPoint.request_id).distinct()).all() == [None]
