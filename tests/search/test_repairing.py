"""`verify` and `repair` with every engine: what differs is found, and just that is mended."""

import pytest
from sqlalchemy import delete, update

from portal.errors import Conflict
from portal.library.models import Asset, AssetText
from portal.search import outbox, repairing, service
from portal.search.finding import Finder
from portal.search.models import SearchText
from portal.search.repairing import Repaired
from tests import make as factory
from tests.search.indexes import entry


@pytest.fixture
def engine(make, db):
    """An index of five published texts, and nothing waits."""
    for number in range(5):
        factory.text(factory.asset(f"card-{number}"), title=f"Kestrel w{number}")
    db.session.commit()
    engine = make()
    service.rebuild(engine)
    assert repairing.verify(engine).clean
    return engine


@pytest.fixture
def written(engine, monkeypatch):
    """What the engine is given to write from now on, by id."""
    given, write = [], engine.write

    def noted(upserts, deletes):
        upserts, deletes = list(upserts), list(deletes)
        given.append((sorted(e.id for e in upserts), sorted(deletes)))
        write(upserts, deletes)

    monkeypatch.setattr(engine, "write", noted)
    return given


def ids(db):
    return sorted(i for (i,) in db.session.query(AssetText.id))


def found(engine, text):
    return Finder(engine).slugs(text, None, 10)


def test_only_what_differs_is_mended(db, engine, written):
    texts = ids(db)
    db.session.execute(delete(SearchText).where(SearchText.text_id == texts[0]))
    engine.write([entry(10**6, "kestrel stray"), entry(texts[1], "kestrel")], [texts[0]])
    db.session.commit()
    counted = repairing.verify(engine)
    assert (counted.missing, counted.extra, counted.stale) == (1, 1, 1)
    assert not counted.clean
    written.clear()
    assert repairing.repair(engine) == Repaired(added=1, removed=1, replaced=1)
    assert written == [(texts[:2], [10**6])]
    assert repairing.verify(engine).clean
    assert found(engine, "w0") == ["card-0"]
    kept = [i for (i,) in db.session.query(SearchText.text_id).order_by(SearchText.text_id)]
    assert kept == texts, "what snippets are made of is mended, too"


def test_a_change_that_went_by_the_outbox_is_mended(db, engine):
    db.session.execute(
        update(AssetText).where(AssetText.id == ids(db)[0]).values(digest="9", title="Peregrine")
    )
    asset = db.session.query(Asset).filter_by(slug="card-4").one()
    db.session.execute(update(Asset).where(Asset.id == asset.id).values(state="retired"))
    db.session.commit()
    assert outbox.backlog()[0] == 0
    assert found(engine, "peregrine") == []
    assert repairing.repair(engine) == Repaired(removed=1, replaced=1)
    assert found(engine, "peregrine") == ["card-0"]
    assert repairing.verify(engine).clean


def test_nothing_to_mend_writes_nothing(engine, written):
    before = engine.generation()
    assert repairing.repair(engine) == Repaired()
    assert (written, engine.generation()) == ([], before)


def test_a_damaged_index_is_made_anew(db, make, engine):
    make.tear()
    broken = make()
    counted = repairing.verify(broken)
    assert (counted.damaged, counted.missing, counted.clean) == (True, 5, False)
    assert repairing.repair(broken) == Repaired(rebuilt=True)
    assert repairing.verify(make()).clean
    assert found(broken, "w3") == ["card-3"]


def test_postings_that_can_not_be_read_are_noticed(db, make, monkeypatch):
    """The list of texts is there and right; the words are not."""
    monkeypatch.setattr("portal.search.segment_writing.SMALL_SEGMENT", 2)
    monkeypatch.setattr("portal.search.blocks.SMALL", 2)
    for number in range(5):
        factory.text(factory.asset(f"card-{number}"), title=f"Kestrel w{number}")
    db.session.commit()
    service.rebuild(make())
    make.tear_postings()
    broken = make()
    assert len(broken.stamps()) == 5
    assert repairing.verify(broken).damaged
    assert repairing.repair(broken) == Repaired(rebuilt=True)
    assert found(make(), "w3") == ["card-3"]


def test_a_missing_index_is_built(db, make):
    factory.text(factory.asset("card"), title="Kestrel")
    db.session.commit()
    assert repairing.verify(make()).missing == 1
    assert repairing.repair(make()) == Repaired(rebuilt=True)
    assert found(make(), "kestrel") == ["card"]


def test_repair_waits_for_another_writer_and_says_so(make, engine):
    other = make()
    with other.writing(), pytest.raises(Conflict, match="another process is writing"):
        repairing.repair(engine, wait=0)


def test_what_waits_to_be_drained_stays_in_the_queue(db, engine):
    factory.text(factory.asset("new"), title="Osprey")
    db.session.commit()
    assert repairing.repair(engine) == Repaired(added=1)
    assert outbox.backlog()[0] > 0, "repeating it does no harm, forgetting it could"
    service.drain(engine)
    assert outbox.backlog()[0] == 0
    assert repairing.verify(engine).clean
