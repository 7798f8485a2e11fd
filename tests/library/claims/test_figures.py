import pytest

from portal.library.claims.figures import figures_of, without_noise


def read(language, text):
    bare, _ = without_noise(text)
    return [(f.value, f.unit) for f in figures_of(bare, language)]


CASES = [
    ("en", "9–14 months; ours: 9.5 weeks", [("9–14", "month"), ("9.5", "week")]),
    ("en", "from 9 to 14 months", [("9–14", "month")]),
    ("en", "€210,000 plus 20 % a year", [("210000", "EUR"), ("20", "%")]),
    ("en", "€1.2m and 2,440.50 EUR", [("1200000", "EUR"), ("2440.5", "EUR")]),
    ("en", "errors 0.9 % to 0.2 %", [("0.9–0.2", "%")]),
    ("en", "3x faster, +23 %", [("3", "×"), ("23", "%")]),
    ("en", "on 1,900 sites", [("1900", "count")]),
    ("vi", "1.900 kho, 9,5 tuần", [("1900", "count"), ("9.5", "week")]),
    ("vi", "210.000 € (khoảng 5,65 tỷ đồng)", [("210000", "EUR"), ("5650000000", "VND")]),
    ("vi", "65,4 triệu/tháng", [("65400000", "VND")]),
    ("vi", "từ 1,1% xuống 0,2%", [("1.1–0.2", "%")]),
    ("ru", "1900 площадок, 9,5 недели", [("1900", "count"), ("9.5", "week")]),
    ("ru", "210\u202f000 € (около 21 млн ₽)", [("210000", "EUR"), ("21000000", "RUB")]),
    ("ru", "с 1,1 % до 0,2 %", [("1.1–0.2", "%")]),
    ("ru", "с 2,9 до 2,0 млрд донгов", [("2900000000–2000000000", "VND")]),
    ("ru", "списания: −31 %", [("-31", "%")]),
    # what has digits and counts nothing
    ("en", "Weeks 1–2, step 3, ISO 27001, 24/7, 09:30, v2.3.4, July 2026", []),
    ("en", "see https://x.example/12 or a1@b2.example", []),
    ("vi", "Tuần 3–4, 6 giờ sáng, 24/7", []),
    ("ru", "Недели 5–6, 1С, 2-й этаж", []),
]


@pytest.mark.parametrize(("language", "text", "figures"), CASES)
def test_figures_by_the_habits_of_a_language(language, text, figures):
    assert read(language, text) == figures


def test_rounded_figures_are_known_as_such():
    for language, text in (
        ("en", "about €78,000"),
        ("vi", "khoảng 31 triệu"),
        ("ru", "≈ 21 млн ₽"),
    ):
        assert figures_of(text, language)[0].rough
    assert not figures_of("€78,178", "en")[0].rough
