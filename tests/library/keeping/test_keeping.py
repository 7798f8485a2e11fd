"""A page is drawn once, and anew as soon as anything on it has changed."""

from datetime import UTC, date, datetime, timedelta

import pytest

from portal.config import Language
from portal.db import db as _db
from portal.library import presenting, service
from portal.library.attachments.models import Attachment
from portal.library.attachments.rules import VISIBLE
from portal.library.freshness.models import ReviewInterval
from portal.library.keeping import queries
from portal.library.keeping.pages import Page, Pages
from portal.library.models import Asset, FacetTerm, asset_facets
from portal.library.publishing.models import AssetEvent
from tests import make

AT, TODAY = datetime(2026, 11, 25, 12, 0, tzinfo=UTC), date(2026, 11, 25)


@pytest.fixture
def owner(db):
    return make.user(name="Minh Anh")


@pytest.fixture
def kestrel(app, db, owner):
    term = make.term(slug="kestrel", en="Kestrel")
    made = make.asset("kestrel", facets=[term], owner_id=owner.id)
    make.text(made, title="Kestrel")
    make.text(made, "vi", title="Chim cắt")
    db.session.commit()
    app.extensions["arsenal.pages"] = Pages()
    return made


@pytest.fixture
def drawn(monkeypatch):
    """What was drawn since: the titles, in order."""
    titles, draw = [], presenting.page_view
    monkeypatch.setattr(
        presenting, "page_view", lambda page: titles.append(page.title) or draw(page)
    )
    return titles


def mark(slug="kestrel", now=AT, today=TODAY):
    return queries.mark(slug, now=now, today=today)


def test_a_page_is_drawn_once_for_all_readers_of_a_kind(client, visitor, kestrel, drawn):
    first, second = (browser.sign_in(make.user()) for browser in (client, visitor()))
    shown = [browser.get("/assets/kestrel?from=search").words() for browser in (first, second)]
    assert shown[0] == shown[1]
    assert drawn == ["Kestrel"]
    assert "Minh Anh" in shown[1]
    visitor().sign_in(make.user(role="marketer")).get("/assets/kestrel")
    first.get("/assets/kestrel/vi")
    first.get("/assets/kestrel/en")
    assert drawn == ["Kestrel", "Kestrel", "Chim cắt", "Kestrel"]


def test_readers_get_their_language_and_the_unpublished_stays_hidden(client, visitor, kestrel):
    vi = visitor().sign_in(make.user(language="vi"))
    english, other = client.sign_in(make.user()).get("/assets/kestrel"), vi.get("/assets/kestrel")
    assert (english.words(".//h1"), other.words(".//h1")) == ("Kestrel", "Chim cắt")
    kestrel.state = "draft"
    _db.session.commit()
    assert client.get("/assets/kestrel").status == 404
    assert vi.get("/assets/kestrel").status == 404


def test_each_view_is_noted_with_what_was_shown(as_, kestrel, monkeypatch):
    noted = []
    monkeypatch.setattr(
        "portal.usage.recorder.note",
        lambda action, **told: noted.append((action, told["asset_id"], told["language"])),
    )
    reader = as_("rep")
    reader.get("/assets/kestrel")
    reader.get("/assets/kestrel")
    assert noted == [("viewed", kestrel.id, "en")] * 2


def rename(kestrel, owner):
    owner.name = "Lê Minh"


def leave(kestrel, owner):
    owner.active = False


def save(kestrel, owner):
    service.save_text(kestrel, language="en", title="Kestrel", body="Another body.\n")


def translate(kestrel, owner):
    make.text(kestrel, "ru", title="Пустельга")


def retire(kestrel, owner):
    kestrel.state = "retired"


def check_oftener(kestrel, owner):
    _db.session.add(ReviewInterval(kind="battlecard", months=5, set_at=AT))


def rename_term(kestrel, owner):
    term = kestrel.facets[0]
    term.names, term.version = {"en": "Kestrel Ltd"}, term.version + 1


def tag(kestrel, owner):
    kestrel.facets.append(make.term("industry", "retail"))


def tag_with_a_known_term(kestrel, owner):
    _db.session.execute(asset_facets.insert().values(asset_id=kestrel.id, term_id=known_term().id))


def known_term():
    return _db.session.query(FacetTerm).filter_by(slug="wholesale").one()


def attach(kestrel, owner):
    told = {"name": "a.pdf", "kind": "pdf", "state": VISIBLE[0], "status": "read", "added_at": AT}
    _db.session.add(Attachment(asset_id=kestrel.id, public_id="a" * 22, **told))


def add_another(kestrel, owner):
    make.text(make.asset("merlin", facets=list(kestrel.facets)), title="Merlin")


def move_another(kestrel, owner):
    other = _db.session.query(Asset).filter_by(slug="other").one()
    _db.session.add(AssetEvent(asset_id=other.id, at=AT, action="retire", note="", detail={}))


CHANGES = [
    rename, leave, save, translate, retire, check_oftener, rename_term, tag, tag_with_a_known_term,
    attach, add_another, move_another,
]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_a_page_shows_is_in_its_mark(kestrel, owner, change):
    make.term("industry", "wholesale")
    make.asset("other")
    _db.session.commit()
    before = mark()
    assert mark() == before
    change(kestrel, owner)
    _db.session.commit()
    assert mark() != before


def test_a_page_is_drawn_anew_the_next_day_and_after_ten_minutes(kestrel):
    assert mark(today=TODAY + timedelta(days=1)) != mark()
    moments = [AT + timedelta(minutes=minutes) for minutes in range(21)]
    assert len({mark(now=moment) for moment in moments}) in {3, 4}
    assert mark("no-such-asset") is None


def test_what_differs_from_reader_to_reader_is_not_kept(as_, kestrel, drawn):
    kestrel.checked_on = date(2020, 1, 1)
    _db.session.commit()
    writer = as_("marketer")
    assert all("Still true" in writer.get("/assets/kestrel").words() for _ in range(2))
    assert drawn == ["Kestrel", "Kestrel"]


def test_a_page_kept_with_another_mark_is_not_shown():
    pages, page = Pages(), Page(1, Language.EN, 1, "Kestrel", b"<p>Kestrel</p>")
    pages.keep("kestrel", (1,), page)
    assert pages.get("kestrel", (1,)) == page
    assert pages.get("kestrel", (2,)) is None
    assert pages.get("kestrel", None) is None
    assert Pages(0).get("kestrel", (1,)) is None


def test_pages_take_less_room_than_they_have_letters():
    pages, page = Pages(8_000), Page(1, Language.EN, 1, "Kestrel", b"<p>Kestrel</p>" * 1000)
    pages.keep("kestrel", (1,), page)
    assert pages.get("kestrel", (1,)) == page


def test_a_change_is_on_the_page_at_once(as_, kestrel, drawn):
    reader = as_("rep")
    reader.get("/assets/kestrel")
    service.save_text(kestrel, language="en", title="Kestrel", body="Another body.\n")
    _db.session.commit()
    assert "Another body." in reader.get("/assets/kestrel").words()
    assert drawn == ["Kestrel", "Kestrel"]
