from datetime import date

import pytest

from portal.library.claims.blocks import Link
from portal.library.claims.sources import is_list_of_sources, source_of

CASES = [
    ("Ours: 9.5 weeks (Delivery report, July 2026).", "Delivery report, July 2026", (2026, 7, 31)),
    ("€210,000 (our deal notes, 2026)", "our deal notes, 2026", (2026, 12, 31)),
    (
        "giảm 31% (Báo cáo triển khai, tháng 7/2026)",
        "Báo cáo triển khai, tháng 7/2026",
        (2026, 7, 31),
    ),
    ("9,5 недели (Отчёт о внедрениях, июль 2026)", "Отчёт о внедрениях, июль 2026", (2026, 7, 31)),
    ("430 customers (June 2026)", "", (2026, 6, 30)),
    ("Source: IDC, 2025", "IDC, 2025", (2025, 12, 31)),
    ("theo khảo sát của Gartner, 40% khách", "khảo sát của Gartner", None),
    (
        "their own published cases run from 9 to 14 months (2025)",
        "their own published cases run from 9 to 14 months (2025",
        (2025, 12, 31),
    ),
    ("€26,059 (list price less 11 %)", "", None),
    ("Live in weeks.", "", None),
]


@pytest.mark.parametrize(("sentence", "name", "day"), CASES)
def test_sources_in_the_house_style(sentence, name, day):
    found = source_of(sentence)
    assert found.name == name
    assert found.day == (date(*day) if day else None)


def test_a_link_is_a_source_and_a_jump_within_the_text_is_none():
    assert source_of("Hallmere: +27 %", [Link("Hallmere", "/assets/hallmere")]).linked
    assert not source_of("Hallmere: +27 %", [Link("Hallmere", "#proof")])


def test_lists_of_sources_are_known_by_their_heading():
    for heading in ("Sources", "Nguồn", "Источники", "Source"):
        assert is_list_of_sources(heading)
    assert not is_list_of_sources("Resources")
