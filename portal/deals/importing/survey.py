"""Looks through files before anything is taken: which is what, how it is written, what it says."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from portal.deals.importing import reading, rules
from portal.deals.importing.reading import Given
from portal.deals.importing.rules import Cell, RefusedError, Settings
from portal.deals.importing.values import CURRENCIES, SYMBOLS, Evidence

WORDS_MOST = 500
"""Different words of a kind that are looked at for suggestions."""
_DATES = ("created", "close", "expected", "ended", "stage_at")
_WORDS = {
    "product": "product", "competitor": "competitor", "owner": "person",
    "stage": "stage", "reason": "reason",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Table:
    """A file whose headers are known; `names` are they as written, `headers` as compared."""

    given: Given
    settings: Settings
    names: list[str]
    headers: list[str]
    companion: str

    @property
    def signature(self) -> str:
        """What stands for tables like this one."""
        return rules.signature_of(self.headers)

    def data(self) -> Iterator[tuple[int, list[Cell]]]:
        """Yield the rows below the headers with their numbers in the file, from 1."""
        rows = enumerate(reading.rows(self.given, self.settings), 1)
        return islice(rows, self.settings.header + 1, None)


@dataclass(slots=True)
class Survey:
    """What a table of deals was found to hold; `last` is the last row of each id."""

    rows: int = 0
    last: dict[str, int] = field(default_factory=dict)
    words: dict[str, Counter[str]] = field(default_factory=dict)
    evidence: Evidence = field(default_factory=Evidence)


def table(given: Given, said: Settings, remembered: Mapping[str, Mapping[str, Any]]) -> Table:
    """Return a table with how it is to be read: as said, as remembered, as found, in this order.

    A mapping that is said is the whole of it. Raises RefusedError.
    """
    settings = reading.shape(
        given, Settings().but(encoding=said.encoding, delimiter=said.delimiter)
    )
    top = reading.first(given, settings)
    if not any(rules.text_of(cell) for row in top for cell in row):
        raise RefusedError("empty", name=given.name)
    try:
        place = rules.header_row(top)
    except RefusedError as error:
        raise RefusedError(error.code, name=given.name) from error
    names = [rules.text_of(cell, 200) for cell in top[place]]
    headers = [rules.header_of(cell) for cell in top[place]]
    source, mapping = rules.system_of(headers)
    before = remembered.get(rules.signature_of(headers), {})
    columns = {
        k: v for k, v in before.get("mapping", {}).items() if max(v, default=0) < len(headers)
    }
    settings = settings.but(
        header=place,
        source=said.source or before.get("source") or source or "file",
        order=said.order or before.get("order"),
        decimal=said.decimal or before.get("decimal"),
        currency=said.currency or before.get("currency") or _currency(names, headers),
        mapping=said.mapping or rules.guess(headers, mapping) | columns,
    )
    return Table(given, settings, names, headers, rules.companion_of(headers))


def _currency(names: Sequence[str], headers: Sequence[str]) -> str:
    """Return the currency that stands in the header of amounts: `Amount (USD)`, `Бюджет, ₽`."""
    for column in rules.guess(headers).get("amount", ()):
        found = re.search(r"[,(]\s*([A-Za-z]{3}|[$€£₽₫])\s*\)?$", names[column])
        if found:
            code = SYMBOLS.get(found[1], found[1].upper())
            return code if code in CURRENCIES else ""
    return ""


def survey(it: Table, most: int | None = None) -> Survey:
    """Look at every row of a table of deals once, or at the first ones."""
    found = Survey()
    mapping = it.settings.mapping
    watched = [
        (kind, column)
        for what, kind in _WORDS.items()
        for column in mapping.get(what, ())
    ]  # fmt: skip
    dates = [column for what in _DATES for column in mapping.get(what, ())]
    for number, cells in islice(it.data(), most):
        id_ = cell_text(cells, mapping.get("id", ()), rules.ID_MOST)
        if not id_ or rules.furniture(cells, it.headers, id_):
            found.rows += any(cell not in {None, ""} for cell in cells)
            continue
        found.rows += 1
        found.last[id_] = number
        for column in dates:
            if column < len(cells):
                found.evidence.date(cells[column])
        for column in mapping.get("amount", ()):
            if column < len(cells):
                found.evidence.amount(cells[column])
        _listen(found, cells, watched)
    return found


def _listen(found: Survey, cells: Sequence[Cell], watched: Sequence[tuple[str, int]]) -> None:
    for kind, column in watched:
        text = rules.text_of(cells[column], 200) if column < len(cells) else ""
        if text:
            counted = found.words.setdefault(kind, Counter())
            if text in counted or len(counted) < WORDS_MOST:
                counted[text] += 1


def cell_text(cells: Sequence[Cell], columns: Sequence[int], most: int) -> str:
    """Return the text of the first of these columns that says something."""
    for column in columns:
        if column < len(cells) and (text := rules.text_of(cells[column], most)):
            return text
    return ""


def settled(it: Table, found: Survey) -> tuple[Settings, bool]:
    """Return the settings with the order of dates and the mark of decimals, and whether certain."""
    americans = all(name.isascii() for name in it.names)
    order, is_certain = found.evidence.order(americans=americans)
    said = it.settings
    is_certain = bool(said.order) or is_certain
    return said.but(
        order=said.order or order, decimal=said.decimal or found.evidence.decimal()
    ), is_certain
