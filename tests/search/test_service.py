"""The index follows the database: what is queued, drained, rebuilt and verified."""

import pytest
from sqlalchemy import delete, func, select, update

from portal.db import db as _db
from portal.library.models import AssetText
from portal.search import analysis, outbox, repairing, rules, service
from portal.search.finding import Finder
from portal.search.models import SearchPending, SearchText
from portal.search.whoosh_engine import WhooshEngine
from tests import make


@pytest.fixture
def engine(tmp_path):
    return WhooshEngine(tmp_path / "index")


def pending():
    return _db.session.scalar(select(func.count()).select_from(SearchPending))


def found(engine, text):
    return Finder(engine).slugs(text, None, 10)


def test_a_rolled_back_change_is_not_queued(db):
    make.text(make.asset())
    assert pending() > 0
    db.session.rollback()
    assert pending() == 0


def test_what_is_published_is_found_and_the_queue_is_empty(db, engine):
    make.text(make.asset("kestrel"), title="Kestrel against us")
    db.session.commit()
    assert service.drain(engine) > 0
    assert found(engine, "kestrel") == ["kestrel"]
    assert pending() == 0
    assert repairing.verify(engine).clean


def test_a_query_of_stop_words_finds_titles_and_headings_and_shows_them(db, engine):
    make.text(make.asset("why"), title="Why not us?", body="Not a word of it.")
    make.text(make.asset("who"), "vi", title="Giá", body="## Của ai\n\nKhông, là của họ.")
    make.text(make.asset("other"), title="Kestrel", body="It is not of use.\n\n## Và\n\nOf it.")
    db.session.commit()
    service.drain(engine)
    for query, slugs in {
        "not": ["why"],
        "NOT": ["why"],
        "why not": ["why"],
        "of": [],
        "không": [],
        "của": ["who"],
        "cua ai": ["who"],
        "va": ["other"],
        "not kestrel": ["other"],
    }.items():
        assert found(engine, query) == slugs, query
    hit = Finder(engine).find(rules.ask("cua ai")).hits[0]
    assert (hit.snippet.heading, hit.snippet.missing) == ("Của ai", ())
    hit = Finder(engine).find(rules.ask("not")).hits[0]
    assert (hit.snippet.title, hit.snippet.missing) == ("Why <mark>not</mark> us?", ())


@pytest.mark.parametrize("state", ["draft", "review", "retired"])
def test_only_published_texts_are_found(db, engine, state):
    asset = make.asset("kestrel")
    make.text(asset, title="Kestrel")
    db.session.commit()
    service.drain(engine)
    asset.state = state
    db.session.commit()
    assert found(engine, "kestrel") == [], "the database disposes, even before the index follows"
    service.drain(engine)
    assert engine.stamps() == {}


def test_a_crash_between_index_and_database_only_repeats_work(db, engine, monkeypatch):
    make.text(make.asset("kestrel"), title="Kestrel")
    db.session.commit()
    with monkeypatch.context() as patch:
        patch.setattr(outbox, "forget", lambda _rows: (_ for _ in ()).throw(RuntimeError("killed")))
        with pytest.raises(RuntimeError):
            service.drain(engine)
    db.session.rollback()
    assert pending() > 0
    service.drain(engine)
    assert found(engine, "kestrel") == ["kestrel"]
    assert pending() == 0


def test_a_deleted_asset_leaves_the_index(db, engine):
    asset = make.asset("kestrel")
    make.text(asset, title="Kestrel")
    db.session.commit()
    service.drain(engine)
    db.session.delete(asset)
    db.session.commit()
    service.drain(engine)
    assert engine.stamps() == {}


def test_a_renamed_competitor_is_found_by_its_new_name(db, engine):
    term = make.term("competitor", "kestrel", en="Kestrel")
    make.text(make.asset("card", facets=[term]), title="How to win")
    db.session.commit()
    service.drain(engine)
    term.names = {"en": "Peregrine"}
    db.session.commit()
    service.drain(engine)
    assert found(engine, "peregrine") == ["card"]
    assert repairing.verify(engine).clean


def test_a_renamed_owner_is_noticed(db, engine):
    owner = make.user(name="Linh")
    make.text(make.asset("card", owner=owner), title="How to win")
    db.session.commit()
    service.drain(engine)
    owner.name = "Thảo"
    db.session.commit()
    assert repairing.verify(engine).stale == 1
    service.drain(engine)
    assert repairing.verify(engine).clean


def test_verify_counts_what_went_by_the_outbox(db, engine):
    text = make.text(make.asset("kestrel"), title="Kestrel")
    db.session.commit()
    service.drain(engine)
    db.session.execute(update(AssetText).where(AssetText.id == text.id).values(digest="other"))
    db.session.commit()
    differences = repairing.verify(engine)
    assert (differences.checked, differences.stale, differences.clean) == (1, 1, False)


def test_rebuild_makes_everything_anew_and_empties_the_queue(db, engine):
    for number in range(3):
        make.text(make.asset(f"card-{number}"), title=f"Kestrel {number}")
    db.session.commit()
    assert service.rebuild(engine) == 3
    assert pending() == 0
    assert sorted(found(engine, "kestrel")) == ["card-0", "card-1", "card-2"]


def test_rebuild_keeps_rows_it_has_not_read(db, engine, monkeypatch):
    make.text(make.asset("one"), title="Kestrel")
    db.session.commit()
    real = engine.rebuild

    def meanwhile(entries):
        count = real(entries)
        make.text(make.asset("two"), title="Kestrel two")
        db.session.commit()
        return count

    monkeypatch.setattr(engine, "rebuild", meanwhile)
    service.rebuild(engine)
    assert pending() > 0
    service.drain(engine)
    assert sorted(found(engine, "kestrel")) == ["one", "two"]


def snippets_of(engine, text):
    return [hit.snippet.html for hit in Finder(engine).find(rules.ask(text)).hits]


def test_texts_are_kept_ready_for_snippets_and_go_with_them(db, engine):
    asset = make.asset("kestrel")
    text = make.text(asset, title="Kestrel", body="The price is high.")
    db.session.commit()
    service.drain(engine)
    (row,) = db.session.scalars(select(SearchText))
    assert (row.text_id, row.digest) == (text.id, text.digest)
    asset.state = "retired"
    db.session.commit()
    service.drain(engine)
    assert db.session.scalars(select(SearchText)).all() == []


@pytest.mark.parametrize("harm", ["gone", "old", "broken"])
def test_a_snippet_never_depends_on_what_was_kept(db, engine, harm):
    make.text(make.asset("kestrel"), title="Kestrel", body="The price is high.")
    db.session.commit()
    service.drain(engine)
    change = {"gone": delete(SearchText), "old": update(SearchText).values(digest="x")}
    db.session.execute(change.get(harm, update(SearchText).values(data=b"broken")))
    db.session.commit()
    assert snippets_of(engine, "price") == ["The <mark>price</mark> is high."]


def test_an_edited_text_shows_its_new_words_before_the_index_follows(db, engine):
    asset = make.asset("kestrel")
    make.text(asset, title="Kestrel", body="The price is high.")
    db.session.commit()
    service.drain(engine)
    finder = Finder(engine)
    assert finder.find(rules.ask("price")).hits[0].snippet.html.endswith("is high.")
    make.text(asset, title="Kestrel", body="The price is low.")
    db.session.commit()
    assert finder.find(rules.ask("price")).hits[0].snippet.html.endswith("is low.")


def test_rebuilding_drops_what_is_kept_of_texts_that_are_gone(db, engine):
    make.text(make.asset("kestrel"), title="Kestrel")
    db.session.add(SearchText(text_id=10**6, digest="x", data=b"x"))
    db.session.commit()
    service.rebuild(engine)
    assert len(db.session.scalars(select(SearchText)).all()) == 1


def test_catching_up_builds_what_is_missing_and_drains_what_is_there(db, engine):
    make.text(make.asset("one"), title="Kestrel")
    db.session.commit()
    outbox.forget(outbox.waiting())
    db.session.commit()
    assert service.catch_up(engine) == 1, "nothing waits, yet the index is not there"
    assert found(engine, "kestrel") == ["one"]
    make.text(make.asset("two"), title="Kestrel two")
    db.session.commit()
    assert service.catch_up(engine) > 0
    assert sorted(found(engine, "kestrel")) == ["one", "two"]


def test_catching_up_replaces_what_another_analysis_made(db, engine, monkeypatch):
    make.text(make.asset("one"), title="Kestrel")
    db.session.commit()
    service.drain(engine)
    monkeypatch.setattr(analysis, "VERSION", analysis.VERSION + 1)
    assert repairing.verify(engine).stale == 1
    service.catch_up(engine)
    assert repairing.verify(engine).clean


def test_catching_up_replaces_a_damaged_index(db, tmp_path):
    make.text(make.asset("one"), title="Kestrel")
    db.session.commit()
    service.drain(WhooshEngine(tmp_path / "index"))
    for file in (tmp_path / "index").glob("*.toc"):
        file.write_bytes(b"broken")
    engine = WhooshEngine(tmp_path / "index")
    service.catch_up(engine)
    assert found(engine, "kestrel") == ["one"]


def test_a_busy_index_is_left_to_the_one_who_writes(db, engine):
    make.text(make.asset("kestrel"), title="Kestrel")
    db.session.commit()
    other = WhooshEngine(engine._folder if hasattr(engine, "_folder") else engine.folder)
    with other.writing(wait=0) as mine:
        assert mine
        assert service.drain(engine, wait=0) is None
    assert pending() > 0


def test_what_came_while_another_was_writing_is_drained_by_that_one(db, engine, monkeypatch):
    """Who was turned away waits for nobody: the one who held the lock looks once more."""
    make.text(make.asset("kestrel"), title="Kestrel")
    db.session.commit()
    write = engine.write

    def meanwhile(*given):
        write(*given)
        monkeypatch.setattr(engine, "write", write)
        make.text(make.asset("osprey"), title="Osprey")
        db.session.commit()

    monkeypatch.setattr(engine, "write", meanwhile)
    service.drain(engine, wait=0)
    assert found(engine, "osprey") == ["osprey"]
    assert pending() == 0


def test_tidying_learns_what_came_meanwhile(db, engine, monkeypatch):
    monkeypatch.setattr("portal.search.segment_writing.TIDIED", 2)
    for name in ("kestrel", "osprey"):
        make.text(make.asset(name), title=name)
        db.session.commit()
        service.drain(engine)
    tidy = engine.tidy

    def meanwhile():
        merged = tidy()
        make.text(make.asset("harrier"), title="Harrier")
        db.session.commit()
        return merged

    monkeypatch.setattr(engine, "tidy", meanwhile)
    service.tidy(engine)
    assert found(engine, "harrier") == ["harrier"]
    assert repairing.verify(engine).clean


def test_languages_of_one_asset_are_one_hit(db, engine):
    asset = make.asset("card")
    make.text(asset, "en", title="Kestrel", body="## Pricing\n\nThe price is high.\n")
    make.text(asset, "vi", title="Kestrel", body="## Giá\n\nGiá cao.\n")
    db.session.commit()
    service.drain(engine)
    answer = Finder(engine).find(rules.ask("kestrel"))
    assert [hit.card.slug for hit in answer.hits] == ["card"]
    assert list(answer.hits[0].shown.languages) == ["en", "vi"]
