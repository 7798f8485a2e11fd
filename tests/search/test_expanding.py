"""Words of a query widen to the others of their group, in whatever language and form."""

import pytest

from portal.search import analysis, trade
from portal.search.expanding import MOST, Table, terms_for

PRICE = {"en": ["price", "how much"], "vi": ["giá", "chi phí"], "ru": ["цена", "смета расходов"]}
TABLE = Table([PRICE, {"en": ["dock", "gate"], "vi": ["cổng kho"]}, {"en": ["gate", "door"]}])


def widen(text, table=TABLE):
    return [
        (it.place, it.size, [other.phrase for other in it.others])
        for it in table.widen([token.text for token in analysis.tokens(text)])
    ]


@pytest.mark.parametrize("typed", ["price", "prices", "Pricing"])
def test_a_word_in_any_form(typed):
    assert widen(typed) == [(0, 1, ["giá", "цена", "chi phí", "смета расходов"])]


def test_a_phrase_counts_as_a_whole_and_where_it_stands():
    assert widen("kestrel chi phí kho") == [(1, 2, ["price", "giá", "цена", "смета расходов"])]
    assert widen("сметой расходов")[0][:2] == (0, 2)
    assert widen("how much")[0][:2] == (0, 2)


def test_without_diacritics_only_words_of_several_syllables():
    assert widen("chi phi")[0][:2] == (0, 2)
    assert widen("gia") == []


def test_a_word_of_two_groups_widens_to_both():
    assert widen("gate") == [(0, 1, ["dock", "cổng kho", "door"])]


def test_what_is_typed_anyway_is_no_other_word():
    assert widen("dock gate")[0] == (0, 1, ["cổng kho"])


def test_terms_stand_for_phrases():
    assert terms_for("giá") == ("giá",)
    assert terms_for("chi phí") == ("chi_phi",)
    assert terms_for("смета расходов") == ("смет_расход",)
    assert terms_for("how much") == ()
    assert terms_for("cost of it") == ()
    assert terms_for("") == ()


def test_not_more_than_so_many():
    many = Table([{"en": [f"word{n}" for n in range(50)], "vi": ["giá"]}])
    [(_, _, others)] = widen("giá", many)
    assert len(others) == MOST


def test_the_trades_words():
    widening = [it for it in trade.concepts() if it.widens]
    assert len(widening) >= 60
    assert all(set(it.words) == {"en", "vi", "ru"} for it in widening)
    table = Table(it.words for it in widening)
    for typed, other in {"price": "цена", "скидка": "discount", "tich hop": "integration"}.items():
        assert other in widen(typed, table)[0][2]
