"""The words of all texts: learned when texts are indexed, followed by every process."""

import pytest
from sqlalchemy import delete, select

from portal.search import dictionary, service
from portal.search.dictionary import Dictionary
from portal.search.models import SearchWord
from portal.search.whoosh_engine import WhooshEngine
from tests import make


@pytest.fixture
def engine(db, tmp_path):
    made = make.asset("one")
    make.text(made, title="Kestrel", body="## Giá\n\nHoà vốn, ещё 24 dây.\n")
    db.session.commit()
    engine = WhooshEngine(tmp_path / "index")
    service.rebuild(engine)
    return engine


def known(db):
    return set(db.session.scalars(select(SearchWord.word)))


def test_a_rebuild_learns_all_words_as_the_analysis_has_them(engine, db):
    assert {"kestrel", "giá", "hòa", "еще", "dây"} <= known(db)
    assert "24" not in known(db)


def test_a_change_adds_its_words_and_every_process_follows(engine, db):
    here, there = Dictionary(), Dictionary()
    assert "kestrel" in here.words()
    assert "kestrel" in there.words()
    make.text(make.asset("two"), title="Nordhaul and Kestrel", body="")
    db.session.commit()
    service.drain(engine)
    assert "nordhaul" in here.words()
    assert "nordhaul" in there.words()
    assert "gia" in here.words(), "without its diacritics, too"
    assert len(known(db)) == len(list(db.session.scalars(select(SearchWord.word))))


def test_a_rebuild_forgets_what_no_text_says_any_more(engine, db):
    dictionary.learn(["vanished"])
    assert "vanished" in known(db)
    service.rebuild(engine)
    assert "vanished" not in known(db)
    assert "kestrel" in known(db)


def test_words_made_anew_are_read_anew(engine, db):
    followed = Dictionary()
    followed.words()
    db.session.execute(delete(SearchWord))
    assert len(followed.words()) == 0
    dictionary.learn(["other"])
    assert "other" in followed.words()
    assert "kestrel" not in followed.words()
