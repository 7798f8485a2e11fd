"""The fields each kind brings, and what is said when they are wrong."""

import pytest

from portal.errors import Invalid
from portal.library.kinds import check
from portal.library.rules import Kind

STORY = {
    "customer": "Binh Minh Mart",
    "country": "Vietnam",
    "challenge": "Errors at the dock.",
    "results": [{"figure": "0.2 %", "label": "errors", "source": "Audit, April 2026"}],
    "quote": {"text": "We sleep again.", "by": "Nguyễn Thu Hà"},
}


def test_a_case_study_is_taken_as_it_is():
    fields, rest = check(Kind.CASE_STUDY, {**STORY, "layout": "post"}, {})
    assert fields == STORY
    assert rest == {"layout": "post"}


def test_every_field_may_be_absent():
    for kind in Kind:
        assert check(kind, {"anything": [1], "quote": None}, {}) == (
            {},
            {"anything": [1], "quote": None},
        )


def test_plain_words_do_where_parts_are_expected():
    fields, _ = check(Kind.CASE_STUDY, {"quote": "Good.", "results": ["faster"], "customer": 7}, {})
    assert fields == {
        "quote": {"text": "Good."},
        "results": [{"label": "faster"}],
        "customer": "7",
    }
    assert check(Kind.CASE_STUDY, fields, {})[0] == fields


def test_parts_nobody_knows_are_kept():
    values = {"results": [{"figure": "1", "since": "2026-01-01"}]}
    assert check(Kind.CASE_STUDY, values, {})[0] == values


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (
            {"results": "many", "customer": ["A"]},
            "`customer` of a case-study: should be a valid string",
        ),
        ({"results": {"figure": 1}}, "`results` of a case-study"),
        ({"results": [{"figure": ["x"]}]}, "`results.1.figure`"),
        ({"quote": {"by": "A"}}, "`quote.text`"),
        ({"challenge": "x" * 2001}, "2000 characters"),
    ],
)
def test_a_wrong_value_is_named_with_its_line(values, message):
    with pytest.raises(Invalid) as caught:
        check(Kind.CASE_STUDY, values, dict.fromkeys(values, 9))
    assert message in caught.value.reason
    assert caught.value.line == 9


def test_other_kinds_keep_a_story_s_keys_as_unknown():
    assert check(Kind.GUIDE, STORY, {}) == ({}, STORY)


def test_a_video_knows_where_it_is_seen():
    fields, rest = check(Kind.VIDEO, {"url": "https://media.example/1", "duration": 90}, {})
    assert fields == {"url": "https://media.example/1", "duration": "90"}
    assert rest == {}
