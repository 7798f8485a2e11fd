"""What docs/security.csv and SECURITY.md say: every requirement has a line, every test named is there."""

import ast
import csv
from functools import cache

import pytest

from tests.house.tree import ROOT, read

STATES = {"shown", "partly", "gap", "does not apply"}
CHAPTERS = {
    1: (8, 19), 2: (4, 7), 3: (8, 11), 4: (2, 8), 5: (4, 5), 6: (13, 22), 7: (6, 12), 8: (4, 3),
    9: (4, 3), 10: (5, 24), 11: (3, 11), 12: (3, 6), 13: (1, 12), 14: (2, 7), 15: (3, 10),
    16: (0, 16), 17: (0, 7),
}  # fmt: skip
"""Chapter → how many requirements of level 1 and of level 2 the standard has (70 and 183)."""

AHEAD = ()  # fmt: skip
"""Where tests are that are being written beside these; one that has come is looked into."""


@cache
def rows():
    with (ROOT / "docs/security.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_requirement_has_one_line():
    named = [row["requirement"] for row in rows()]
    assert len(named) == len(set(named))
    found = {}
    for row in rows():
        chapter = int(row["requirement"][1:].split(".")[0])
        one, two = found.get(chapter, (0, 0))
        found[chapter] = (one + (row["level"] == "1"), two + (row["level"] == "2"))
    assert found == CHAPTERS
    assert (sum(n for n, _ in found.values()), sum(n for _, n in found.values())) == (70, 183)


def test_lines_are_in_order_and_whole():
    keys = [[int(part) for part in row["requirement"][1:].split(".")] for row in rows()]
    assert keys == sorted(keys)
    for row in rows():
        assert row["state"] in STATES, row
        assert len(row["in short"].split()) >= 2, row
        assert row["shown by"] or row["note"], row
        if row["state"] == "shown":
            assert row["shown by"], f"{row['requirement']}: by which test?"
        else:
            assert row["note"], f"{row['requirement']}: why?"


@cache
def functions(path):
    tree = ast.parse(read(path))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def missing(test):
    """Why a test that is named can not be the one that shows something, or None."""
    path, _, name = test.partition("::")
    if not (ROOT / path).is_file():
        return None if path.startswith(AHEAD) else "no such file"
    return None if not name or name in functions(path) else "no such test in it"


def test_every_test_named_is_there():
    named = {test for row in rows() for test in row["shown by"].split()}
    assert len(named) > 100
    assert {test: why for test in sorted(named) if (why := missing(test))} == {}


@pytest.mark.parametrize(
    "test", ["tests/house/test_nothing.py::test_x", "tests/house/test_security.py::test_x"]
)
def test_one_that_is_not_is_noticed(test):
    assert missing(test)


def test_security_md_says_what_people_ask():
    text = read("SECURITY.md")
    for words in (
        "within three working days",
        "newest release",
        "portal sbom",
        "docs/security.csv",
    ):
        assert words in text


def test_nothing_is_copied():
    """Our words are pointers: the standard's sentences all begin alike, ours do not."""
    assert [row for row in rows() if "verify that" in row["in short"].lower()] == []
    assert max(len(row["in short"]) for row in rows()) < 100
