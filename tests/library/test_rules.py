"""Kinds, battlecard parts, reading order, languages and addresses."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portal.config import Language
from portal.library.rules import (
    Kind,
    Part,
    bounded_slug,
    detect_language,
    export_path,
    kind_of,
    language_of,
    minutes,
    nest,
    part_of,
    pick_language,
    place_of,
    tell_apart,
)
from portal.markup import render


@pytest.mark.parametrize(
    ("heading", "part"),
    [
        ("Quick facts", Part.QUICK_FACTS),
        ("WHY WE WIN!", Part.WHY_WE_WIN),
        ("Vì sao họ thắng", Part.WHY_THEY_WIN),
        ("vi sao ho thang", Part.WHY_THEY_WIN),
        ("Lời từ chối", Part.OBJECTIONS),
        ("Câu hỏi gài bẫy", Part.LANDMINES),
        ("Вопросы-ловушки", Part.LANDMINES),
        ("3. Цена", Part.PRICING),
        ("Giá", Part.PRICING),
        ("Доказательства", Part.PROOF),
        ("Речевой модуль", Part.TALK_TRACK),
        ("Почему выигрывают они", Part.WHY_THEY_WIN),
        ("Weather", None),
        ("", None),
    ],
)
def test_battlecard_headings_are_known_in_three_languages(heading, part):
    assert part_of(heading) is part


def test_every_part_is_reachable_from_the_headings_of_the_brief():
    headings = {
        "en": "Quick facts / Why we win / Why they win / Objections / Landmines / Pricing / Proof / Talk track",
        "vi": "Thông tin nhanh / Vì sao ta thắng / Vì sao họ thắng / Lời từ chối / Câu hỏi gài bẫy / Giá / Bằng chứng / Lời thoại",
        "ru": "Коротко / Почему мы выигрываем / Почему выигрывают они / Возражения / Вопросы-ловушки / Цена / Доказательства / Речевой модуль",
    }
    for line in headings.values():
        assert [part_of(heading) for heading in line.split(" / ")] == list(Part)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Case Studies", Kind.CASE_STUDY),
        ("case_study", Kind.CASE_STUDY),
        ("FAQs", Kind.FAQ),
        ("battle-cards", Kind.BATTLECARD),
        ("E-mail template", Kind.EMAIL_TEMPLATE),
        ("comparisons", Kind.COMPARISON),
        ("pricing policies", Kind.PRICING_POLICY),
        ("blog", None),
    ],
)
def test_kinds_are_known_as_people_write_them(name, kind):
    assert kind_of(name) is kind


def test_items_stand_under_the_section_before_them():
    blocks = nest(render("Lead\n\n### Early\n\n## Why we win\n\n### A\n\n### B\n\n## C").sections)
    told = [(b.level, b.heading, [i.heading for i in b.items]) for b in blocks]
    assert told == [(0, "", []), (3, "Early", []), (2, "Why we win", ["A", "B"]), (2, "C", [])]


def test_a_nested_part_is_known_by_its_anchor():
    sections = render("## Giá", anchor_of=part_of).sections
    assert nest(sections)[0].part is Part.PRICING


@pytest.mark.parametrize(("words", "expected"), [(0, 1), (299, 1), (301, 2), (1000, 5)])
def test_reading_time(words, expected):
    assert minutes(words) == expected


@pytest.mark.parametrize(
    ("asked", "own", "expected"),
    [("ru", "vi", "ru"), ("xx", "vi", "vi"), (None, "ru", "ru"), (None, None, "en")],
)
def test_the_language_shown_is_asked_then_own_then_english(asked, own, expected):
    assert pick_language({"en", "vi", "ru"}, asked, own) == expected


def test_without_a_better_one_any_language_is_shown():
    assert pick_language(["vi", "ru"], "en", None) is Language.RU
    with pytest.raises(ValueError):
        pick_language([], "en")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Vì sao ta thắng: triển khai trong chín tuần rưỡi.", Language.VI),
        ("khong co nhung khach hang duoc cho mot nguoi", Language.VI),
        ("Почему мы выигрываем: запуск за 9,5 недели в SAP и 1C.", Language.RU),
        ("Why we win: live in 9.5 weeks. Café, naïve, Đà Nẵng office.", Language.EN),
        ("```\nпривет мир\n```\nOnly the code is Russian here.", Language.EN),
        ("", Language.EN),
    ],
)
def test_languages_are_told_by_letters_and_words(text, language):
    assert detect_language(text) is language


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("vi-VN", "vi"),
        ("RU", "ru"),
        ("Tiếng Việt", "vi"),
        ("русский", "ru"),
        ("fr", None),
        ("enough", None),
    ],
)
def test_language_tags_and_names(name, language):
    assert language_of(name) == language


@pytest.mark.parametrize(
    ("path", "slug", "language", "kind"),
    [
        ("a/b/My file.vi.md", "a-b-my-file", "vi", None),
        ("docs/vi/start.md", "docs-start", "vi", None),
        ("battlecard/kestrel/vi.md", "battlecard-kestrel", "vi", Kind.BATTLECARD),
        ("Case Studies/Bình Minh.md", "case-studies-binh-minh", None, Kind.CASE_STUDY),
        ("en/x/ru/page.md", "en-x-page", "ru", None),
        ("ru-RU/цена.markdown", "tsena", "ru", None),
        ("vi.md", "", "vi", None),
        ("readme.md", "readme", None, None),
        ("a/v1.2.md", "a-v1-2", None, None),
        ("a/.vi.md", "a-vi", None, None),
    ],
)
def test_a_path_tells_slug_language_and_kind(path, slug, language, kind):
    place = place_of(path)
    assert (place.slug, place.language, place.kind) == (slug, language, kind)


def test_long_slugs_end_in_a_hash_and_stay_apart():
    one, two = bounded_slug("word " * 80 + "a"), bounded_slug("word " * 80 + "b")
    assert one != two
    assert max(len(one), len(two)) <= 200
    assert bounded_slug(one) == one


def test_the_second_of_a_slug_gets_six_digits_of_its_path():
    assert tell_apart("a-b", "a/b.md") == "a-b-5a05f1"
    assert len(tell_apart("a" * 200, "x")) == 200


@given(text=st.text(max_size=300), path=st.text(max_size=20))
@example(text="a" * 192 + "-b-c", path="x")
def test_a_slug_told_apart_is_a_slug(text, path):
    slug = tell_apart(bounded_slug(text), path)
    assert bounded_slug(slug) == slug


_kinds = st.sampled_from(Kind)
_words = st.sampled_from(["x", "vi", "en", "faq", "battlecard", "guide", "x-en", "a" * 90])
_slugs = st.lists(_words, min_size=1, max_size=3).map("-".join).map(bounded_slug)


@given(st.sets(_slugs, min_size=1, max_size=4), _kinds, _kinds)
def test_no_two_slugs_are_exported_to_one_path(slugs, kind, other):
    slugs |= {bounded_slug(f"{kind}-{slug}") for slug in slugs}
    texts = [(slug, k, language) for slug in slugs for k in (kind, other) for language in Language]
    paths = {export_path(*text).casefold() for text in texts}  # also where case does not count
    assert len(paths) == len(set(texts))


def test_an_exported_path_tells_the_slug_again():
    assert export_path("battlecard-kestrel", "battlecard", "vi") == "battlecard/kestrel/vi.md"
    assert place_of("battlecard/kestrel/vi.md").slug == "battlecard-kestrel"
    assert export_path("faq", "faq", "en") == "faq/faq.en.md"
    assert export_path("x", "battlecard", "en") == "battlecard/x.en.md"
