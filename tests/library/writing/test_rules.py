"""What tells one form from another, and how typed values join those that are kept."""

import pytest

from portal.library.writing import rules


def test_a_form_sent_twice_has_one_key_and_a_changed_one_another():
    key = rules.once_key("t", "faq", "en", "Kestrel")
    assert key == rules.once_key("t", "faq", "en", "Kestrel")
    others = [
        ("t", "faq", "en", "Kestrel 2"),
        ("u", "faq", "en", "Kestrel"),
        ("t", "faq", "enK", "estrel"),
    ]
    assert key not in {rules.once_key(*other) for other in others}
    assert len(key) == 32
    rules.once_key("\ud800" * 500)


def test_what_a_form_does_not_show_stays():
    kept = {"figure": "1", "label": "x", "unit": "%"}
    assert rules.merged(kept, ("figure", "label"), {"figure": "2"}) == {"unit": "%", "figure": "2"}


@pytest.mark.parametrize(
    ("rows", "number", "row"),
    [
        ([{"a": 1}], "0", {"a": 1}),
        ([{"a": 1}], "1", {}),
        ([{"a": 1}], "", {}),
        ([{"a": 1}], "-1", {}),
        ([{"a": 1}], "²", {}),
        ([{"a": 1}], "9" * 5000, {}),
        (["x"], "0", {}),
        (None, "0", {}),
        ("text", "0", {}),
    ],
)
def test_a_row_is_found_again_or_is_new(rows, number, row):
    assert rules.kept_row(rows, number) == row


def test_blanks_are_nothing():
    assert rules.filled({"a": " x ", "b": "  ", "c": None, "d": ""}) == {"a": "x"}
    assert rules.is_same("a  b\nc", " a b c")
    assert not rules.is_same("a b", "ab")
