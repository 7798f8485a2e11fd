"""An answer is kept for the next who asks the same, and never shows what may not be shown."""

import pytest

from portal.config import Language
from portal.search import rules, service, snippets
from portal.search.finding import MOST_WORDS, Finder
from portal.search.whoosh_engine import WhooshEngine
from tests import make


@pytest.fixture
def engine(tmp_path):
    return WhooshEngine(tmp_path / "index")


@pytest.fixture
def kestrel(db, engine):
    made = make.asset("kestrel")
    make.text(made, title="Kestrel", body="The price is high.")
    db.session.commit()
    service.drain(engine)
    return made


@pytest.fixture
def finder(engine):
    return Finder(engine)


@pytest.fixture
def cut(monkeypatch):
    """The words that snippets were cut for since."""
    asked, best = [], snippets.best
    monkeypatch.setattr(
        snippets,
        "best",
        lambda text, words, also: asked.append(words[0].typed) or best(text, words, also),
    )
    return asked


def find(finder, text="price", **told):
    return finder.find(rules.ask(text, **told))


def slugs(answer):
    return [hit.card.slug for hit in answer.hits]


def test_the_same_search_is_answered_from_what_was_found(finder, kestrel, cut, monkeypatch):
    first = find(finder)
    monkeypatch.setattr(finder.engine, "search", None)
    second = find(finder)
    assert (second.hits, second.total, second.facets) == (first.hits, first.total, first.facets)
    assert cut == ["price"]
    assert second.hits[0].snippet.html == "The <mark>price</mark> is high."


def test_answers_of_older_generations_are_forgotten(finder, kestrel, db, engine):
    for title in ("Kestrel", "Kestrel again", "Kestrel once more"):
        kestrel.texts[0].title = title
        db.session.commit()
        service.drain(engine)
        find(finder)
        find(finder, "high")
    assert len(finder._answered) == 2
    assert len(finder.meaning._kept) == 2


@pytest.mark.parametrize(
    "told",
    [
        {"text": "high"},
        {"filters": {"kind": ["battlecard"]}},
        {"filters": {"kind": ["battlecard", "faq"]}},
        {"sort": "newest"},
        {"size": 1},
        {"prefer": Language.VI},
    ],
)
def test_whatever_is_asked_otherwise_is_another_search(finder, kestrel, cut, told):
    find(finder)
    find(finder, **told)
    assert len(cut) == 2


def test_a_page_further_on_is_another_search(finder, kestrel):
    assert slugs(find(finder)) == ["kestrel"]
    assert slugs(find(finder, page="2")) == []
    assert slugs(find(finder)) == ["kestrel"]


def test_what_is_withdrawn_is_gone_at_once(finder, kestrel, db):
    find(finder)
    kestrel.state = "retired"
    db.session.commit()
    assert slugs(find(finder)) == []
    kestrel.state = "published"
    db.session.commit()
    assert slugs(find(finder)) == ["kestrel"]


def test_a_changed_text_is_cut_anew_and_then_kept(finder, kestrel, db, cut):
    find(finder)
    make.text(kestrel, title="Kestrel", body="The price is low.")
    db.session.commit()
    for _ in range(2):
        assert find(finder).hits[0].snippet.html == "The <mark>price</mark> is low."
    assert cut == ["price", "price"]


def test_what_is_found_since_is_in_the_next_answer(finder, engine, kestrel, db):
    find(finder)
    make.text(make.asset("merlin"), title="Merlin", body="The price is fair.")
    db.session.commit()
    service.drain(engine)
    assert sorted(slugs(find(finder))) == ["kestrel", "merlin"]


def test_a_letter_somebody_pasted_is_not_kept(finder, kestrel, cut):
    letter = " ".join(f"word{n}" for n in range(MOST_WORDS)) + " price"
    assert slugs(find(finder, letter)) == slugs(find(finder, letter)) == ["kestrel"]
    assert len(cut) == 2
