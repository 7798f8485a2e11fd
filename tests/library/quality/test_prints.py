import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.library.quality.prints import ALIKE, bands_of, likeness, print_of


def words(number, seed=1):
    chance = random.Random(seed)
    return [f"w{chance.randrange(5000)}" for _ in range(number)]


@pytest.mark.parametrize("language", ["en", "vi", "ru"])
def test_a_text_is_like_itself_and_like_nearly_itself(language):
    told = words(400)
    changed = [*told[:200], "other", *told[201:390]]
    one, other = print_of(" ".join(told), language), print_of(" ".join(changed), language)
    assert likeness(one, one) == 1.0
    assert likeness(one, other) >= ALIKE
    assert set(bands_of(one, language)) & set(bands_of(other, language))


def test_other_texts_are_not_alike():
    one, other = print_of(" ".join(words(400)), "en"), print_of(" ".join(words(400, 2)), "en")
    assert likeness(one, other) < 0.1
    assert not set(bands_of(one, "en")) & set(bands_of(other, "en"))
    assert not set(bands_of(one, "en")) & set(bands_of(one, "vi"))


def test_short_texts_copy_nobody():
    assert print_of("a few words", "en") == b""
    assert bands_of(b"", "en") == []
    assert likeness(b"", b"") == 0.0


@given(st.text(max_size=3000))
def test_any_text_has_a_print(text):
    made = print_of(text, "vi")
    assert len(bands_of(made, "vi")) in {0, 10}
    assert all(0 <= band < 2**63 for band in bands_of(made, "vi"))
