"""The files of a history as records: each row's cells by column, or why it can not be read."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from portal.deals.importing import reading
from portal.deals.importing.reading import Given
from portal.deals.importing.rules import COLUMNS_MOST, RefusedError, text_of
from portal.deals.rules import key_of
from portal.insights.history.rules import FILES, Row

LINE_MOST = 100_000
"""Characters of a line; a longer one is no row of a table."""
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Table:
    """A file whose columns are known."""

    given: Given
    kind: type[Row]
    encoding: str
    delimiter: str
    columns: tuple[str, ...]
    """What each column is called; twice the same: the first counts."""
    header: int
    """The line of the header."""

    @property
    def name(self) -> str:
        """What the file is called."""
        return self.given.name

    @property
    def unknown(self) -> list[str]:
        """Columns nothing is made of."""
        known = {*self.kind.model_fields, *self.kind.ignored}
        return [name[:80] for name in self.columns if name and name not in known]

    def lines(self) -> int:
        """Return about how many rows there are, to say how far a run is."""
        with self.given.open() as file:
            return sum(block.count(b"\n") for block in iter(lambda: file.read(_BLOCK), b""))


@dataclass(frozen=True, slots=True)
class Record:
    """A row of a file, by its line; `flaw` says why it can not be read, if so."""

    row: int
    cells: dict[str, str]
    flaw: str = ""


def tables(folder: Path) -> list[Table]:
    """Return the files there are in a folder, looked through for their columns.

    Raises:
        RefusedError: when one of them is no table, or has no such columns.
    """
    paths = [folder / name for name in FILES]
    return [table(Given(it.name, it), FILES[it.name]) for it in paths if it.is_file()]


def table(given: Given, kind: type[Row]) -> Table:
    """Return a file with its columns.

    Raises:
        RefusedError: when it is no table of text, or needed columns are not there.
    """
    if reading.is_book(given):
        raise RefusedError("no-text", name=given.name)
    encoding = reading.encoding_of(given)
    delimiter = reading.delimiter_of(given, encoding)
    for number, line in enumerate(_lines(given, encoding), 1):
        if line is None:
            break
        if not line.strip() or re.fullmatch(r"\ufeff?sep=.\s*", line, re.IGNORECASE):
            continue
        names = next(csv.reader([line], delimiter=delimiter), [])[:COLUMNS_MOST]
        columns = tuple(key_of(text_of(name)).replace(" ", "_") for name in names)
        lacking = [name for name in kind.needed if name not in columns]
        if lacking:
            needed = ", ".join(kind.needed)
            raise RefusedError("no-columns", name=given.name, gone=", ".join(lacking), all=needed)
        return Table(given, kind, encoding, delimiter, columns, number)
    raise RefusedError("no-header", name=given.name)


def _lines(given: Given, encoding: str) -> Iterator[str | None]:
    """Yield the lines of a file; None in the place of one that is too long, which is not held."""
    with given.open() as file, io.TextIOWrapper(file, encoding, "replace", newline="") as text:
        for line in reading.bounded(text, LINE_MOST):
            yield line and line.replace("\x00", "")


def records(it: Table) -> Iterator[Record]:
    """Yield the rows below the header; blank ones are none."""
    return _by_line(it) if it.kind.one_line else _by_quotes(it)


def _by_line(it: Table) -> Iterator[Record]:
    """Yield a record a line: no value has line breaks, and a stray mark spoils its line only."""
    for number, line in enumerate(_lines(it.given, it.encoding), 1):
        if number <= it.header or (line is not None and not line.strip()):
            continue
        if line is None:
            yield Record(number, {}, _TOO_LONG)
            continue
        try:
            cells = next(csv.reader([line.rstrip("\r\n")], delimiter=it.delimiter), [])
        except csv.Error as error:
            yield Record(number, {}, str(error))
            continue
        yield _record(it, number, cells)


_TOO_LONG = f"longer than {LINE_MOST:,} characters"
_MARK = "\ufffftoo-long"


def _by_quotes(it: Table) -> Iterator[Record]:
    """Yield records whose values may have line breaks between quotation marks."""
    lines = _lines(it.given, it.encoding)
    for _ in range(it.header):
        next(lines, None)
    reader = csv.reader((_MARK + "\n" if x is None else x for x in lines), delimiter=it.delimiter)
    while True:
        number = it.header + reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:  # the reader goes on with the next line
            yield Record(number, {}, "a quotation mark is opened here or below and not closed")
            continue
        if any(_MARK in cell for cell in cells):
            yield Record(number, {}, _TOO_LONG)
        elif any(cell.strip() for cell in cells):
            yield _record(it, number, cells)


def _record(it: Table, number: int, cells: list[str]) -> Record:
    columns = len(it.columns)
    if len(cells) < columns or any(cells[columns:]):
        return Record(number, {}, f"{len(cells)} values for {columns} columns")
    told = zip(reversed(it.columns), reversed(cells[:columns]), strict=True)
    return Record(number, dict(told))
