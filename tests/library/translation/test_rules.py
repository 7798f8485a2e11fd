"""Which language is the original, what a translation follows, which of its sections lag."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.library.revisions.sections import split, told_in
from portal.library.rules import Part, part_of
from portal.library.service import content_of
from portal.library.translation import rules
from portal.library.translation.rules import Head, Status


def head(language="en", first=1, live=3, **values):
    return Head(
        language, first, values.pop("earliest", 1), values.pop("newest", live), live, **values
    )


def test_the_original_is_what_was_begun_first_unless_it_follows_another():
    assert rules.original([]) is None
    assert rules.original([head("vi", 2), head("en", 5)]) == "vi"
    told = head("vi", 2, follows_language="en", follows_number=1)
    assert rules.original([told, head("en", 5)]) == "en"
    assert rules.original([told, head("ru", 5)]) == "vi"  # it follows what is not there


@pytest.mark.parametrize(
    ("follows", "expected"), [((None, None), 2), (("en", 3), 3), (("ru", 3), 0), (("en", None), 0)]
)
def test_what_is_followed(follows, expected):
    source = head("en", earliest=2)
    found = head("vi", 2, follows_language=follows[0], follows_number=follows[1])
    assert rules.followed(found, source) == expected


def test_how_a_language_stands():
    source = head("en", live=3)
    level = head("vi", 2, live=5, follows_language="en", follows_number=3)
    late = head("vi", 2, live=5, follows_language="en", follows_number=2)

    def stands(it, served=5, public=True):
        return rules.status(it, source, served=served, public=public)

    assert stands(None) is Status.MISSING
    assert stands(head("vi", 2, live=None)) is Status.MISSING
    assert stands(late) is Status.LAGGING
    assert stands(level) is Status.PUBLISHED
    assert stands(level, served=4) is Status.WORKS
    assert stands(level, public=False) is Status.WORKS
    assert stands(source, served=3) is Status.PUBLISHED


def test_every_part_has_a_heading_that_is_recognised():
    for part in Part:
        for language in ("en", "vi", "ru"):
            assert part_of(rules.PART_HEADINGS[part][language]) is part


def content(body, **values):
    return content_of(title=values.pop("title", ""), body=body, **values)


def paired(source, translation):
    a, b = split(source), split(translation)
    return {a[i].heading: b[j].heading for i, j in rules.pair(a, b).items()}


def test_sections_are_paired_by_part_then_by_place_and_level():
    source = "## Why we win\n\nx\n\n### Speed\n\nx\n\n### Cost so far\n\nx\n\n## Pricing\n\nx\n\n### Year two\n\nx\n"
    translation = "## Vì sao ta thắng\n\ny\n\n### Nhanh\n\ny\n\n### Rẻ\n\ny\n\n## Giá\n\ny\n\n### Năm hai\n\ny\n"
    assert paired(source, translation) == {
        "Why we win": "Vì sao ta thắng",
        "Speed": "Nhanh",
        "Cost so far": "Rẻ",
        "Pricing": "Giá",
        "Year two": "Năm hai",
    }
    turned = "## Giá\n\ny\n\n## Vì sao ta thắng\n\ny\n"
    assert paired(source, turned) == {"Why we win": "Vì sao ta thắng", "Pricing": "Giá"}


EN = "## Setup\n\nTakes a week.\n\n## Price\n\nTwelve.\n\n## Help\n\nCall us.\n"
VI = "## Cài đặt\n\nMột tuần.\n\n## Giá\n\nMười hai.\n\n## Hỗ trợ\n\nGọi.\n"


def seen(old, new, translation):
    return [
        (
            line.row.change.value if line.row else None,
            line.lags,
            line.translation and line.translation.heading,
        )
        for line in rules.lines(content(old), content(new), content(translation), "vi")
    ]


def test_only_what_changed_lags():
    new = EN.replace("Twelve", "Fourteen")
    assert seen(EN, new, VI) == [
        ("same", False, "Cài đặt"),
        ("changed", True, "Giá"),
        ("same", False, "Hỗ trợ"),
    ]
    assert [row.key for row in rules.differing(content(EN), content(new))] == ["pricing"]


def test_a_new_and_a_removed_section():
    new = EN.replace("## Price\n\nTwelve.\n\n", "") + "\n## More\n\nNew words stand here.\n"
    assert seen(EN, new, VI) == [
        ("same", False, "Cài đặt"),
        ("removed", True, "Giá"),
        ("same", False, "Hỗ trợ"),
        ("added", True, None),
    ]


def test_a_translation_saved_half_way_keeps_its_places():
    new = EN.replace("## Help", "## Security\n\nSafe as houses here.\n\n## Help")
    half = VI.replace("## Hỗ trợ", "## An ninh\n\nAn toàn.\n\n## Hỗ trợ")
    assert seen(EN, new, half)[2:] == [("added", True, "An ninh"), ("same", False, "Hỗ trợ")]


def test_what_only_the_translation_has_stays_where_it_is():
    more = VI.replace("## Giá", "### Ghi chú\n\nRiêng.\n\n## Giá")
    assert seen(EN, EN, more)[1] == (None, False, "Ghi chú")


def test_tags_and_blanks_are_no_work_for_a_translator():
    assert rules.same_to_translators(content(EN, tags=["a"]), content(EN + "\n\n", tags=["b"]))
    assert not rules.same_to_translators(content(EN), content(EN, summary="x"))


BODIES = st.lists(
    st.sampled_from(["# A", "## B", "### C", "## Pricing", "text", "", "more"]), max_size=20
).map("\n".join)


@settings(deadline=None)  # a busy machine
@given(BODIES, BODIES, BODIES)
def test_no_section_of_the_translation_is_lost_or_shown_twice(old, new, translation):
    lines = rules.lines(content(old), content(new), content(translation), "ru")
    shown = [line.translation for line in lines if line.translation]
    kept = told_in(content(translation))
    assert sorted(map(repr, shown)) == sorted(map(repr, kept))
    wanted = [line.row.new for line in lines if line.row and line.row.new]
    assert wanted == told_in(content(new))


@settings(deadline=None)  # a busy machine
@given(BODIES)
def test_saving_untouched_texts_changes_nothing(body):
    lines = rules.lines(content(""), content(body), content(body), "ru")
    assert (
        rules.body_of([line.translation.text for line in lines if line.translation], body, "")
        == body
    )


def test_headings_nobody_has_translated_yet_are_left_out():
    assert rules.body_of(["## ", "## Giá", "### ", ""], "", "") == "## Giá\n"
    (line,) = rules.lines(content(""), content("## Pricing\n\nx"), content(""), "vi")
    assert line.start == "## Giá"


def test_fields_keep_their_shape():
    source = {"customer": "Lotus", "results": [{"figure": "1"}, {"figure": "2"}]}
    own = {"results": [{"figure": "một"}], "quote": {"text": "x"}}
    assert rules.shaped(source, own) == {
        "customer": "Lotus",
        "results": [{"figure": "một"}, {"figure": "2"}],
        "quote": {"text": "x"},
    }
    told = rules.with_leaves(own, {("results", "0", "figure"): "hai", ("nothing",): "x"})
    assert told == {"results": [{"figure": "hai"}], "quote": {"text": "x"}}
