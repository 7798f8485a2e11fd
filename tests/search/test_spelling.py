"""Words near a mistyped one: one slip, two for long words, hỏi for ngã."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.search.spelling import Lexicon, distance, is_correctable, one_slip, swapped_tone

WORDS = Lexicon(
    ["pricing", "implementation", "warehouse", "цена", "внедрение", "thương", "giá", "đơn", "sửa"]
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("pricng", "pricing"),
        ("pircing", "pricing"),
        ("priciing", "pricing"),
        ("pricong", "pricing"),
        ("рцена", "цена"),
        ("внидрение", "внедрение"),
        ("thươgn", "thương"),
        ("thuogn", "thuong"),
        ("implemntaton", "implementation"),
        ("warehuose", "warehouse"),
    ],
)
def test_near(typed, meant):
    assert meant in [word for word, _ in WORDS.near(typed)]


def test_two_slips_are_too_many_for_a_short_word():
    assert WORDS.near("prcng") == []
    assert WORDS.near("implemetaton") == [("implementation", 2)]


@pytest.mark.parametrize("typed", ["ab", "24", "a1b2c3", "x" * 40, "", "📦"])
def test_what_is_not_guessed_at(typed):
    assert not is_correctable(typed)
    assert WORDS.near(typed) == []


def test_words_added_later_are_near_too():
    words = Lexicon(["implementation"])
    assert words.near("contractaul") == words.near("implemetation1") == []
    words.near("implemetaton")
    words.add(["contractual", "negotiations"])
    assert [word for word, _ in words.near("negotiatoins")] == ["negotiations"]
    assert [word for word, _ in words.near("negatiatoins")] == ["negotiations"]


def test_hoi_for_nga():
    assert (swapped_tone("sữa"), swapped_tone("sửa"), swapped_tone("giá")) == ("sửa", "sữa", "giá")


@given(st.text("abcdeй", min_size=1, max_size=7), st.data())
def test_one_slip_is_at_a_distance_of_one(word, data):
    slips = list(one_slip(word))
    slip = data.draw(st.sampled_from(slips))
    assert distance(word, slip) <= 1
    assert distance(slip, word) == distance(word, slip)
