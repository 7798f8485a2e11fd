"""Sections that belong together, wherever they went and whatever they are called now."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal import markup
from portal.library.revisions.rules import Change, compare, is_change, rows_of
from portal.library.revisions.sections import join, leaves, split
from portal.library.rules import anchor_of
from portal.library.service import content_of
from tests.house.tree import ROOT

LINES = st.lists(
    st.sampled_from(
        [
            "## Pricing",
            "### Proof",
            "# Title",
            "text",
            "",
            "Head",
            "----",
            "```",
            "~~~",
            "#### four",
            "####",
            "## Giá",
            "#",
            "## ",
            "##Close",
            "> say",
            "| a | b |",
        ]
    ),
    max_size=30,
).map("\n".join)


@settings(deadline=None)  # a busy machine
@given(st.one_of(LINES, st.text(max_size=300)), st.sampled_from(["", "Title"]))
def test_no_character_is_lost(body, title):
    pieces = split(body, title)
    assert "".join(piece.source for piece in pieces) == body
    anchors = [piece.anchor for piece in pieces if piece.anchor]
    assert len(anchors) == len(set(anchors))


def test_the_sections_are_those_of_the_page():
    """On all content there is, what is compared is named as the page names it."""
    for path in sorted((ROOT / "content").glob("*/*/*.md")):
        body = path.read_text("utf-8").partition("\n---\n")[2]
        drawn = markup.render(body, anchor_of=anchor_of).sections
        named = [(s.anchor, s.level, s.heading) for s in drawn if s.level]
        assert [(p.anchor, p.level, p.heading) for p in split(body) if p.level] == named, path


def test_a_heading_in_code_is_none():
    body = "## A\n\n```\n## not\n```\n\n## B\n"
    assert [piece.heading for piece in split(body)] == ["A", "B"]


def sections(**kinds):
    return "\n".join(f"## {name}\n\n{text}\n" for name, text in kinds.items())


ABC = {"A": "Alpha is quick and cheap.", "B": "Beta takes three long months.", "C": "Gamma costs."}


def seen(old, new):
    return [
        (row.key, row.change.value, row.moved, row.renamed)
        for row in rows_of(split(sections(**old)), split(sections(**new)))
    ]


def test_a_changed_an_added_and_a_removed_one():
    new = {"A": "Alpha is quick.", "C": ABC["C"], "D": "Delta"}
    assert seen(ABC, new) == [
        ("a", "changed", False, False),
        ("b", "removed", False, False),
        ("c", "same", False, False),
        ("d", "added", False, False),
    ]


def test_a_moved_one_is_told_once():
    new = {"C": ABC["C"], "A": ABC["A"], "B": ABC["B"]}
    assert [(key, moved) for key, _change, moved, _renamed in seen(ABC, new)] == [
        ("c", True),
        ("a", False),
        ("b", False),
    ]


def test_a_renamed_one_is_found_by_its_words():
    new = {"A": ABC["A"], "Time to value": "Beta takes four long months.", "C": ABC["C"]}
    assert seen(ABC, new)[1] == ("time-to-value", "changed", False, True)
    same = {"A": ABC["A"], "Time to value": ABC["B"], "C": ABC["C"]}
    assert seen(ABC, same)[1][3]


def test_battlecard_parts_are_the_same_under_another_heading():
    rows = rows_of(split("## Pricing\n\nCheap.\n"), split("## Giá\n\nRẻ.\n"))
    assert [(row.key, row.renamed) for row in rows] == [("pricing", True)]


def content(body="", **values):
    return content_of(title=values.pop("title", "T"), body=body, **values)


def test_title_summary_tags_and_fields_are_compared():
    old = content(
        summary="Short", tags=["a"], fields={"results": [{"figure": "12 %", "label": "x"}]}
    )
    new = content(
        title="U", tags=["a", "b"], fields={"results": [{"figure": "14 %", "label": "x"}]}
    )
    told = {row.key: row.change for row in compare(old, new).facts}
    assert told == {
        "title": Change.CHANGED,
        "summary": Change.REMOVED,
        "tags": Change.CHANGED,
        "fields.results.0.figure": Change.CHANGED,
        "fields.results.0.label": Change.SAME,
    }
    assert compare(old, new).changes == 4
    assert compare(old, old).changes == 0


def test_blanks_alone_are_no_change():
    found = compare(content("## A\n\none\ntwo\n"), content("## A\n\none two\n\n\n"))
    assert [row.change for row in found.sections] == [Change.SPACING]
    assert not any(is_change(row) for row in found.sections)


@settings(deadline=None)  # a busy machine
@given(LINES, LINES)
def test_every_section_is_there_once_and_in_order(old, new):
    a, b = split(old), split(new)
    rows = rows_of(a, b)
    assert [row.new for row in rows if row.new] == b
    assert sorted(map(id, (row.old for row in rows if row.old))) == sorted(map(id, a))
    assert rows == rows_of(split(old), split(new))
    assert all(not row.moved for row in rows_of(a, a))


@settings(deadline=None)  # a busy machine
@given(LINES)
def test_joined_again_it_is_the_same_text(body):
    once = join(piece.source for piece in split(body))
    assert join(piece.source for piece in split(once)) == once


@pytest.mark.parametrize("value", [None, {}, [], ""])
def test_nothing_has_no_leaves_but_a_text(value):
    assert leaves(value) == ([((), "")] if value == "" else [])


def test_four_hundred_sections_of_other_names_end_soon():
    old = {f"o{n}": f"word{n} a b c" for n in range(400)}
    new = {f"n{n}": f"other{n} a b c" for n in range(400)}
    rows = rows_of(split(sections(**old)), split(sections(**new)))
    assert all(row.new or row.old for row, _next in pairwise(rows))
