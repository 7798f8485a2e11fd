"""Of a pasted letter the words that matter are searched, in each language, not its courtesies."""

from collections import Counter

import pytest

from portal.search import analysis, trade
from portal.search.expanding import Table
from portal.search.letters import MOST, telling

LIBRARY = [
    "slot booking for docks, the gate and the yard",
    "warehouse implementation, thank you",
    "warehouse docks and drivers; dear customers want more",
    "triển khai kho, bảo mật dữ liệu, cảm ơn",
    "внедрение склада, спасибо за вопрос",
]
HAVING = Counter(t for text in LIBRARY for t in set(analysis.document_terms(text).terms))
TABLE = Table(trade.synonyms().values())


def words(text, table=TABLE):
    return telling(text, lambda terms: [HAVING[term] for term in terms], table)


@pytest.mark.parametrize(
    ("letter", "matters"),
    [
        ("Dear team, thank you. We want slot booking at the docks.", ["slot", "booking", "docks"]),
        ("Cảm ơn anh chị. Em muốn hỏi về triển khai và bảo mật.", ["triển", "khai", "bảo", "mật"]),
        ("Добрый день, спасибо! Вопрос о внедрении на складе.", ["внедрении", "складе"]),
    ],
)
def test_courtesies_are_left_out(letter, matters):
    assert words(letter * 3) == matters


def test_what_is_repeated_rare_or_of_the_trade_tells_more():
    many = " ".join(f"word{n}" for n in range(20))
    HAVING.update({f"word{n}": 3 for n in range(20)} | {"rare": 1, "often": 3})
    found = words(f"{many} rare often often often warehouse")
    assert len(found) == MOST
    assert {"rare", "often", "warehouse"} <= set(found)


def test_two_forms_of_a_word_count_once():
    assert words("warehouse warehouses docks dock") == ["warehouse", "dock"]


def test_without_a_known_word_its_first_ones_are_searched():
    assert words("qqq zzz") == ["qqq", "zzz"]
    assert words("") == []
