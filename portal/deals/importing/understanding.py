"""A row of a table, understood: its words by field, its amount and its moments."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import Any

from portal.deals.importing import rules
from portal.deals.importing.formulas import UNKEPT, letters
from portal.deals.importing.rules import ID_MOST, BadRowError, Cell, Settings
from portal.deals.importing.survey import cell_text
from portal.deals.importing.values import CURRENCIES, SYMBOLS, moment, money

WORDS = {
    "name": 200, "account": 200, "owner": 120, "owner_email": 254, "team": 80, "region": 80,
    "product": 200, "competitor": 200, "pipeline": 80, "stage": 80, "status": 80, "reason": 200,
    "reason_words": 2000, "industry": 80, "country": 80,
}  # fmt: skip
"""Fields that are words, and how much of each is kept."""
NAMES = (
    ("доллар", "USD"), ("dollar", "USD"), ("đô la", "USD"), ("евро", "EUR"), ("euro", "EUR"),
    ("рубл", "RUB"), ("ruble", "RUB"), ("rouble", "RUB"), ("đồng", "VND"), ("dong", "VND"),
    ("донг", "VND"), ("тенге", "KZT"), ("tenge", "KZT"), ("фунт", "GBP"), ("pound", "GBP"),
)  # fmt: skip
"""What currencies are called where they have no code."""
MOMENTS = ("created", "close", "expected", "ended", "stage_at")


Doubt = tuple[str, Mapping[str, Any]]
"""What was left out of a row that is taken: why, and what that says."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row as understood; `words` has all fields there are columns for, empty ones too."""

    number: int
    id: str
    words: Mapping[str, str]
    amount: Decimal | None
    currency: str
    moments: Mapping[str, datetime | None]
    won: bool | None
    closed: bool | None
    employees: int | None
    doubts: Sequence[Doubt] = ()

    def has(self, *fields: str) -> bool:
        """Whether there is a column for one of these."""
        return any(it in self.words or it in self.moments for it in fields)


def understand(cells: Sequence[Cell], number: int, settings: Settings, zone: tzinfo) -> Row:
    """Return what a row says.

    Raises:
        BadRowError: when it is no deal, or one that can not be.
    """
    mapping = settings.mapping
    refuse_formulas(cells, settings)
    id_ = cell_text(cells, mapping.get("id", ()), ID_MOST)
    if not id_:
        raise BadRowError("no-id")
    if rules.truth(cell_text(cells, mapping.get("deleted", ()), 20)):
        raise BadRowError("deleted", id=id_)
    words = {f: cell_text(cells, mapping[f], most) for f, most in WORDS.items() if f in mapping}
    amount, currency, doubts = _worth(cells, settings)
    moments = {f: _moment(cells, mapping[f], settings.order, zone) for f in MOMENTS if f in mapping}
    staff = cell_text(cells, mapping.get("employees", ()), 20).replace(" ", "").replace(",", "")
    return Row(
        number=number,
        id=id_,
        words=words,
        amount=amount,
        currency=currency,
        moments=moments,
        won=rules.truth(cell_text(cells, mapping.get("won", ()), 20)),
        closed=rules.truth(cell_text(cells, mapping.get("closed", ()), 20)),
        employees=int(staff) if staff.isdecimal() and len(staff) <= 9 else None,  # noqa: PLR2004
        doubts=doubts,
    )


def refuse_formulas(cells: Sequence[Cell], settings: Settings) -> None:
    """Refuse a row that is told by formulas whose values the file does not keep."""
    for columns in settings.mapping.values() if settings.encoding == "xlsx" else ():
        for column in columns:
            if column < len(cells) and cells[column] == UNKEPT:
                raise BadRowError("formula", column=letters(column))


def _worth(cells: Sequence[Cell], settings: Settings) -> tuple[Decimal | None, str, list[Doubt]]:
    """Return the amount and its currency; no amount in a currency that is none we know."""
    amount, in_amount = _amount(cells, settings.mapping, settings.decimal)
    said = cell_text(cells, settings.mapping.get("currency", ()), 40)
    code = currency_of(said) or (in_amount if in_amount in CURRENCIES else "")
    unknown = "" if code else said or in_amount
    if not unknown:
        return amount, code or settings.currency, []
    return None, "", [("currency", {"value": unknown})] if amount is not None else []


def currency_of(said: str) -> str:
    """Return the code of a currency by its code or its sign; "" for none known."""
    text = said.strip()
    if text.casefold() in SYMBOLS:
        return SYMBOLS[text.casefold()]
    code = text[:3].upper()
    if code in CURRENCIES and re.match(r"[A-Za-z]{3}(?![^\W\d_])", text):
        return code
    key = text.casefold()
    return next((code for name, code in NAMES if name in key), "")


def _amount(
    cells: Sequence[Cell], mapping: Mapping[str, Sequence[int]], decimal: str
) -> tuple[Decimal | None, str]:
    columns = mapping.get("amount", ())
    if not columns or columns[0] >= len(cells):
        return None, ""
    return money(cells[columns[0]], decimal)


def _moment(
    cells: Sequence[Cell], columns: Sequence[int], order: str, zone: tzinfo
) -> datetime | None:
    for column in columns:
        if column < len(cells) and (found := moment(cells[column], order, zone)) is not None:
            return found
    return None
