"""Exact phrases and what is left out: totals and facets are those of the texts that have them."""

import pytest

from portal.search import exact, rules, service
from portal.search.finding import Finder
from portal.search.passages import Passage, Prepared
from portal.search.whoosh_engine import WhooshEngine
from tests import make

TEXT = Prepared.make(
    "Kestrel WMS: the price of it",
    [
        Passage("a", "What it costs", "Our first offer is the last. Báo giá cho kho lạnh."),
        Passage("b", "Скидка за объём", "Скидку даём на первый год, ещё и на второй."),
    ],
    "cold store",
)


@pytest.mark.parametrize(
    "phrase",
    [
        "first offer",
        "FIRST Offer is the last",
        "is the last",
        "kestrel wms",
        "wms the price of it",
        "what it costs",
        "báo giá",
        "bao gia cho kho",
        "скидку даем на первый",
        "еще и на второй",
        "cold store",
        "offer",
    ],
)
def test_has(phrase):
    assert exact.has(TEXT, phrase)


@pytest.mark.parametrize(
    "phrase",
    [
        "offer first",
        "first offers",
        "last báo giá kho",
        "bạo giá",
        "скидка даём",
        "it our first",
        "costs our first",
        "the of",
    ],
)
def test_has_not(phrase):
    assert not exact.has(TEXT, phrase)


@pytest.fixture
def finder(db, tmp_path):
    for slug, kind, body in (
        ("one", "faq", "We hold the price for three years."),
        ("two", "faq", "The price we hold is the price list."),
        ("three", "guide", "Hold the price. Kestrel does not."),
        ("four", "guide", "Giữ giá ba năm."),
    ):
        made = make.asset(slug, kind=kind)
        make.text(made, title=slug.title(), body=f"## Part\n\n{body}\n")
    db.session.commit()
    engine = WhooshEngine(tmp_path / "index")
    service.rebuild(engine)
    return Finder(engine)


def find(finder, text, **told):
    return finder.find(rules.ask(text, **told))


def slugs(answer):
    return sorted(hit.card.slug for hit in answer.hits)


def test_a_phrase_narrows_hits_total_and_facets(finder):
    answer = find(finder, '"hold the price"')
    assert (slugs(answer), answer.total) == (["one", "three"], 2)
    assert answer.facets["kind"] == {"faq": 1, "guide": 1}
    assert slugs(find(finder, '"hold the price" kestrel')) == ["three"]
    assert slugs(find(finder, '"the price" "we hold"')) == ["one", "two"]


def test_a_phrase_nobody_has_is_searched_by_its_words(finder):
    answer = find(finder, '"price the hold"')
    assert answer.asked.understood.inexact
    assert slugs(answer)[:1]
    assert not find(finder, '"hold the price"').asked.understood.inexact


def test_without(finder):
    for text, found in {
        "price -kestrel": ["one", "two"],
        'price -"hold the price"': ["two"],
        'price -"of the" -the': ["one", "three", "two"],
        "giá -năm": [],
        "giá -nam": [],
        "giá -nằm": ["four"],
    }.items():
        assert slugs(find(finder, text, literal=True)) == found, text
    assert find(finder, "price -kestrel", literal=True).facets["kind"] == {"faq": 2}
    assert slugs(find(finder, "giá -năm")) == ["one", "three", "two"], "by their synonym"


def test_only_what_is_not_wanted_finds_nothing(finder):
    answer = find(finder, "-kestrel")
    assert (answer.total, answer.asked.only_without) == (0, True)
    assert find(finder, '-"hold the price"').total == 0


def test_what_many_texts_have_is_believed_of_the_index(finder, monkeypatch):
    monkeypatch.setattr(exact, "READ_MOST", 1)
    assert slugs(find(finder, '"hold the price"')) == ["one", "three", "two"]
