"""Analysis: what a text and a query become, in three languages."""

import unicodedata

import pytest
import snowballstemmer
from hypothesis import given
from hypothesis import strategies as st

from portal.search import analysis
from portal.search.analysis import MAX_WORDS, document_terms, query_terms, tokens
from portal.search.taking import normalise


def words(text):
    return [word.typed for word in query_terms(text).words]


def finds(query, text):
    """Whether every word of the query is met by the text."""
    held = set(document_terms(text).terms)
    return all(any(t in held for t, _ in word.alternatives) for word in query_terms(query).words)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("discounts", "A discount is given"),
        ("PRICING", "pricing"),
        ("bang gia", "Bảng giá mới"),
        ("Bảng giá", "BẢNG GIÁ MỚI"),
        ("hoà", "hòa"),
        ("khoẻ", "khỏe"),
        ("THUỶ", "thủy"),
        ("quý", "quý"),
        ("đối thủ", "doi thu cua chung toi"),
        ("doi thu", "đối thủ"),
        ("складами", "на складе"),
        ("еще дешёвле", "дешевле"),
        ("самолёт", "самолеты"),
        ("за\u0301мок", "замок"),
        ("soft\u00adware", "software"),
        ("café", "cafe"),
        ("3PL", "3pl"),
        ("ĐƠN HÀNG", "đơn hàng"),
    ],
)
def test_finds(query, text):
    assert finds(query, text)
    assert finds(unicodedata.normalize("NFD", query), text)
    assert finds(query, unicodedata.normalize("NFD", text))


@pytest.mark.parametrize(
    ("query", "text"), [("giá", "giả"), ("quỹ", "quy trình khác"), ("kho", "khó")]
)
def test_diacritics_as_typed_weigh_more(query, text):
    [word] = query_terms(query).words
    exact = dict(word.alternatives)
    same, other = set(document_terms(query).terms), set(document_terms(text).terms)
    weigh = lambda held: sum(w for term, w in exact.items() if term in held)  # noqa: E731
    assert weigh(same) > weigh(other) or (query.isascii() and weigh(same) == weigh(other) > 0)


def test_letters_are_put_in_their_usual_form():
    assert [t.text for t in tokens("hoà KHOẺ Thuý quý ещё\u0301 sof\u00adtware")] == [
        *("hòa", "khỏe", "thúy", "quý", "еще", "software"),
    ]
    assert words("ещё её склад") == ["склад"]


def test_offsets_survive_letters_that_grow_in_lower_case():
    text = "\u0130\u0130 giá"
    assert [text[t.start : t.end] for t in tokens(text)] == ["\u0130\u0130", "giá"]


def test_stop_words_go_unless_nothing_else_is_left():
    assert words("how do we beat the competitor") == ["beat", "competitor"]
    assert words("что такое склад") == ["такое", "склад"]
    assert words("giá của đối thủ là bao nhiêu") == ["giá", "đối", "thủ"]
    assert words("what is it") == ["what", "is", "it"]


@pytest.mark.parametrize(
    ("query", "heading"),
    [
        *(
            ("not", "Why not us"),
            ("OF", "Proof of value"),
            ("không", "Không cần"),
            ("и", "Мы и они"),
        ),
        *(("khong", "Không cần"), ("cua", "Của ai"), ("AI", "What AI does"), ("ещё", "Еще раз")),
        ("what is it", "What it is"),
    ],
)
def test_a_query_of_stop_words_is_met_by_headings_alone(query, heading):
    held = set(analysis.common_terms(heading))
    asked = query_terms(query).words
    assert asked
    assert all(any(t in held for t, _ in word.alternatives) for word in asked)
    assert not finds(query, heading)
    assert held.isdisjoint(document_terms(heading).terms)


def test_stop_words_beside_others_are_not_asked_for():
    assert "_" not in "".join(
        t for w in query_terms("not a price").words for t, _ in w.alternatives
    )


def test_vietnamese_stop_words_without_diacritics_only_add():
    asked = query_terms("trong tai xe")
    assert [word.typed for word in asked.words] == ["xe"]
    assert {"trong", "tai", "trong_tai"} <= dict(asked.bonus).keys()
    assert words("cua trong") == ["cua", "trong"]
    assert words("của trọng") == ["trọng"]
    assert words("xe của tai") == ["xe", "tai"]


def test_pairs():
    assert "kho_hang" in document_terms("quản lý kho hàng").terms
    assert "kho_hang" not in document_terms("quản lý kho, hàng").terms
    assert "kho_hang" not in document_terms("kho\n\nhàng").terms
    assert "quan_ly" in document_terms("Quản lý").terms
    assert not [t for t in document_terms("the price of it, склад и товары").terms if "_" in t]
    assert ("kho_hang", analysis.BIGRAM_WEIGHT) in query_terms("kho hang").bonus
    assert "_" not in "".join(document_terms("kho hàng", bigrams=False).terms)


def test_length_counts_words_not_forms():
    assert document_terms("quản lý kho hàng của chúng tôi").length == 6
    assert document_terms("").length == 0


def test_long_queries_are_cut_to_the_most_useful():
    asked = query_terms("the " * 900 + " ".join(f"w{i}" for i in range(500)) + " склад склад")
    assert len(asked.words) == MAX_WORDS
    assert asked.shortened
    assert "склад" in [word.typed for word in asked.words]
    assert len(asked.bonus) <= 2 * MAX_WORDS
    assert not query_terms("a b c").shortened


def test_words_are_asked_once():
    assert words("kho Kho KHO hàng") == ["kho", "hàng"]


def test_the_c_stemmer_says_what_the_plain_one_says():
    plain = {name: snowballstemmer.stemmer(name).stemWord for name in ("english", "russian")}
    for word in "pricing discounts warehouses running easily generously".split():
        assert analysis.terms_of(word) == (plain["english"](word),)
    for word in "складами доставка возражения конкурентов".split():
        assert analysis.terms_of(word) == (plain["russian"](word),)


@given(st.text(max_size=80))
def test_any_text_is_fine_and_offsets_are_true(text):
    shown = normalise(text)
    for token in tokens(text):
        piece = shown[token.start : token.end]
        assert piece
        assert [t.text for t in tokens(piece)] == [token.text]
    asked = query_terms(text)
    assert all(term for word in asked.words for term, _ in word.alternatives)


@given(st.text(alphabet="giáàảkhoêđĐоёйsing'’-_ \u0301\u200d", max_size=30))
def test_composed_and_decomposed_are_the_same(text):
    composed, decomposed = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    assert document_terms(composed) == document_terms(decomposed)
    assert query_terms(composed) == query_terms(decomposed)
