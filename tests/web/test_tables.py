import csv
import io
import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from flask import render_template_string
from hypothesis import given
from hypothesis import strategies as st

from portal.web import figures
from portal.web.tables import BOM, Column, Table

LIFT = Column(
    "lift", "Best guess", "points", "How much more often deals were won.", "number", 1, signed=True
)
COLUMNS = [Column("asset", "Tài liệu", kind="head", link="url"), LIFT]
MACRO = '{% from "web/ui/chart.html" import chart, data_table with context %}'


def table(*rows):
    return Table("lift", "What helps", COLUMNS, rows)


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_spreadsheet_knows_the_file_is_utf8_and_a_program_needs_not():
    assert table().csv().startswith(BOM + "asset,lift\r\n")
    assert table({"asset": "Thẻ", "lift": 1.5}).csv(bom=False) == "asset,lift\r\nThẻ,1.5\r\n"


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-2", "@x", "\tx", "\rx", "'x"])
def test_no_words_are_taken_for_a_formula(text):
    assert rows_of(table({"asset": text}).csv(bom=False))[0]["asset"] == "'" + text


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (-4.25, "-4.25"),
        (Decimal("-1200000.50"), "-1200000.50"),
        (float("nan"), ""),
        (None, ""),
        (True, "yes"),
        (3, "3"),
        (date(2026, 11, 30), "2026-11-30"),
        (datetime(2026, 11, 30, 9, tzinfo=UTC), "2026-11-30T09:00:00+00:00"),
    ],
)
def test_what_is_no_text_is_written_as_programs_read_it(value, said):
    assert rows_of(table({"asset": value}).csv(bom=False))[0]["asset"] == said


def test_json_brings_the_definition_of_every_column_and_no_addresses():
    told = json.loads(table({"asset": "Thẻ", "lift": float("inf"), "url": "/a"}).json())
    assert told["columns"][1] == {
        "key": "lift",
        "label": "Best guess",
        "unit": "points",
        "definition": "How much more often deals were won.",
    }
    assert told["rows"] == [{"asset": "Thẻ", "lift": None}]


@given(st.text(st.characters(codec=None)))
def test_any_words_survive_both_files(text):
    made = table({"asset": text})
    made.csv().encode()
    said = json.loads(made.json())["rows"][0]["asset"]
    assert said == text.encode("utf-8", "replace").decode()
    read = rows_of(made.csv(bom=False))[0]["asset"]
    kept = said.replace("\x00", "")
    assert read in {kept, f"'{kept}"}


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "+1,234.6"), ("vi", "+1.234,6"), ("ru", "+1\N{NO-BREAK SPACE}234,6")],
)
def test_figures_are_written_as_the_reader_writes_them(face, language, said):
    with face.test_request_context(headers={"Accept-Language": language}):
        assert figures.points(1234.56) == said
        assert figures.points(-0.04) == figures.points(0).replace("+", "")
        assert figures.decimal(None) == figures.decimal(float("nan")) == "–"
        assert figures.tick(0.30000000000000004) == ("0.3" if language == "en" else "0,3")
        assert "0" in figures.decimal(1e300)


def test_a_table_on_a_page_has_scopes_links_and_the_readers_figures(face):
    made = table({"asset": "<b>", "lift": 4.25, "url": "/a"}, {"asset": "x", "lift": None})
    with face.test_request_context(headers={"Accept-Language": "ru"}):
        page = " ".join(render_template_string(MACRO + "{{ data_table(t) }}", t=made).split())
    assert "<caption>What helps</caption>" in page
    assert (
        '<th scope="row" dir="auto"><a href="/a">&lt;b&gt;</a></th><td class="num">+4,3</td>'
        in page
    )
    assert '<td class="num">–</td>' in page
    assert '<th scope="col" class="num" title="How much' in page


@pytest.mark.parametrize("opened", [False, True])
def test_a_chart_stands_beside_its_table(face, opened):
    with face.test_request_context():
        page = render_template_string(
            MACRO + "{{ chart('pic', 'Lift', table=t, open=o, csv='/x.csv') }}", t=table(), o=opened
        )
    assert page.index("<figcaption>") < page.index("pic") < page.index("<table")
    assert ("<details>" in page) is not opened
    assert 'href="/x.csv"' in page
    assert "Nothing here yet" in page
