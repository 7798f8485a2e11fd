"""What is queued for the index: all it has to learn, and nothing else."""

from datetime import date

import pytest
from sqlalchemy import delete, select

from portal import clock
from portal.library import service
from portal.search import outbox
from portal.search.models import SearchPending
from tests import make


@pytest.fixture
def queued(db):
    """A function: the texts queued since it was last asked."""

    def ask():
        db.session.flush()
        found = set(db.session.scalars(select(SearchPending.text_id)))
        db.session.execute(delete(SearchPending))
        return found

    return ask


@pytest.fixture
def texts(db, queued):
    """A published asset's English and Vietnamese texts."""
    asset = make.asset("kestrel", facets=[make.term()])
    pair = [make.text(asset, language) for language in ("en", "vi")]
    queued()
    return pair


def test_a_text_that_is_saved_is_queued_alone(texts, queued):
    english = texts[0]
    service.save_text(english.asset, language="en", title="Kestrel", body="Six.")
    assert queued() == {english.id}


@pytest.mark.parametrize(
    "change", [{"state": "retired"}, {"kind": "faq"}, {"slug": "other"}, {"facets": []}]
)
def test_what_the_index_knows_of_an_asset_queues_its_texts(texts, queued, change):
    for name, value in change.items():
        setattr(texts[0].asset, name, value)
    assert queued() == {text.id for text in texts}


def test_an_owner_and_a_name_of_a_term_are_known_to_it_too(texts, queued, db):
    asset = texts[0].asset
    asset.owner_id = make.user(name="Tom Reed").id
    assert queued() == {text.id for text in texts}
    db.session.refresh(asset)
    asset.owner.name = "Tom Reid"
    assert queued() == {text.id for text in texts}
    asset.facets[0].names = {"en": "Kestrel WMS"}
    assert queued() == {text.id for text in texts}


def test_other_facts_are_not(texts, queued):
    asset = texts[0].asset
    asset.checked_on, asset.change, asset.department = date(2026, 11, 9), "draft", "product"
    assert queued() == set()


def test_what_nobody_can_find_is_not_queued(db, queued):
    draft = make.asset("draft", state="draft")
    queued()
    text = make.text(draft)
    assert queued() == set()
    draft.state = "published"
    assert queued() == {text.id}


def test_what_is_deleted_is_queued_whatever_it_was(texts, queued, db):
    ids = {text.id for text in texts}
    db.session.delete(texts[0].asset)
    assert queued() == ids


def test_just_the_rows_named_are_forgotten_however_many(texts, db, monkeypatch):
    monkeypatch.setattr(outbox, "CHUNK", 2)
    db.session.add_all([SearchPending(text_id=texts[0].id, at=clock.now()) for _ in range(6)])
    db.session.flush()
    rows = outbox.waiting()
    assert list(outbox.batched(rows[:5], 2)) == [rows[0:2], rows[2:4], rows[4:5]]
    outbox.forget(rows[:5])
    assert outbox.waiting() == rows[5:]
