"""The suggestions of the search box: whose, in which order, and from how many people."""

import re
import secrets
from datetime import timedelta

import pytest
from sqlalchemy import delete

from portal import clock
from portal.db import db as _db
from portal.search import service as keeping
from portal.search.hints import service
from portal.search.hints.models import TitleWord
from portal.usage.models import UsageEvent
from tests import make

PINNED = 'value="0" aria-pressed="true"'


def searched(user, text, *, opened=None, ago=0, results=1):
    at, ref = clock.now() - timedelta(minutes=ago), secrets.token_hex(8)
    _db.session.add(
        UsageEvent(at=at, action="searched", user_id=user.id, query=text, ref=ref, results=results,
                   shown=[opened.id] if opened else None)
    )  # fmt: skip
    if opened:
        _db.session.add(
            UsageEvent(at=at, action="opened", user_id=user.id, asset_id=opened.id, ref=ref)
        )
    _db.session.flush()


def texts(page):
    """(text, note) of each suggestion."""
    return re.findall(r"<span[^>]*>([^<]*)</span><small>([^<]*)</small>", page.text)


def listed(page):
    return [text for text, _ in texts(page)]


@pytest.fixture
def rep(visitor):
    user = make.user()
    client = visitor().sign_in(user)
    client.user = user
    return client


def test_titles_by_the_beginning_of_any_word_without_marks(rep, shelf):
    shelf("gia", title="Bảng giá Kestrel", languages=("vi",))
    shelf("other", title="Merlin")
    for typed in ("ban", "gia", "kes", "GIÁ kes", "kestrel b"):
        assert listed(rep.get(f"/search/hints?q={typed}")) == ["Bảng giá Kestrel"], typed
    assert listed(rep.get("/search/hints?q=estrel")) == []


def test_ones_language_first_and_each_asset_once(rep, shelf):
    asset = shelf("one", title="Kestrel card", languages=("en",))
    make.text(asset, "vi", title="Kestrel tiếng Việt")
    shelf("two", title="Kestrel only English")
    _db.session.commit()
    keeping.drain(shelf.finder.engine)
    found = listed(rep.get("/search/hints?q=kes", headers={"Accept-Language": "vi"}))
    assert found == ["Kestrel tiếng Việt", "Kestrel only English"]


def test_a_title_goes_with_its_asset(rep, shelf):
    asset = shelf("one", title="Kestrel")
    assert listed(rep.get("/search/hints?q=kes")) == ["Kestrel"]
    asset.state = "retired"
    _db.session.commit()
    assert listed(rep.get("/search/hints?q=kes")) == []
    keeping.drain(shelf.finder.engine)
    keeping.rebuild(shelf.finder.engine)
    assert service.titles(["kes"], "en") == []


def test_a_rebuild_fills_the_titles(rep, shelf):
    shelf("one", title="Kestrel")
    _db.session.execute(delete(TitleWord))
    _db.session.commit()
    keeping.rebuild(shelf.finder.engine)
    assert listed(rep.get("/search/hints?q=kes")) == ["Kestrel"]


def test_competitors_by_name(rep, shelf):
    make.term("competitor", "kestrel", en="Kestrel WMS")
    _db.session.commit()
    assert ("Kestrel WMS", "competitor") in texts(rep.get("/search/hints?q=wms"))


def test_searches_of_three_people_are_for_everybody(rep, shelf):
    asset = shelf("one", title="Fees")
    people = [make.user() for _ in range(3)]
    for person in people:
        searched(person, "storage cost", opened=asset)
    for person in people[:2]:
        searched(person, "storage secret", opened=asset)
        searched(person, "storage secret", opened=asset)
    service.refresh()
    _db.session.commit()
    assert texts(rep.get("/search/hints?q=stor")) == [("storage cost", "search")]
    assert "secret" not in rep.get("/search/hints?q=secret").text


def test_ones_own_searches_are_for_oneself_alone(rep, visitor, shelf):
    searched(rep.user, "my private client", ago=5)
    _db.session.commit()
    assert texts(rep.get("/search/hints?q=priv")) == [("my private client", "you searched")]
    assert texts(rep.get("/search/hints?q=")) == [("my private client", "you searched")]
    other = visitor().sign_in(make.user())
    assert other.get("/search/hints?q=priv").text.strip() == ""
    assert other.get("/search/hints?q=").text.strip() == ""


def test_what_found_nothing_is_not_offered_again(rep, shelf):
    searched(rep.user, "zzz", ago=5, results=0)
    _db.session.commit()
    assert rep.get("/search/hints?q=").text.strip() == ""


def test_before_the_first_key_pinned_and_opened_lately(rep, shelf):
    shelf("seen", title="Seen")
    shelf("kept", title="Kept")
    rep.get("/assets/seen/en")
    rep.get("/assets/kept/en")
    rep.post("/pins/kept/mine", data={"pinned": "1"})
    assert texts(rep.get("/search/hints")) == [("Kept", "pinned"), ("Seen", "opened lately")]


def test_brief_has_few_titles(rep, shelf):
    for number in range(4):
        shelf(f"card-{number}", title=f"Kestrel {number}")
    searched(rep.user, "kestrel fees", ago=5)
    _db.session.commit()
    found = listed(rep.get("/search/hints?q=kes&brief=1"))
    assert found == ["kestrel fees", "Kestrel 0", "Kestrel 1"]
    assert len(listed(rep.get("/search/hints?q=kes"))) == 5


@pytest.mark.parametrize(
    "typed", ["%00", "%ED%A0%80", "x" * 9000, "a+" * 2000, "%", "_", "%F0%9F%98%80"]
)
def test_anything_can_be_typed(rep, shelf, typed):
    shelf("one", title="Kestrel")
    assert rep.get(f"/search/hints?q={typed}").status == 200


# --- pins ----------------------------------------------------------------------------------------


def test_a_pin_is_ones_own(rep, visitor, shelf):
    shelf("kept", title="Kept")
    assert (
        rep.post("/pins/kept/mine", data={"pinned": "1", "next": "/?q=kept"}).location == "/?q=kept"
    )
    assert rep.post("/pins/kept/mine", data={"pinned": "1", "next": "//evil.example"}).status == 303
    assert "Pinned by you" in rep.get("/").words()
    assert PINNED in rep.get("/?q=kept").text
    assert PINNED in rep.get("/assets/kept/en").text
    other = visitor().sign_in(make.user())
    assert "Pinned by you" not in other.get("/").words()
    assert PINNED not in other.get("/assets/kept/en").text
    rep.post("/pins/kept/mine", data={"pinned": "0"})
    assert "Pinned by you" not in rep.get("/").words()
    assert PINNED not in rep.get("/?q=kept").text


def test_what_is_not_there_can_not_be_pinned(rep, shelf):
    make.asset("draft", state="draft")
    _db.session.commit()
    for slug in ("draft", "nowhere", "x" * 400):
        assert rep.post(f"/pins/{slug}/mine", data={"pinned": "1"}).status == 404
