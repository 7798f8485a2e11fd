"""The first heading is the one the page draws, however it is written."""

import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.markup import first_heading, headings, render

SHARED = Path(__file__).parents[2] / "shared" / "data"


@pytest.mark.parametrize(
    ("source", "heading"),
    [
        ("Title\n=====\n\ntext", "Title"),
        ("Title\n---\n", "Title"),
        ("#Title no space", "Title no space"),
        ("<h1 align='center'>HTML <b>title</b></h1>", "HTML title"),
        ("<div>\n<h2>In a box</h2>\n</div>", "In a box"),
        ("# snake_case_name", "snake_case_name"),
        ("# A &amp; B &lt;tag&gt;", "A & B <tag>"),
        ("# `List<String>` use ##", "List<String> use"),
        ("text\n# In a paragraph\nmore", "In a paragraph"),
        ("#### Deep", "Deep"),
        ("#\n\n## Second", "Second"),
        ("# [Words][label]\n\n" + "text\n\n" * 50 + "[label]: x.md", "Words"),
        ("## <a name='x'></a>The *real* [one](y.md) {#id}", "The real one"),
        ("<Tabs>\n\n# In a component\n\n</Tabs>", "In a component"),
        # what is none
        ("<!--\n# no\n\n# no\n\n-->\n\n# Yes", "Yes"),
        ("````\n```\n# no\n```\n\n# no\n````\n\n# Yes", "Yes"),
        ("~~~\n# no\n\n# no", ""),
        ("<pre>\n# no\n\n# no\n\n</pre>\n\n# Yes", "Yes"),
        ("<script>\n# no\n\n# no\n</script>\n\n# Yes", "Yes"),
        ("a\n\n#|\n|| a | b ||\n\n|| c | d ||\n|#\n\n# Yes", "Yes"),
        ("    # code\n\n# Yes", "Yes"),
        ("> # no\n\n- # no\n\n# Yes", "Yes"),
        ("---\n\n# Yes", "Yes"),
        (" # Indented", ""),
        ("no heading", ""),
        ("", ""),
    ],
)
def test_a_first_heading(source, heading):
    assert first_heading(source) == heading


def test_only_the_beginning_is_drawn(monkeypatch):
    drawn = []
    real = headings.to_html
    monkeypatch.setattr(headings, "to_html", lambda source: drawn.append(source) or real(source))
    text = "# Title\n\n" + "## Part\n\nWords.\n\n" * 100
    assert first_heading(text) == "Title"
    assert sum(map(len, drawn)) < 100
    drawn.clear()
    first_heading("```\n" + "# comment\n\n" * 1000 + "```\n")
    assert sum(map(len, drawn)) < 4 * 11_000  # about as long as drawing it four times


def test_a_text_that_can_not_be_drawn_has_none():
    assert first_heading("# " + "x" * 1_000_001) == ""


@pytest.mark.slow
@pytest.mark.parametrize(
    "text", ["# [\n\n", "<!--\n\n#\n\n", "<h1 ", "#|\n", "\n---", "<pre>#\n\n"]
)
def test_much_of_anything_takes_no_more_than_drawing_it(text):
    start = time.perf_counter()
    first_heading(text * (120_000 // len(text)))
    assert time.perf_counter() - start < 30


def first_drawn(source):
    return next((s.heading for s in render(source).sections if s.heading), "")


piece = st.sampled_from(
    [
        *(
            "# One",
            "Two\n===",
            "## Three ##",
            "<h1>Four</h1>",
            "#five",
            "text",
            "",
            "> # q",
            "- # i",
        ),
        *(
            "```",
            "````",
            "~~~",
            "<!--",
            "-->",
            "<pre>",
            "</pre>",
            "<script>",
            "</script>",
            "    # c",
        ),
        *("<div>", "</div>", "a\n---", "<details>", "</details>", ":::note", ":::", "{% if %}# x"),
        *("#|", "|| a | b ||", "|#", "# [a][b]", "[b]: c.md", "`# x`", "<Tab>", "</Tab>"),
    ]
)


@settings(max_examples=200, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(st.lists(piece, max_size=9), st.sampled_from(["\n", "\n\n"]))
def test_it_is_the_heading_that_is_drawn(pieces, between):
    source = between.join(pieces)
    assert first_heading(source) == first_drawn(source)


@pytest.mark.slow
@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data is not here")
def test_it_is_the_heading_that_is_drawn_of_real_texts():
    tried = 0
    for file in sorted((SHARED / "content").rglob("*.md"))[::12]:
        source = file.read_text("utf-8", "replace").split("\n---\n", 1)[-1]
        if "\n####" not in source:  # no sections of their own
            assert first_heading(source) == first_drawn(source), file
            tried += 1
    assert tried > 50
