"""The word diff: both texts come out again, words are words, and the worst cases end soon."""

import itertools
import random
import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.library.revisions.worddiff import PAIRS, _Matcher, diff, rising

WORDS = (
    "the of a price Kestrel cửa hàng đường цена три года 12,5 | - ** \n \n\n . , (x) 'тест'".split(
        " "
    )
)
TEXTS = st.one_of(
    st.text(max_size=300),
    st.lists(st.sampled_from(WORDS), max_size=120).map(" ".join),
    st.lists(st.sampled_from(WORDS), max_size=120).map("".join),
)


def bare(text):
    return "".join(unicodedata.normalize("NFC", text).split())


@settings(deadline=None)  # a busy machine
@given(TEXTS, TEXTS)
def test_both_texts_come_out_again(old, new):
    chunks = diff(old, new)
    assert "".join(chunk.old for chunk in chunks) == old
    assert "".join(chunk.new for chunk in chunks) == new
    assert all(c.same != d.same for c, d in itertools.pairwise(chunks))
    for chunk in chunks:
        if chunk.same:
            assert bare(chunk.old) == bare(chunk.new)


@settings(deadline=None)  # a busy machine
@given(TEXTS)
def test_the_same_text_has_no_change(text):
    assert all(chunk.same for chunk in diff(text, text))


def changes(old, new):
    return [(c.old.strip(), c.new.strip()) for c in diff(old, new) if not c.same]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("Giá của đối thủ", "Giá của khách hàng", [("đối thủ", "khách hàng")]),
        ("tiếng Việt", unicodedata.normalize("NFD", "tiếng Việt"), []),
        ("на четырнадцатом месяце", "на двенадцатом месяце", [("четырнадцатом", "двенадцатом")]),
        ("It costs $1,200 a year", "It costs $1,250 a year", [("1,200", "1,250")]),
        ("one line\nis wrapped", "one line is\nwrapped", []),
        ("one. two.", "one.\n\ntwo.", [("", "")]),  # a paragraph more is a change
        ("", "new", [("", "new")]),
        ("", "", []),
    ],
)
def test_words_are_words(old, new, expected):
    assert changes(old, new) == expected


def test_a_word_in_common_does_not_break_up_what_was_rewritten():
    old = "They sell hardware and lock you into the scanners for years."
    new = "Ask how long and dear the contract will be before it ends."
    assert changes(old, new) == [(old[:-1], new[:-1])]


def test_rising_is_the_longest():
    assert rising([3, 0, 1, 2]) == {1, 2, 3}
    assert rising([]) == set()


WORST = {
    "different": lambda r: [" ".join(r.choice(WORDS) for _ in range(5000)) for _ in "ab"],
    "few words": lambda r: [" ".join(r.choice("uvwxyz") for _ in range(10_000)) for _ in "ab"],
    "symbols": lambda _r: ["|-" * 10_000, "-|*" * 6_600],
    "shuffled": lambda r: [" ".join(map(str, r.sample(range(3600), 3600))) for _ in "ab"],
    "no spaces": lambda r: ["".join(r.choice("ab |.") for _ in range(20_000)) for _ in "ab"],
    "one letter": lambda _r: ["a " * 10_000, "a b " * 5_000],
}


@pytest.mark.parametrize("name", WORST)
def test_the_worst_ends_soon(name):
    """Bounded by counting; the time is far above what it takes, for busy machines."""
    old, new = WORST[name](random.Random(1))
    begun = time.process_time()
    chunks = diff(old, new)
    assert time.process_time() - begun < 2
    assert "".join(c.old for c in chunks) == old
    assert "".join(c.new for c in chunks) == new


def test_what_is_looked_at_pair_by_pair_is_counted():
    matcher = _Matcher([n % 5 for n in range(9000)], [n % 7 for n in range(9000)])
    matcher.matches()
    assert 0 <= matcher.left <= PAIRS
