"""A table of figures: shown beside a chart, sent as CSV and JSON, each column defined."""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from math import isfinite
from typing import Literal

from portal.markup.cells import guarded

Value = str | int | float | Decimal | bool | date | None
"""What a cell holds; not yet written in any language."""

Row = Mapping[str, Value]

BOM = "\ufeff"
"""What tells a spreadsheet that the file is UTF-8; Vietnamese is garbled without."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column.

    Attributes:
        key: its name in files, the same in every language.
        label: its name on the page.
        unit: what its numbers count: points, deals, %.
        definition: how the figure comes about, in a sentence.
        kind: text is set at the start, numbers at the end of the column; `head` names the row.
        digits: places after the decimal sign, on the page alone.
        link: the key in each row of the address its cell leads to; files do not have it.
        signed: whether a number above zero has a plus, on the page alone.
    """

    key: str
    label: str
    unit: str = ""
    definition: str = ""
    kind: Literal["text", "number", "head"] = "text"
    digits: int = 0
    link: str = ""
    signed: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Columns and the rows below them; `name` is its file's name without the ending."""

    name: str
    caption: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    empty: str = ""

    def lines(self, *, bom: bool = True) -> Iterator[str]:
        """Give the lines of the CSV, the keys of the columns first; see `csv`."""
        buffer = io.StringIO(newline="")
        writer = csv.writer(buffer, lineterminator="\r\n")
        keys = [column.key for column in self.columns]
        buffer.write(BOM if bom else "")
        writer.writerow(keys)
        for row in self.rows:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
            writer.writerow([written(row.get(key)) for key in keys])
        yield buffer.getvalue()

    def csv(self, *, bom: bool = True) -> str:
        """Return the rows as CSV: numbers with a point, times in ISO 8601, no formula computed.

        Args:
            bom: whether it begins with the mark spreadsheets know UTF-8 by; programs want none.
        """
        return "".join(self.lines(bom=bom))

    def json(self) -> str:
        """Return the table with its definitions: `{name, caption, columns: [...], rows: [...]}`."""
        keys = [column.key for column in self.columns]
        told = {
            "name": self.name,
            "caption": self.caption,
            "columns": [
                {"key": it.key, "label": it.label, "unit": it.unit, "definition": it.definition}
                for it in self.columns
            ],
            "rows": [{key: _jsonable(row.get(key)) for key in keys} for row in self.rows],
        }
        return json.dumps(told, ensure_ascii=False, allow_nan=False)


def written(value: Value) -> str:
    """Return a cell of a CSV; words no spreadsheet takes for a formula, numbers as they are."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float | Decimal):
        return _number(value)
    if isinstance(value, date):  # and datetime, which is one
        return value.isoformat()
    said = value.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
    return guarded(said)


def _number(value: float | Decimal) -> str:
    if isinstance(value, int):
        return str(value)
    if not isfinite(value):
        return ""
    return f"{value:f}" if isinstance(value, Decimal) else repr(value)


def _jsonable(value: Value) -> str | int | float | bool | None:
    """Return what JSON can hold: no number that is none, decimals as numbers, times as words."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        value = float(value)
    if isinstance(value, float) and not isfinite(value):
        return None
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    return value
