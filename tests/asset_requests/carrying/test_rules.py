"""Rows of files, read and written without loss; what can not be used is told by its column."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.asset_requests.carrying import rules
from portal.markup.cells import guarded

MANY = len(rules.COLUMNS)
ROW = {"title": "Cold stores", "requester": "lan@example.com"}


def test_two_columns_are_enough():
    row = rules.read(ROW)
    assert (row.title, row.state, row.department, row.times) == (
        "Cold stores",
        "asked",
        "marketing",
        {},
    )


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("title", ""),
        ("title", "x" * 201),
        ("requester", " "),
        ("kind", "bomb"),
        ("department", "sales"),
        ("language", "xx"),
        ("state", "lost"),
        ("needed_by", "soon"),
        ("asked_at", "2026-11-25"),
        ("asked_at", "yesterday"),
        ("asked_at", "0001-01-03T00:00:00Z"),
        ("asked_at", "9999-12-31T23:59:59-14:00"),
        ("needed_by", "9999-12-31"),
        ("id", "x" * 201),
        ("situation", "x" * 5001),
    ],
)
def test_what_can_not_be_used_is_told_by_its_column(column, value):
    with pytest.raises(ValueError, match=column):
        rules.read(ROW | {column: value})


def test_who_has_taken_it_on_is_told():
    with pytest.raises(ValueError, match="assignee"):
        rules.read(ROW | {"state": "taken-on"})


def test_a_title_is_one_line():
    assert rules.read(ROW | {"title": " a\n b "}).title == "a b"


def test_times_are_in_their_order():
    told = {"asked_at": "2026-11-25T09:00Z", "delivered_at": "2026-11-24T09:00Z"}
    with pytest.raises(ValueError, match="order"):
        rules.read(ROW | told)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found(delimiter):
    text = delimiter.join(["Title", "requester", "kind"]) + "\r\n"
    text += delimiter.join(['"a\r\nb"', "x@y.z", "faq"]) + "\r\n"
    ((number, row),) = rules.rows_of(text)
    assert (number, row) == (2, {"title": "a\r\nb", "requester": "x@y.z", "kind": "faq"})


@pytest.mark.parametrize("text", ["", "\x00", "name,who\n1,2", "<html>", '"'])
def test_what_is_no_such_file_is_refused(text):
    with pytest.raises(ValueError, match=r"no (column|CSV)"):
        list(rules.rows_of(text))


@given(st.lists(st.text().filter(lambda t: "\x00" not in t), min_size=MANY, max_size=MANY))
def test_cells_come_back_and_no_spreadsheet_computes_them(cells):
    text = "".join(rules.write([cells]))
    ((_, row),) = rules.rows_of(text)
    assert [row[name] for name in rules.COLUMNS] == cells[: len(rules.COLUMNS)]
    assert not any(guarded(cell).startswith(("=", "+", "-", "@")) for cell in cells)


def test_an_id_is_known_again_whatever_it_is():
    assert rules.token_of("arsenal:abc") == "abc"
    assert rules.token_of("CRM-7") == rules.token_of("CRM-7") != rules.token_of("CRM-8")
    assert len(rules.token_of("x" * 200)) == 40
