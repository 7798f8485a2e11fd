"""Quotes and minus signs mean what people who know them mean, and nothing to everybody else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.search.operators import LETTER, parse


@pytest.mark.parametrize(
    ("typed", "text", "phrases", "without"),
    [
        ('"exact phrase" more', "exact phrase more", ("exact phrase",), ()),
        ("«точная фраза» склад", "точная фраза склад", ("точная фраза",), ()),
        ("“báo giá” kho", "báo giá kho", ("báo giá",), ()),
        ("price -kestrel", "price", (), ("kestrel",)),
        ('a -"some words" b', "a b", (), ("some words",)),
        ("-kestrel", "", (), ("kestrel",)),
        ("(price -kestrel)", "(price", (), ("kestrel",)),
        ('"a" "b"', "a b", ("a", "b"), ()),
    ],
)
def test_operators(typed, text, phrases, without):
    assert parse(typed) == (text, phrases, without)


@pytest.mark.parametrize(
    "typed",
    [
        '"left open',
        "lone - minus",
        "--dashes",
        "-20 % off",
        "24/7 follow-up e-mail C++",
        'pallets of 12" and 13" too',
        '"" empty',
        '"?!" signs',
        '-"',
        "kind:faq AND (a OR NOT b*)",
        "giá – chi phí",
        "📦 -📦",
    ],
)
def test_what_is_no_operator_stays_as_it_is(typed):
    assert parse(typed) == (typed, (), ())


def test_dashes_of_a_pasted_letter_begin_lines():
    letter = "-one " + "word " * LETTER
    assert parse(letter).without == ()


def test_only_so_many_are_heeded():
    found = parse(" ".join(f'"p{n}" -w{n}' for n in range(12)))
    assert (len(found.phrases), len(found.without)) == (4, 8)


@given(st.text(st.sampled_from("ab -\"“”«»()'*: \n\u202e") | st.characters(), max_size=80))
def test_any_text_is_fine(typed):
    found = parse(typed)
    assert all(said.strip() for said in (*found.phrases, *found.without))
