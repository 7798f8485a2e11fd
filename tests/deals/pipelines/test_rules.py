"""What may be written of stages and reasons."""

from hypothesis import given
from hypothesis import strategies as st

from portal.deals.pipelines.rules import (
    Flaw,
    Said,
    flaw_of_reasons,
    flaw_of_stages,
    ordered,
    slug_for,
    words_in,
)


def said(name, place=1, **values):
    return Said(None, {"en": name} if name else {}, (), place, **values)


def test_flaws_are_found():
    assert flaw_of_stages([said("Proposal"), said("Won", outcome="won")]) is None
    assert flaw_of_stages([said("Proposal"), said("")]) == (Flaw.NAMELESS, 1)
    assert flaw_of_stages([said("Proposal"), said(" PROPOSAL ")]) == (Flaw.TWICE, 1)
    assert flaw_of_stages([said("Proposal"), said("proposal", retired=True)]) is None
    assert flaw_of_stages([said("Won", outcome="won")]) == (Flaw.NONE_OPEN, None)
    assert flaw_of_stages([said("Proposal", retired=True)]) == (Flaw.NONE_OPEN, None)
    assert flaw_of_stages([]) == (Flaw.NONE_OPEN, None)
    ten = [said(f"reason {n}") for n in range(10)]
    assert flaw_of_reasons(ten) is None
    assert flaw_of_reasons([*ten, said("out", retired=True)]) is None
    assert flaw_of_reasons([*ten, said("one more")]) == (Flaw.TOO_MANY, None)


def test_aliases_are_read_once_each():
    assert words_in(" a ;; B\n b;c  d ") == ["a", "B", "c d"]


def test_rows_come_by_their_place():
    rows = [said("c", 3), said("a", 1), said("b", 1)]
    assert [it.names["en"] for it in ordered(rows)] == ["a", "b", "c"]


@given(st.text(max_size=90), st.integers(0, 5))
def test_a_slug_is_found_whatever_the_name(name, times):
    taken = set()
    for _ in range(times):
        taken.add(slug_for({"en": name}, taken))
    assert len(taken) == times
    assert all(0 < len(slug) <= 80 for slug in taken)
