"""Files that are anything but tables: understood or refused, never an error."""

import io
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from portal.deals.importing import service
from portal.deals.importing.reading import Given, encoding_of
from portal.deals.importing.resolving import resolve
from portal.deals.importing.rules import BadRowError, RefusedError, Settings
from portal.deals.importing.understanding import understand
from portal.deals.importing.values import UTC


def read(content, name="x.csv"):
    """Read a file to its end; returns the rows understood, or why not."""
    try:
        made = service.plan([Given(name, content=content)], Settings(), {}, remembered={})
        if made.deals is None:
            return made.beside[0].companion
        rows = []
        for number, cells in made.deals.data():
            try:
                rows.append(understand(cells, number, made.deals.settings, UTC))
            except BadRowError as error:
                rows.append(error.code)
    except RefusedError as error:
        return error.code
    return rows


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=150)
@given(st.binary(max_size=400))
def test_any_bytes(content):
    assert read(content) is not None
    assert read(b"ID,Stage,Amount,Created\n" + content) is not None


@settings(deadline=None, max_examples=150)
@given(st.lists(st.lists(st.text(max_size=20), min_size=5, max_size=5), max_size=6))
def test_any_cells(rows):
    lines = ["ID,Stage,Amount,Created,Close date"]
    lines += [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    assert read("\n".join(lines).encode("utf-8", "replace")) is not None


def test_a_damaged_workbook_at_any_byte():
    book = Workbook()
    for row in (["ID", "Stage", "Amount"], ["A1", "Demo", 5], ["B2", "Won", 7]):
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    whole, chance = buffer.getvalue(), random.Random(7)
    assert [it.id for it in read(whole)] == ["A1", "B2"]
    for _ in range(60):
        place = chance.randrange(4, len(whole))
        broken = whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :]
        assert read(broken) is not None
        assert read(whole[:place]) == "book"


@pytest.mark.parametrize(
    ("text", "encoding", "found"),
    [
        ("ID;Название\nA1;Дельта\n", "cp1251", "cp1251"),
        ("ID;Name\nA1;Müller & Söhne, Café\n", "latin-1", "cp1252"),
        ("ID;Tên\nA1;Đồng Tâm\n", "utf-8", "utf-8"),
        ("ID;Tên\nA1;Đồng Tâm\n", "utf-8-sig", "utf-8-sig"),
        ("ID;Название\nA1;Дельта\n", "utf-16", "utf-16"),
        ("ID;Name\nA1;Delta\n", "utf-16-le", "utf-16-le"),
        ("ID;Name\nA1;Delta\n", "utf-16-be", "utf-16-be"),
        ("ID;Name\nA1;Delta\n", "ascii", "utf-8"),
    ],
)
def test_encodings_are_found(text, encoding, found):
    given_ = Given("x.csv", content=text.encode(encoding))
    assert encoding_of(given_) == found
    rows = read(given_.content)
    assert rows[0].words["name"] == text.splitlines()[1].split(";")[1]


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_delimiters_are_found(mark):
    text = mark.join(["ID", "Deal name", "Stage"]) + "\n" + mark.join(["A1", "x", "Demo"]) + "\n"
    assert [it.id for it in read(text.encode())] == ["A1"]
    assert [it.id for it in read(f"sep={mark}\n{text}".encode())] == ["A1"]


def test_a_cell_of_many_lines(db):
    rows = read(b'ID,Deal name,Stage\nA1,"one\ntwo, three",Demo\nB2,x,Won\n')
    assert [(it.number, it.id) for it in rows] == [(2, "A1"), (3, "B2")]
    assert resolve(rows[0], service.Matcher("x"), UTC).values["name"] == "one two, three"
