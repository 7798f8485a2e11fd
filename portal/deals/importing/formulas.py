"""Formulas of workbooks whose values the file does not keep, as programs write them."""

from collections.abc import Iterator
from typing import Any
from zipfile import ZipFile

from portal.deals.importing.rules import Cell

UNKEPT = "\x00="
"""What stands in the cell of such a formula; no table can hold it otherwise."""
_BLOCK = 1 << 20
_IN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def has_any(package: ZipFile, part: str) -> bool:
    """Whether a sheet has formulas; most have none and need not be looked through."""
    end = b""
    with package.open(part) as file:
        while block := file.read(_BLOCK):
            if b"<f>" in (text := end + block) or b"<f " in text:
                return True
            end = block[-2:]
    return False


def unkept(package: ZipFile, part: str) -> Iterator[tuple[int, int]]:
    """Yield row (from 1) and column (from 0) of the formulas of a sheet without a value.

    An empty text is a value: Excel says of what type it is.
    """
    # an XML parser takes 1.5 MB: of those who read workbooks only
    from xml.etree.ElementTree import iterparse  # noqa: PLC0415

    with package.open(part) as file:
        row = 0
        for event, it in iterparse(file, ("start", "end")):  # noqa: S314  # sniffed before: no entities
            if event == "start" and it.tag == f"{_IN}row":
                row = int(it.get("r") or row + 1)
            elif event == "end" and it.tag == f"{_IN}c":
                if it.find(f"{_IN}f") is not None and not _is_kept(it):
                    yield row, column_of(it.get("r", ""))
            elif event == "end" and it.tag == f"{_IN}row":
                it.clear()


def _is_kept(cell: Any) -> bool:  # noqa: ANN401  # an element
    return bool(cell.findtext(f"{_IN}v")) or cell.get("t") == "str"


def column_of(place: str) -> int:
    """Return the column of a cell, from 0: 1 for `B7`."""
    number = 0
    for letter in place:
        if not letter.isalpha():
            break
        number = number * 26 + ord(letter.upper()) - 64
    return number - 1


def letters(column: int) -> str:
    """Return what Excel calls a column, from 0: `B` for 1."""
    found = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(65 + rest) + found
    return found


def marked(row: list[Cell], places: set[int]) -> list[Cell]:
    """Return a row with what stands for formulas without a value in these columns."""
    row += [None] * (max(places) + 1 - len(row))
    return [UNKEPT if n in places else cell for n, cell in enumerate(row)]
