"""Which words are the same, which clash, and what a merge keeps."""

import pytest

from portal.library.terms import rules
from portal.library.terms.rules import Words

KESTREL = Words(1, "kestrel", {"en": "Kestrel WMS", "ru": "Кестрел"}, ["KWMS"], ["old-kestrel"])


@pytest.mark.parametrize(
    ("mine", "word"),
    [
        (Words(2, "nord", {"en": "kestrel wms"}), "kestrel wms"),
        (Words(2, "nord", {"en": "Nord"}, ["кестрел"]), "кестрел"),
        (Words(2, "nord", {"en": "Nord"}, ["KWMS"]), "KWMS"),
        (Words(2, "kestrel", {"en": "Nord"}), "kestrel"),
        (Words(2, "nord", {"en": "Nord"}, ["Old Kestrel"]), "Old Kestrel"),
        (Words(None, "old-kestrel", {"en": "Nord"}), "old-kestrel"),
        (Words(2, "nord", {"en": "Nord"}, ["K-WMS"]), None),
        (Words(1, "kestrel", {"en": "Kestrel WMS"}), None),
    ],
)
def test_a_word_belongs_to_one_term_of_a_facet(mine, word):
    found = rules.clash(mine, [KESTREL])
    assert (found.word if found else None) == word


def test_marks_and_case_do_not_tell_words_apart():
    assert rules.key_of("Kho Lạnh") == rules.key_of("kho lanh")
    assert rules.key_of("№") == "№", "a word of signs alone stays itself"


def test_aliases_are_kept_once_and_not_beside_a_name():
    said = ["KWMS", "kwms", "Kestrel WMS", "", "Kestral"]
    assert rules.tidy(said, {"en": "Kestrel WMS"}) == ["KWMS", "Kestral"]


def test_a_merge_takes_over_every_word_that_is_new():
    source = Words(2, "nord", {"en": "Nord", "vi": "Nord", "ru": "Норд"}, ["NH", "kwms"])
    assert rules.gained(KESTREL, source) == ["Nord", "Норд", "NH"]


@pytest.mark.parametrize("slug", ["", "Kestrel", "a b", "a" * 81, "кестрел", "a--b", "-a"])
def test_odd_slugs_are_none(slug):
    assert not rules.is_slug(slug)


def test_a_new_slug_comes_from_the_english_name_else_any():
    assert rules.first_slug({"vi": "Cổng", "en": "The Gate"}) == "the-gate"
    assert rules.first_slug({"vi": "Cổng"}) == "cong"
