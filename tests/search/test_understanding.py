"""What a search is taken to mean, given the words that texts have."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.search import analysis, rules
from portal.search.expanding import Table
from portal.search.spelling import Lexicon
from portal.search.understanding import Knowledge, understand

TEXTS = [
    "pricing of the implementation of a warehouse",
    "implementation plan for the warehouse",
    "the warehouse price list and the price of support",
    "курс продаж и скидка на внедрение",
    "скидка за внедрение склада",
    "bảng giá và chi phí triển khai",
    "bảng giá thương mại, sửa lỗi",
    "email template",
]
HAVING = Counter(t for text in TEXTS for t in set(analysis.document_terms(text).terms))
WORDS = Lexicon(token.text for text in TEXTS for token in analysis.tokens(text))
TABLE = Table([{"en": ["price", "cost"], "vi": ["giá", "chi phí"], "ru": ["цена", "скидка"]}])


def meant(text, *, table=None, **told):
    known = Knowledge(lambda: WORDS, table or Table())
    return understand(
        rules.ask(text, **told), lambda terms: [HAVING[term] for term in terms], known
    )


def corrected(text):
    return meant(text).understood.corrected


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("warehuose", "warehouse"),
        ("warehouse implemntaton", "warehouse implementation"),
        ("rehc ghjlf;", "курс продаж"),
        ("REHC Ghjlf;", "КУРС Продаж"),
        ("crblrf yf dytlhtybt", "скидка на внедрение"),
        ("цфкурщгыу", "warehouse"),
        ("bangr gias", "bảng giá"),
        ("ba3ng gia1", "bảng giá"),
        ("thươgn mại", "thương mại"),
        ("sữa lỗi", "sửa lỗi"),
        ("скидка на внидрение", "скидка на внедрение"),
    ],
)
def test_mistyped(typed, text):
    assert corrected(typed) == text
    assert meant(typed).query.words


@pytest.mark.parametrize(
    "typed",
    ["warehouse", "ВНЕДРЕНИЯ", "bang gia", "bảng giá", "xyzzy", "", "?!", "the of", "не на"],
)
def test_what_is_right_or_beyond_guessing_stays(typed):
    assert corrected(typed) == ""
    assert meant(typed).words == rules.ask(typed).words


def test_yo_and_old_tone_marks_are_the_same_words():
    assert meant("внедрёние").words[0].alternatives == meant("внедрение").words[0].alternatives
    assert meant("hoá").words[0].alternatives == meant("hóa").words[0].alternatives


def test_a_guess_stands_beside_the_word_and_brings_its_pairs():
    asked = meant("warehouse prise")
    [_, word] = asked.words
    assert word.typed == "prise"
    assert dict(word.alternatives)["price"] == 1.0
    assert "warehouse_price" in dict(asked.query.bonus)


def test_as_typed_means_as_typed():
    assert meant("warehuose", literal=True) == rules.ask("warehuose", literal=True)


def test_other_words_count_less_than_those_typed_and_are_told():
    asked = meant("price support", table=TABLE)
    weights = dict(asked.words[0].alternatives)
    assert weights["price"] == 1.0
    assert weights.keys() == {"price", "giá", "chi_phi", "скидк"}, "what no text has is left out"
    assert max(w for term, w in weights.items() if term != "price") <= 0.1
    assert [(it.phrase, it.typed) for it in asked.understood.also] == [
        ("giá", "price"),
        ("chi phí", "price"),
        ("скидка", "price"),
    ]
    assert asked.words[1].alternatives == rules.ask("support").words[0].alternatives


def test_a_word_put_right_is_widened():
    assert "giá" in dict(meant("prica", table=TABLE).words[0].alternatives)


def test_of_a_letter_the_telling_words_are_used():
    letter = "Dear all, " + "we met to talk about it and you asked for a warehouse price list. " * 8
    asked = meant(letter)
    assert set(asked.understood.telling) == {"warehouse", "price", "list"}
    assert {word.typed for word in asked.words} == set(asked.understood.telling)
    assert asked.understood.corrected == ""


def test_a_letter_without_a_known_word_is_still_a_search():
    asked = meant(" ".join(f"qq{n}zz" for n in range(300)))
    assert 0 < len(asked.words) <= 12


@given(st.text(max_size=200) | st.text(st.sampled_from('aáяж -"*();,1 '), max_size=60))
def test_any_text_is_fine(text):
    asked = meant(text, table=TABLE)
    assert len(asked.query.words) == len(asked.words)


def test_a_rare_word_of_the_group_does_not_outweigh_the_common_one_typed():
    counts = {"price": 40, "tariff": 1, "cost": 40}
    table = Table([{"en": ["price", "tariff", "cost"]}])
    known = Knowledge(lambda: WORDS, table)
    asked = understand(
        rules.ask("price"), lambda terms: [counts.get(term, 0) for term in terms], known
    )
    weights = dict(asked.words[0].alternatives)
    assert weights["tariff"] < weights["cost"] / 2
