from datetime import date

import pytest

from portal.library.claims.dates import dates_of

CASES = [
    ("Delivery report, July 2026", date(2026, 7, 31), "month"),
    ("3 July 2026", date(2026, 7, 3), "day"),
    ("March 5, 2026", date(2026, 3, 5), "day"),
    ("Q1 2026", date(2026, 3, 31), "quarter"),
    ("2026-02-03", date(2026, 2, 3), "day"),
    ("our deal notes, 2026", date(2026, 12, 31), "year"),
    ("Báo cáo triển khai, tháng 7/2026", date(2026, 7, 31), "month"),
    ("Báo cáo triển khai, 7/2026", date(2026, 7, 31), "month"),
    ("ngày 3 tháng 7 năm 2026", date(2026, 7, 3), "day"),
    ("22/9/2025", date(2025, 9, 22), "day"),
    ("quý 1/2025", date(2025, 3, 31), "quarter"),
    ("Отчёт о внедрениях, июль 2026", date(2026, 7, 31), "month"),
    ("22 сентября 2025 года", date(2025, 9, 22), "day"),
    ("В мае 2024 года", date(2024, 5, 31), "month"),
    ("I квартал 2025", date(2025, 3, 31), "quarter"),
    ("05.06.2025", date(2025, 6, 5), "day"),
]


@pytest.mark.parametrize(("text", "day", "exact"), CASES)
def test_dates_in_three_languages(text, day, exact):
    (found,) = dates_of(text)
    assert (found.day, found.exact) == (day, exact)


@pytest.mark.parametrize(
    "text",
    ["1900 площадок", "2000 clients", "31 February 2025", "13/2026", "2,026 things", "12026", ""],
)
def test_what_is_no_date(text):
    assert dates_of(text) == []
