"""Attachments are found: with the slide named, only published, in step after every change."""

import io
import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal import clock
from portal.accounts.rules import Role
from portal.db import db as _db
from portal.library.attachments import extracting, queries, service, sweeping
from portal.library.attachments.models import Attachment, AttachmentPassage
from portal.library.publishing import moving
from portal.library.publishing.acting import Actor, locked
from portal.library.publishing.rules import Action
from portal.search import indexable, repairing, rules
from portal.search import service as searching
from portal.search.finding import Finder
from portal.search.whoosh_engine import WhooshEngine
from tests import make
from tests.library.attachments.conftest import PHRASE, pdf, pptx, xlsx


@pytest.fixture
def engine(tmp_path):
    return WhooshEngine(tmp_path / "index")


@pytest.fixture
def who(db):
    person = make.user(role="marketer")
    return Actor(person.id, Role(person.role), None)


@pytest.fixture
def asset(db):
    asset = make.asset("card", state="published")
    make.text(asset)
    make.text(asset, "vi", title="Thẻ Kestrel", body="## Vì sao\n\nNhanh.\n")
    db.session.commit()
    return asset


def attach(who, store, body, name="deck.pptx", slug="card"):
    upload = service.take(store, io.BytesIO(body), name, most=10_000_000)
    row = service.attach(who, locked(slug), upload)
    _db.session.commit()
    for number in list(extracting.all_waiting()):
        extracting.run(number, store)
    return row


def move(who, action, slug="card"):
    moving.move(who, locked(slug), action, reason="x")
    _db.session.commit()


def found(engine, words):
    _db.session.commit()
    searching.drain(engine)
    assert repairing.verify(engine).clean
    return Finder(engine).find(rules.ask(words)).hits


def test_the_slide_is_named(engine, store, who, asset):
    attach(who, store, pptx("One", f"Discount {PHRASE}", "Three"))
    assert found(engine, PHRASE) == ()
    move(who, Action.PUBLISH)
    (hit,) = found(engine, PHRASE)
    row = queries.visible(asset.id)[0]
    assert hit.snippet.anchor == f"@slide:{row.public_id}:2"
    assert hit.snippet.heading == "deck.pptx"
    assert "<mark>" in hit.snippet.html


@pytest.fixture
def publisher(store, who, asset):
    """A function that attaches a file to the card and publishes it; returns its public id."""

    def make_public(body, name):
        public_id = attach(who, store, body, name).public_id
        move(who, Action.PUBLISH)
        return public_id

    return make_public


def test_the_page_says_so_in_the_readers_language(client, engine, publisher, monkeypatch):
    public_id = publisher(pdf("x", f"the {PHRASE} page"), "Giá mới.pdf")
    searching.drain(engine)
    monkeypatch.setitem(client.app.extensions, "arsenal.finder", Finder(engine))
    client.sign_in(make.user(role="rep", language="ru"))
    page = client.get(f"/?q={PHRASE}")
    link = page.tree.find(".//a[@class='at']")
    assert "".join(link.itertext()).strip() == "Стр. 2 файла Giá mới.pdf"
    assert link.get("lang") == "ru"
    assert link.get("href").startswith(f"/files/{public_id}?from=search")
    assert link.get("href").endswith("#page=2")


def test_a_file_is_found_by_its_name(engine, store, who, asset):
    body = b"\0\0\0\x18ftypisom" + b"x" * 100
    attach(who, store, body, f"{PHRASE} demo.mp4")
    move(who, Action.PUBLISH)
    (hit,) = found(engine, PHRASE)
    assert hit.snippet.heading == f"{PHRASE} demo.mp4"


def test_sheets_by_their_names(engine, store, who, asset):
    attach(who, store, xlsx(Sheet1=[["x"]], **{PHRASE: [["y", 1]]}), "prices.xlsx")
    move(who, Action.PUBLISH)
    (hit,) = found(engine, PHRASE)
    assert ":2" in hit.snippet.anchor


def test_the_index_follows_every_change(engine, store, who, asset):
    attach(who, store, pdf(PHRASE), "a.pdf")
    move(who, Action.PUBLISH)
    assert len(found(engine, PHRASE)) == 1
    first = queries.visible(asset.id)[0].public_id
    upload = service.take(store, io.BytesIO(pdf("another")), "b.pdf", most=10**7)
    service.attach(who, locked("card"), upload, replaces=first)
    _db.session.commit()
    for number in list(extracting.all_waiting()):
        extracting.run(number, store)
    assert len(found(engine, PHRASE)) == 1  # readers still have the old one
    move(who, Action.PUBLISH)
    assert found(engine, PHRASE) == ()
    assert len(found(engine, "another")) == 1
    move(who, Action.RETIRE)
    assert found(engine, "another") == ()


def test_reading_later_is_noticed_too(engine, store, who, asset):
    upload = service.take(store, io.BytesIO(pdf(PHRASE)), "a.pdf", most=10**7)
    row = service.attach(who, locked("card"), upload)
    moving.move(who, locked("card"), Action.PUBLISH)
    assert found(engine, PHRASE) == ()
    assert list(extracting.all_waiting()) == [row.id]
    assert extracting.run(row.id, store)
    assert not extracting.run(row.id, store)
    assert len(found(engine, PHRASE)) == 1


def test_a_change_that_was_missed_is_counted(engine, store, who, asset):
    attach(who, store, pdf(PHRASE), "a.pdf")
    move(who, Action.PUBLISH)
    searching.drain(engine)
    _db.session.execute(asset.__table__.update().values(files_stamp="other"))
    _db.session.commit()
    assert repairing.verify(engine).stale == 2


def test_a_deck_does_not_lift_its_asset(engine, store, who, asset):
    """Fifty slides that name it stand behind a text that is about it."""
    about = make.asset("about")
    make.text(about, title=f"About {PHRASE}", body=f"## What\n\nAll of {PHRASE}.\n")
    attach(who, store, pptx(*[f"{PHRASE} {n}" for n in range(30)]))
    move(who, Action.PUBLISH)
    assert [hit.card.slug for hit in found(engine, PHRASE)] == ["about", "card"]


def test_only_the_bound_is_searched(engine, store, who, asset, monkeypatch):
    monkeypatch.setattr("portal.search.indexing.FILES_MOST", 20)
    attach(who, store, pdf("word word word word word", PHRASE), "a.pdf")
    move(who, Action.PUBLISH)
    assert found(engine, PHRASE) == ()


def test_two_that_read_the_same_end_alike(empty, tmp_path, store):
    """Two processes may both read an attachment; its passages are there once."""
    from portal.db import Base

    with empty.app_context():
        Base.metadata.create_all(_db.engine)
        person = make.user(role="marketer")
        make.text(make.asset("card", state="draft"))
        upload = service.take(store, io.BytesIO(pdf("a", "b")), "a.pdf", most=10**7)
        row = service.attach(Actor(person.id, Role(person.role), None), locked("card"), upload)
        _db.session.commit()
        attachment_id = row.id

    def again():
        with empty.app_context():
            extracting.run(attachment_id, store)

    threads = [threading.Thread(target=again) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with empty.app_context():
        assert len(_db.session.scalars(select(AttachmentPassage)).all()) == 2
        assert _db.session.get(Attachment, attachment_id).status == "done"


def test_a_sweep_takes_what_nobody_names(store, who, asset, monkeypatch):
    kept = attach(who, store, pdf("kept"), "a.pdf")
    gone = attach(who, store, pdf("gone"), "b.pdf")
    service.remove(who, locked("card"), gone.public_id)
    service.take(store, io.BytesIO(pdf("never attached")), "c.pdf", most=10**7)
    _db.session.commit()
    assert sweeping.sweep(store, older_than=timedelta(days=30)).deleted == 0  # all is young
    later = clock.now() + timedelta(days=31)
    monkeypatch.setattr(clock, "now", lambda: later)
    done = sweeping.sweep(store, older_than=timedelta(days=30))
    assert done.released == 1
    row = _db.session.get(Attachment, kept.id, populate_existing=True)
    left = {digest for digest, _ in store.everything()}
    assert left == {row.digest, row.preview}
    assert done.deleted >= 2


def test_the_same_file_of_two_assets_stays_while_one_names_it(store, who, asset, monkeypatch):
    make.text(make.asset("other", state="draft"))
    first = attach(who, store, pdf("same"), "a.pdf")
    attach(who, store, pdf("same"), "b.pdf", slug="other")
    service.remove(who, locked("card"), first.public_id)
    _db.session.commit()
    later = clock.now() + timedelta(days=31)
    monkeypatch.setattr(clock, "now", lambda: later)
    sweeping.sweep(store, older_than=timedelta(days=0))
    row = queries.held(locked("other").id)[0]
    with store.open(row.digest) as file:
        assert file.read() == pdf("same")


def test_contents_are_asked_for_at_once(asset):
    ids = [text.id for text in asset.texts]
    assert set(indexable.contents(ids)) == set(ids)
