"""How alike two requests are: bounds, symmetry of what is shared, what they are about."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.asset_requests.similar import rules
from portal.asset_requests.similar.rules import Said

WORDS = st.dictionaries(
    st.sampled_from(
        ["price", "=price", "kestrel", "=competitor/kestrel", "=competitor/nordhaul", "a_b"]
    ),
    st.integers(1, 30),
    max_size=6,
)
HAVING = {"price": 40, "=price": 90, "kestrel": 12, "=competitor/kestrel": 15, "a_b": 3}


@given(WORDS, WORDS)
def test_likeness_is_bounded(ours, theirs):
    score = rules.alike(Said(ours), Said(theirs), HAVING, 100)
    assert 0 <= score <= rules.BONUS["competitor"] + 1e-9
    assert (score > 0) == bool(set(ours) & set(theirs) and set(ours) & set(HAVING))


@given(WORDS.filter(lambda words: any(word in HAVING for word in words)))
def test_nothing_is_more_alike_than_itself(words):
    it = Said(words)
    itself = rules.alike(it, it, HAVING, 100)
    assert itself >= 1 - 1e-9
    assert rules.alike(it, Said({**words, "else": 40}), HAVING, 100) < itself


def test_rare_words_tell_more():
    assert rules.worth(2000, 2) > rules.worth(2000, 200) > rules.worth(2000, 2000) > 0


@given(st.dictionaries(st.text(max_size=3), st.integers(1, 4000), max_size=40))
def test_rows_are_bounded_and_the_rarest_come_first(having):
    chosen = rules.rarest(having)
    counts = [having[word] for word in chosen]
    assert counts == sorted(counts)
    assert len(chosen) <= 1 or sum(counts) <= rules.ROWS_MOST
    assert bool(chosen) == bool(having)


def test_a_common_word_alone_is_still_looked_up():
    assert rules.rarest({"every": 10 * rules.ROWS_MOST}) == ["every"]


def test_the_heaviest_words_are_looked_up():
    words = {f"w{number:03}": number for number in range(1, 200)}
    kept = rules.asked_words(words)
    assert len(kept) == rules.ASKED_MOST
    assert min(kept.values()) == 200 - rules.ASKED_MOST


def test_candidates_are_capped_and_the_best_come_first():
    rows = [(number, "kestrel", 1 + number % 7) for number in range(1, 500)]
    found = rules.candidates({"kestrel": 4}, rows, {"kestrel": 499}, 500)
    assert len(found) == rules.CANDIDATES
    assert found[0] == 6  # the heaviest, and the oldest of those


def likeness(ours=None, theirs=None, *, words="price", language=(None, None)):
    one = Said({"price": 4, words: 4}, ours or {}, language[0])
    two = Said({"price": 4, words: 4}, theirs or {}, language[1])
    return rules.alike(one, two, {"price": 40, words: 40}, 100)


def test_about_the_same_counts_more_about_another_less():
    for facet in rules.BONUS:
        plain = likeness()
        assert likeness({facet: "a"}, {facet: "a"}) > plain
        assert likeness({facet: "a"}, {facet: "b"}) <= plain
        assert likeness({facet: "a"}) == plain  # one of them does not say
    assert likeness({"competitor": "a"}, {"competitor": "b"}) < likeness() / 2
    assert likeness(language=("vi", "vi")) > likeness(language=("vi", "ru")) == likeness()


def test_a_competitor_named_in_words_counts_as_chosen():
    named = Said({"price": 4, "=competitor/kestrel": 5})
    having = {"price": 40, "=competitor/kestrel": 5}
    same = rules.alike(named, Said({"price": 4}, {"competitor": "kestrel"}), having, 100)
    none = rules.alike(named, Said({"price": 4}), having, 100)
    other = rules.alike(named, Said({"price": 4}, {"competitor": "nordhaul"}), having, 100)
    assert same > none > other


def test_only_what_is_near_the_best_is_offered():
    assert rules.best({}) == []
    assert rules.best({1: rules.LEAST / 2}) == []
    assert rules.best({1: 0.9, 2: 0.9 * rules.BESIDE - 0.01, 3: 0.9, 4: 0.8, 5: 0.7}) == [1, 3, 4]


def test_enough_is_letters_not_signs():
    assert not rules.is_enough("")
    assert not rules.is_enough("?! …—")
    assert not rules.is_enough("ab")
    assert rules.is_enough("giá")
    assert rules.is_enough("ROI")


def test_letters_show_a_language():
    assert rules.speaks("Цена") == "ru"
    assert rules.speaks("Giảm giá") == "vi"
    assert rules.speaks("Price of Kestrel") is None


@pytest.mark.parametrize(
    ("text", "code"), [("giá", "vi"), ("цена", "ru"), ("gia", None), ("café", "vi")]
)
def test_letters_tell_a_language(text, code):
    assert rules.likely(text) == code
