"""Groups of synonyms: shipped ones, those in their place, and what may be in one."""

import pytest

from portal.search.synonyms.rules import Fault, Group, Wrong, fault, listing, matching, tidy

SHIPPED = {"price": {"en": ["price", "cost"], "vi": ["giá"]}, "dock": {"en": ["dock", "ramp"]}}


def test_what_people_made_stands_in_the_place_of_what_was_shipped():
    mine = Group("price", {"en": ["fee", "rate"]}, version=1, shipped=True)
    own = Group("f00", {"vi": ["bến", "cảng"]}, version=1)
    groups = listing(SHIPPED.items(), [mine, own])
    assert [it.name for it in groups] == ["bến", "dock", "fee"]
    assert {it.key: it for it in groups}["price"] is mine
    assert {it.key: it for it in groups}["dock"].version == 0


def test_found_by_any_word_without_its_marks():
    groups = listing(SHIPPED.items(), [])
    assert [it.key for it in matching(groups, "GIA")] == ["price"]
    assert [it.key for it in matching(groups, "ram")] == ["dock"]
    assert len(matching(groups, "  ")) == 2
    assert matching(groups, "nowhere") == []


def test_tidy():
    assert tidy({"en": ["  a   b ", "", "c"], "vi": ["", " "]}) == {"en": ["a b", "c"]}


OTHERS = [Group("price", SHIPPED["price"])]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ({"en": ["dock", "ramp"], "ru": ["рампа"]}, None),
        ({"en": ["one"]}, Fault(Wrong.TOO_FEW)),
        ({}, Fault(Wrong.TOO_FEW)),
        ({"en": ["a"], "xx": ["b"]}, Fault(Wrong.LANGUAGE, "xx")),
        ({"en": ["Dock", "dock"]}, Fault(Wrong.TWICE, "en", "dock")),
        ({"en": ["dock", "cost"]}, Fault(Wrong.TAKEN, "en", "cost", "price")),
        ({"ru": ["cost", "рампа"]}, None),
        ({"vi": ["má", "mà"]}, None),
        ({"en": ["dock", "!"]}, Fault(Wrong.NO_WORD, "en", "!")),
        ({"en": ["dock", "x" * 61]}, Fault(Wrong.TOO_LONG, "en", "x" * 61)),
        ({"en": [f"w{n}" for n in range(31)]}, Fault(Wrong.TOO_MANY, "en")),
    ],
)
def test_what_may_be_a_group(words, found):
    assert fault(words, OTHERS) == found


def test_a_word_that_was_here_before_stays_though_another_group_has_it():
    assert fault({"en": ["cost", "toll"]}, OTHERS, before={"en": ["cost", "x"]}) is None
