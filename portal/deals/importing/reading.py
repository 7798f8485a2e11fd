"""Tables out of files, row by row: CSV in any common encoding, and XLSX; never held whole."""

import codecs
import csv
import io
import re
import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO, TextIO
from zipfile import ZipFile

from portal.deals.importing import formulas
from portal.deals.importing.rules import (
    COLUMNS_MOST,
    DELIMITERS,
    HEADER_WITHIN,
    Cell,
    RefusedError,
    Settings,
)
from portal.library.attachments import sniffing

LINE_MOST = 1_000_000
SAMPLE = 64_000
_BLOCK = 1 << 20
_MAGIC = ((b"%PDF", "pdf"), (b"\xd0\xcf\x11\xe0", "old"), (b"\x1f\x8b", "packed"), (b"PK", "zip"))


@dataclass(frozen=True, slots=True)
class Given:
    """A file to be read: a path, or bytes that were sent."""

    name: str
    path: Path | None = None
    content: bytes = b""

    def open(self) -> BinaryIO:
        """Open it."""
        try:
            return self.path.open("rb") if self.path else io.BytesIO(self.content)
        except OSError as error:
            raise RefusedError("unreadable", name=self.name, why=error.strerror) from error

    def digest(self) -> str:
        """Return what stands for its bytes."""
        made = sha256()
        with self.open() as file:
            while block := file.read(_BLOCK):
                made.update(block)
        return made.hexdigest()


def is_book(given: Given) -> bool:
    """Whether it is a workbook.

    Raises:
        RefusedError: when it is neither that nor text.
    """
    with given.open() as file:
        head = file.read(SAMPLE)
    if not head.strip(b"\xef\xbb\xbf\xff\xfe\r\n\t ;,"):
        raise RefusedError("empty", name=given.name)
    kind = next((kind for magic, kind in _MAGIC if head.startswith(magic)), "")
    if kind in {"pdf", "old", "packed"}:
        raise RefusedError(kind, name=given.name)
    return kind == "zip"


# --- text ---------------------------------------------------------------------------------------


def encoding_of(given: Given) -> str:
    """Return how a text file is encoded.

    Raises:
        RefusedError: when it is no text.
    """
    with given.open() as file:
        head = file.read(SAMPLE)
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) > len(head) / 5 and min(even, odd) < max(even, odd) / 20:
        return "utf-16-le" if odd > even else "utf-16-be"
    if sum(head.count(n) for n in range(32) if n not in {9, 10, 11, 12, 13, 26}) > len(head) / 100:
        raise RefusedError("binary", name=given.name)
    good, bad, high, pairs = _utf8(given)
    if bad * 50 <= good:
        return "utf-8"
    return "cp1251" if pairs > high / 2 else "cp1252"


def _utf8(given: Given) -> tuple[int, int, int, int]:
    """Count letters beyond ASCII, bytes that are no UTF-8, high bytes, and those beside another."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    good = bad = high = pairs = 0
    with given.open() as file:
        while block := file.read(_BLOCK):
            if block.isascii():
                continue
            text = decoder.decode(block)
            bad += text.count("\ufffd")
            good += sum(1 for c in text if c > "\x7f" and c != "\ufffd")
            runs = [len(run) for run in re.findall(rb"[\x80-\xff]+", block)]
            high += sum(runs)
            pairs += sum(run for run in runs if run > 1)
    return good, bad, high, pairs


def _lines(given: Given, encoding: str) -> Iterator[str]:
    """Yield lines, none of which is held when it is too long."""
    errors = "replace"
    with given.open() as file, io.TextIOWrapper(file, encoding, errors, newline="") as text:
        number = 0
        while line := text.readline(LINE_MOST):
            number += 1
            if len(line) >= LINE_MOST and line[-1] not in "\r\n":
                raise RefusedError("long-line", name=given.name, row=number)
            if number == 1 and re.fullmatch(r"\ufeff?sep=.\s*", line, re.IGNORECASE):
                continue  # Excel's own hint
            yield line.replace("\x00", "")


def bounded(text: TextIO, most: int) -> Iterator[str | None]:
    """Yield lines; in the place of one that is longer comes None, and it is not held."""
    while line := text.readline(most):
        if len(line) < most or line[-1] in "\r\n":
            yield line
            continue
        while (rest := text.readline(most)) and rest[-1] not in "\r\n":
            pass
        yield None


def delimiter_of(given: Given, encoding: str) -> str:
    """Return what parts the columns: what cuts the first lines into the same number of them."""
    sample = []
    for line in _lines(given, encoding):
        sample.append(line)
        if len(sample) == 50 or sum(map(len, sample)) > SAMPLE:  # noqa: PLR2004
            break
    best, found = (0.0, 0), ","
    for mark in DELIMITERS:
        try:
            widths = Counter(len(row) for row in csv.reader(sample, delimiter=mark) if row)
        except csv.Error:
            continue
        width, often = max(
            widths.items(), key=lambda it: (it[1] * (it[0] > 1), it[0]), default=(1, 0)
        )
        if width > 1 and (score := (often / max(1, widths.total()), width)) > best:
            best, found = score, mark
    return found


def _csv(given: Given, settings: Settings) -> Iterator[list[Cell]]:
    number = 0
    try:
        for row in csv.reader(_lines(given, settings.encoding), delimiter=settings.delimiter):
            number += 1
            if len(row) > COLUMNS_MOST:
                raise RefusedError("columns", name=given.name, row=number, most=COLUMNS_MOST)
            yield list(row)
    except csv.Error as error:
        raise RefusedError("quotes", name=given.name, row=number + 1) from error
    except UnicodeError as error:
        raise RefusedError("binary", name=given.name) from error


# --- workbooks ----------------------------------------------------------------------------------


@contextmanager
def _book(given: Given) -> Iterator[Any]:
    from openpyxl import load_workbook  # noqa: PLC0415  # 12 MB, for who brings a workbook

    with given.open() as file:
        try:
            with sniffing.open_package(file) as package:
                kind = sniffing.package_type(package)
                sniffing.check_parts(package)
        except Exception as error:  # of whatever a damaged package is made
            raise RefusedError("book", name=given.name) from error
        if kind != "xlsx":
            raise RefusedError("binary", name=given.name)
        file.seek(0)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                book = load_workbook(file, read_only=True, data_only=True)
            except Exception as error:
                raise RefusedError("book", name=given.name) from error
            try:
                yield book
            finally:
                book.close()


def _xlsx(given: Given) -> Iterator[list[Cell]]:
    """Yield the rows of the first sheet that has any: formulas by their values."""
    with _book(given) as book:
        for sheet in book.worksheets:
            rows = sheet.iter_rows(values_only=True, max_col=COLUMNS_MOST + 1)
            try:
                first = next((list(r) for r in rows if any(v is not None for v in r)), None)
            except Exception as error:
                raise RefusedError("book", name=given.name) from error
            if first is None:
                continue
            yield from _sheet(given, sheet)
            return
    raise RefusedError("empty", name=given.name)


def _unkept(given: Given, sheet: Any) -> dict[int, set[int]]:  # noqa: ANN401
    """Return the columns of formulas without a value, by row."""
    found: dict[int, set[int]] = {}
    part = str(getattr(sheet, "_worksheet_path", "")).lstrip("/")
    with given.open() as file, ZipFile(file) as package:
        if part in package.namelist() and formulas.has_any(package, part):
            for row, column in formulas.unkept(package, part):
                if column < COLUMNS_MOST:
                    found.setdefault(row, set()).add(column)
    return found


def _sheet(given: Given, sheet: Any) -> Iterator[list[Cell]]:  # noqa: ANN401  # openpyxl's
    try:
        unkept = _unkept(given, sheet)
    except Exception as error:
        raise RefusedError("book", name=given.name) from error
    rows = iter(sheet.iter_rows(values_only=True, max_col=COLUMNS_MOST + 1))
    number = 0
    while True:
        try:
            row = list(next(rows))
        except StopIteration:
            return
        except Exception as error:
            raise RefusedError("book", name=given.name) from error
        number += 1
        while row and row[-1] is None:
            row.pop()
        if len(row) > COLUMNS_MOST:
            raise RefusedError("columns", name=given.name, row=number, most=COLUMNS_MOST)
        cells: list[Cell] = [v if isinstance(v, Cell) else str(v) for v in row]
        yield formulas.marked(cells, unkept[number]) if number in unkept else cells


# --- both ---------------------------------------------------------------------------------------


def shape(given: Given, said: Settings) -> Settings:
    """Return the settings with encoding and delimiter, as said or as found."""
    if is_book(given):
        return said.but(encoding="xlsx")
    if said.encoding in {"", "xlsx"}:
        said = said.but(encoding=encoding_of(given))
    return said if said.delimiter else said.but(delimiter=delimiter_of(given, said.encoding))


def rows(given: Given, settings: Settings) -> Iterator[list[Cell]]:
    """Yield all rows as they stand in the file, blank ones too.

    Raises:
        RefusedError: at whatever can not be read.
    """
    return _xlsx(given) if settings.encoding == "xlsx" else _csv(given, settings)


def first(given: Given, settings: Settings, most: int = HEADER_WITHIN) -> list[list[Cell]]:
    """Return the first rows."""
    found: list[list[Cell]] = []
    for row in rows(given, settings):
        found.append(row)
        if len(found) == most:
            break
    return found
