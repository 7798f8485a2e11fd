"""Facts compared: which differ, and a digest that says whether any does."""

from datetime import date

from portal.library.facts.rules import Facts, changed, new_words

FACTS = Facts("faq", 1, None, "product", date(2026, 1, 2), product=("a", "b"))


def test_what_differs_is_named_and_told_by_the_digest():
    other = Facts("faq", 2, None, "product", None, product=("a", "b"), stage=("x",))
    assert changed(FACTS, other) == ["owner", "checked_on", "stage"]
    assert other.digest() != FACTS.digest()
    assert FACTS.digest() == Facts("faq", 1, None, "product", date(2026, 1, 2), ("a", "b")).digest()


def test_words_are_taken_once_and_bounded():
    assert new_words(" a , b  c,, a", 80, 10) == ["a", "b c"]
    assert new_words("x" * 99 + ",b,c", 80, 2) == ["x" * 80, "b"]
