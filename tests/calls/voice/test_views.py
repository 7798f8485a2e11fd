"""What customers say is grouped, filtered, routed and answered; customers are not named."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal import clock
from portal.calls.models import CallPoint
from portal.calls.rules import Said, department_of, key_of
from portal.deals import service as deals
from portal.library.notices.models import Notice
from tests import make


def point(db, call, words, kind="objection", **values):
    values.setdefault("department", department_of(Said(kind), words).value)
    row = CallPoint(
        call_id=call.id, kind=kind, words=words, words_key=key_of(words), at=call.at, **values
    )
    db.session.add(row)
    db.session.flush()
    return row


@pytest.fixture
def rep(db):
    return make.user(name="Lan Nguyen", team_id=make.team().id, department="sales")


@pytest.fixture
def heard(db, rep):
    """Two deals on which the same is said three times, a wish, an old complaint."""
    first, second = (
        make.deal(rep, name="Delta Foods", amount=777_123),
        make.deal(rep, name="Secret Co"),
    )
    make.term("product", "gtx")
    deals.tag(first, products=["gtx"], competitors=["kestrel"])
    calls = [make.call(first, rep), make.call(first, rep), make.call(second, rep)]
    points = [
        point(db, call, words)
        for call, words in zip(calls, ("Quá đắt", "qua DAT!", "Quá đắt"), strict=True)
    ]
    points.append(point(db, calls[2], "Dark mode", "wish"))
    old = make.call(second, rep, at=clock.now() - timedelta(days=200))
    points.append(point(db, old, "Wrong invoice", "complaint"))
    points.append(point(db, calls[0], "", "competitor", facet="competitor", slug="kestrel"))
    db.session.commit()
    return points


def test_groups_and_filters(db, visitor, heard):
    rep = visitor().sign_in(make.user(department="sales"))
    words = rep.get("/calls/voice/").words()
    assert words.count("2 deals") == 1
    assert "3 calls" in words
    assert words.index("2 deals") < words.index("Dark mode")
    assert "Wrong invoice" not in words
    assert "Wrong invoice" in rep.get("/calls/voice/?days=365").words()
    assert "Delta" not in words
    for query, seen in (
        ("department=product", {"Dark mode"}),
        ("kind=wish", {"Dark mode"}),
        ("product=gtx", {"Quá đắt"}),
        ("competitor=kestrel", {"Quá đắt"}),
        ("state=answered", set()),
        ("industry=food", set()),
        ("product=%00&competitor=x&page=99&days=-1", set()),
    ):
        words = rep.get(f"/calls/voice/?{query}").words(".//main//ul[@class='rows voices']")
        found = {w for w in ("Dark mode", "Quá đắt") if w in words}
        assert found == seen, query
    assert "kestrel" in rep.get("/calls/voice/?kind=competitor").text
    page = rep.get(f"/calls/voice/{heard[0].id}")
    assert "Lan Nguyen" in page.words()
    for hidden in ("Delta", "Secret", "777"):
        assert hidden not in page.text


def test_an_inbox_is_ones_own(db, visitor, heard):
    writer = visitor().sign_in(make.user(role="contributor", department="product"))
    words = writer.get("/calls/voice/").words()
    assert "Dark mode" in words
    assert "Quá" not in words


def test_answered_with_an_asset_for_all_who_heard_it(db, visitor, rep, heard):
    asset = make.asset("roi")
    make.text(asset, title="What it saves")
    writer = make.user(role="marketer", department="marketing", name="Tom Reed")
    other = make.user(team_id=rep.team_id)
    point(db, make.call(make.deal(other), other), "Quá đắt")
    db.session.commit()
    browser = visitor().sign_in(writer)
    page = browser.post(f"/calls/voice/{heard[0].id}/answer", data={"asset": "Nothing <like> it"})
    assert page.status == 422
    assert "Nothing &lt;like&gt; it" in page.text
    for _ in range(2):
        page = browser.post(f"/calls/voice/{heard[0].id}/answer", data={"asset": "What it saves"})
        assert page.status == 303
    states = db.session.execute(
        select(CallPoint.words_key, CallPoint.state, CallPoint.answer_asset_id)
    )
    assert {tuple(row) for row in states if row[0] == "qua dat"} == {
        ("qua dat", "answered", asset.id)
    }
    told = db.session.execute(
        select(Notice.user_id, Notice.topic, Notice.path).order_by(Notice.user_id)
    )
    assert [tuple(row) for row in told] == [
        (rep.id, "voice_answered", "/assets/roi"),
        (other.id, "voice_answered", "/assets/roi"),
    ]
    assert "What it saves" in browser.get(f"/calls/voice/{heard[1].id}").words()
    browser.post(f"/calls/voice/{heard[0].id}/reopen")
    db.session.expire_all()
    assert {p.state for p in db.session.scalars(select(CallPoint))} == {"open"}
    browser.post(f"/calls/voice/{heard[0].id}/answer", data={"asset": "roi"})
    assert len(db.session.scalars(select(Notice.id)).all()) == 2  # told before


def test_drafts_are_no_answer(db, visitor, heard):
    draft = make.asset("draft", state="draft")
    make.text(draft, title="Draft")
    db.session.commit()
    browser = visitor().sign_in(make.user(role="marketer"))
    for typed in ("draft", "Draft", "", "\x00", "x" * 5000):
        assert (
            browser.post(f"/calls/voice/{heard[0].id}/answer", data={"asset": typed}).status == 422
        )


def test_asked_set_aside_and_given_away(db, visitor, heard):
    browser = visitor().sign_in(make.user(role="marketer", department="marketing"))
    wish = heard[3]
    assert "title=Dark+mode" in browser.get(f"/calls/voice/{wish.id}").text
    asked = make.request().id
    db.session.commit()
    for odd in ("", "x", "0", "9" * 40, str(asked + 1)):
        assert browser.post(f"/calls/voice/{wish.id}/asked", data={"request": odd}).status == 422
    sent = {"request": f"#{asked}"}
    assert browser.post(f"/calls/voice/{wish.id}/asked", data=sent).status == 303
    assert f"/requests/{asked}" in browser.get(f"/calls/voice/{wish.id}").links()
    told = db.session.scalars(select(Notice.path).where(Notice.topic == "voice_answered")).all()
    assert told == [f"/requests/{asked}"]
    assert browser.post(f"/calls/voice/{heard[4].id}/aside").status == 303
    assert (
        browser.post(f"/calls/voice/{heard[0].id}/route", data={"department": "sales"}).status
        == 422
    )
    assert (
        browser.post(f"/calls/voice/{heard[0].id}/route", data={"department": "product"}).status
        == 303
    )
    db.session.expire_all()
    assert [heard[i].state for i in (3, 4)] == ["answered", "aside"]
    assert {p.department for p in heard[:3]} == {"product"}


def test_who_may_answer(db, visitor, heard):
    asset = make.asset("roi")
    make.text(asset, title="What it saves")
    people = {
        make.user(department="sales"): 403,
        make.user(role="contributor", department="product"): 403,
        make.user(role="contributor", department="marketing"): 303,
    }
    db.session.commit()
    for who, status in people.items():
        browser = visitor().sign_in(who)
        where = f"/calls/voice/{heard[0].id}"
        assert browser.post(f"{where}/answer", data={"asset": "roi"}).status == status
        assert browser.post(f"{where}/aside").status == status
    for odd in (0, 999_999, 2**31, 10**30):
        assert browser.get(f"/calls/voice/{odd}").status == 404


def test_page_after_page(db, visitor, rep):
    call = make.call(make.deal(rep), rep)
    for number in range(85):
        point(db, call, f"Wish number {number}", "wish")
    db.session.commit()
    browser = visitor().sign_in(rep)
    seen = []
    for number in (1, 2, 3):
        page = browser.get(f"/calls/voice/?kind=wish&page={number}")
        seen += [link for link in page.links() if re.fullmatch(r"/calls/voice/\d+", link)]
    assert len(set(seen)) == len(seen) == 85
    assert "/calls/voice/?kind=wish&page=3" in browser.get("/calls/voice/?kind=wish").links()
    assert "Wish number 84" in browser.get("/calls/voice/?kind=wish&page=9").words()
