"""The bench of search, in small: it grows, builds, asks, compares, and writes what it measured."""

import re
import xml.etree.ElementTree as ET

import pytest

from tests.bench import mistakes, search, search_hostile, search_library, search_page
from tests.bench.search_rivals import rivals

TEXTS, QUERIES, STRANGE = 60, 12, 42


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    """Figures of a very small library, by title; its workers are left out."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search, "WARM", 3)
        patch.setattr(search.search_workers, "figures", lambda *_, **__: [])
        folder = tmp_path_factory.mktemp("bench")
        material = search_library.read()
        with search.portal_in(folder) as (app, told):
            given = {"material": material, "queries": QUERIES}
            found = search.at(TEXTS, app, told, folder / "beside", **given)
            odd = search_hostile.figures(app, material, STRANGE, worst=10_000)
    return {"60 texts": found, "42 strange searches": odd}


def figure(figures, name):
    return next(it for it in figures if it.name == name)


@pytest.mark.slow
def test_whole_answers_are_measured_and_nearly_all_find_something(measured):
    answers = figure(measured["60 texts"], search.P95)
    assert answers.measured > 0
    assert int(re.match(r"\d+", answers.note)[0]) >= QUERIES // 2


@pytest.mark.slow
def test_other_engines_answer_the_same_searches(measured):
    names = " ".join(it.name for it in measured["60 texts"])
    assert all(rival.name in names for rival in rivals())


@pytest.mark.slow
def test_strange_searches_do_not_fail(measured):
    assert figure(measured["42 strange searches"], "failed").measured == 0


@pytest.mark.slow
def test_the_page_has_every_figure_and_a_picture(measured, tmp_path):
    grown = {
        name: [("60 texts", figure(measured["60 texts"], name).measured)]
        for name in (search.P50, search.P95)
    }
    search_page.write(measured, [TEXTS], grown, QUERIES, folder=tmp_path)
    said = (tmp_path / "search-speed.md").read_text("utf-8")
    assert all(it.name in said for figures in measured.values() for it in figures)
    ET.fromstring((tmp_path / "search-growth.svg").read_text("utf-8"))


def test_a_library_and_its_searches_are_the_same_in_every_run():
    material = search_library.read()
    once, again = (search_library.searches(material, 9, "x") for _ in range(2))
    assert once == again
    one, other = (next(search_library.documents(material, 7)) for _ in range(2))
    assert one[2] == other[2]


def test_wrong_layout_goes_there_and_back():
    assert mistakes.on_english_keys("Курс, продаж?") == "Rehc? ghjlf;&"
    assert mistakes.on_russian_keys("Rehc? ghjlf;&") == "Курс, продаж?"


def test_a_slip_changes_one_word_and_never_its_first_letter():
    for number in range(200):
        wrong = mistakes.slip("warehouse", "en", mistakes.chance_of(number))
        assert wrong != "warehouse"
        assert wrong[0] == "w"
        assert abs(len(wrong) - len("warehouse")) <= 1


def test_the_rarest_word_gets_the_slip():
    having = {"price": 40, "warehous": 2}
    wrong = mistakes.mistyped("The warehouse price", "en", having, mistakes.chance_of("x"))
    assert wrong.startswith("The w")
    assert "warehouse" not in wrong
    assert wrong.endswith(" price")
