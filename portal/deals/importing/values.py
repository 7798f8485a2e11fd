"""Cells read as amounts and moments, in the order and with the marks a file was found to use."""

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal, InvalidOperation

from babel.numbers import list_currencies

from portal.deals.importing.rules import BadRowError, Cell, text_of
from portal.deals.rules import AMOUNT_MOST, amount_of

EARLIEST, LATEST = 1970, 2100
SYMBOLS = {
    "$": "USD", "€": "EUR", "£": "GBP", "₽": "RUB", "₫": "VND", "đ": "VND", "¥": "JPY",
    "₸": "KZT", "руб": "RUB", "руб.": "RUB", "р.": "RUB", "тг": "KZT", "vnđ": "VND",
}  # fmt: skip
CURRENCIES = frozenset(list_currencies()) - {"X" * 3, "XTS"}
"""The codes there are; not those that stand for none."""
_NUMBER = re.compile(r"[-−(]?[\d.,\s\u00a0\u202f'’]*\d\)?[-−]?")
_PARTS = re.compile(r"(\d{1,4})[./\-](\d{1,2})[./\-](\d{1,4})(?!\d)[T,\s]*(.*)")
_CLOCK = re.compile(
    r"(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*([ap]\.?m\.?)?\s*(Z|[+-]\d\d:?\d\d)?",
    re.IGNORECASE,
)
_MONTHS = {m: n for n, m in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}
_MONTHS |= {
    m: n for n, m in enumerate("янв фев мар апр мая июн июл авг сен окт ноя дек".split(), 1)
}
_WORDED = re.compile(
    r"(?:(\d{1,2})\.?[\s-]+([^\W\d_]{3,})\.?|([^\W\d_]{3,})\.?\s+(\d{1,2}))[,\s-]+(\d{4})"
)


def money(cell: Cell, decimal: str) -> tuple[Decimal | None, str]:
    """Return an amount and the currency written with it; None and "" for an empty cell.

    Raises:
        BadRowError: negative or amount.
    """
    if isinstance(cell, bool):
        raise BadRowError("amount", value=cell)
    if isinstance(cell, int | float):
        return _bounded(Decimal(str(cell)), cell), ""
    text = text_of(cell)
    if not text or text in {"-", "—", "–"}:
        return None, ""
    found = _NUMBER.search(text) if len(text) <= 60 else None  # noqa: PLR2004
    rest = key = (text[: found.start()] + text[found.end() :]).strip(" |()") if found else ""
    currency = SYMBOLS.get(
        rest.casefold(), rest.upper() if re.fullmatch(r"[A-Za-z]{3}", rest) else ""
    )
    if not found or (key and not currency):
        raise BadRowError("amount", value=text[:60])
    number = found[0].strip()
    is_negative = bool(re.match(r"[-−(]", number)) or number[-1] in "-−"
    number = number.strip("-−() ")
    try:
        amount = _plain(number, decimal) if decimal else amount_of(number)
    except (ValueError, InvalidOperation) as error:
        raise BadRowError("amount", value=text[:60]) from error
    return _bounded(-amount if is_negative else amount, text[:60]), currency


def _plain(number: str, decimal: str) -> Decimal:
    digits = re.sub(r"[\s\u00a0\u202f'’]", "", number).replace("." if decimal == "," else ",", "")
    return Decimal(digits.replace(decimal, "."))


def _bounded(amount: Decimal, said: object) -> Decimal:
    if not amount.is_finite() or amount >= AMOUNT_MOST:
        raise BadRowError("amount", value=said)
    if amount < 0:
        raise BadRowError("negative", value=said)
    return amount.quantize(Decimal("0.01"))


def moment(cell: Cell, order: str, zone: tzinfo) -> datetime | None:
    """Return a moment; a day is its midnight in the company's zone.

    Raises:
        BadRowError: date or date-range.
    """
    if cell is None or cell == "":
        return None
    if isinstance(cell, datetime):
        return _aware(cell, zone)
    if isinstance(cell, date):
        return _aware(datetime.combine(cell, time()), zone)
    text = text_of(cell)
    if not text or text in {"-", "—", "–", "0"}:
        return None
    if isinstance(cell, int | float) or re.fullmatch(r"\d{10,13}", text):
        return _counted(float(cell), text, zone)
    try:
        found = _numbers(text, order) or _worded(text)
    except ValueError as error:
        raise BadRowError("date", value=text[:60]) from error
    if found is None:
        raise BadRowError("date", value=text[:60])
    return _aware(found, zone)


def _counted(number: float, text: str, zone: tzinfo) -> datetime:
    """Return what Excel (days) or a program (seconds, milliseconds) counts."""
    try:
        if number < 1_000_000:  # noqa: PLR2004
            return _aware(datetime(1899, 12, 30) + timedelta(days=number), zone)  # noqa: DTZ001
        seconds = number / 1000 if number > 10**11 else number
        return _aware(datetime.fromtimestamp(seconds, UTC), zone)
    except BadRowError:
        raise
    except (OverflowError, ValueError, OSError) as error:
        raise BadRowError("date", value=text[:60]) from error


def _numbers(text: str, order: str) -> datetime | None:
    found = _PARTS.match(text)
    if not found:
        return None
    a, b, c = (int(found[n]) for n in (1, 2, 3))
    if len(found[1]) == 4:  # noqa: PLR2004
        year, month, day = a, b, c
    else:
        year = c + (2000 if c < 70 else 1900) if c < 100 else c  # noqa: PLR2004
        day, month = (b, a) if order == "mdy" else (a, b)
        if order == "ymd" and len(found[3]) < 4:  # noqa: PLR2004
            year, month, day = 2000 + a, b, c
    if not year >= 1:
        raise ValueError("no year")
    return _at(datetime(year, month, day), found[4])  # noqa: DTZ001


def _at(day: datetime, rest: str) -> datetime:
    found = _CLOCK.match(rest.strip()) if rest else None
    if not found:
        return day
    hour = int(found[1])
    if found[4]:
        hour = hour % 12 + (12 if found[4].lower().startswith("p") else 0)
    said = day.replace(hour=hour, minute=int(found[2]), second=int(found[3] or 0))
    if not found[5]:
        return said
    if found[5].upper() == "Z":
        return said.replace(tzinfo=UTC)
    return datetime.fromisoformat(f"{said.isoformat()}{found[5][:3]}:{found[5][-2:]}")


def _worded(text: str) -> datetime | None:
    found = _WORDED.match(text)
    if not found:
        return None
    month = _MONTHS.get((found[2] or found[3]).casefold()[:3])
    if month is None:
        return None
    day = datetime(int(found[5]), month, int(found[1] or found[4]))  # noqa: DTZ001
    return _at(day, text[found.end() :].strip(" ,at"))


def _aware(said: datetime, zone: tzinfo) -> datetime:
    if not EARLIEST <= said.year <= LATEST:
        raise BadRowError("date-range", value=str(said.date()))
    return said if said.tzinfo else said.replace(tzinfo=zone).astimezone(UTC)


class Evidence:
    """What the values of a file tell about the order of its dates and the marks of its numbers."""

    def __init__(self) -> None:
        """Begin with none."""
        self.first_most = self.second_most = self.year_first = self.dates = 0
        self.dotted = self.slashed = 0
        self.commas = self.points = 0

    def date(self, cell: Cell) -> None:
        """Look at a date."""
        if not isinstance(cell, str) or not (found := _PARTS.match(cell.strip())):
            return
        self.dates += 1
        if len(found[1]) == 4:  # noqa: PLR2004
            self.year_first += 1
            return
        self.first_most = max(self.first_most, int(found[1]))
        self.second_most = max(self.second_most, int(found[2]))
        self.dotted += "." in cell[:4]
        self.slashed += "/" in cell[:4]

    def amount(self, cell: Cell) -> None:
        """Look at an amount."""
        if not isinstance(cell, str):
            return
        marks = [c for c in cell if c in ".,"]
        if not marks:
            return
        last = max(cell.rfind("."), cell.rfind(","))
        after = len(re.match(r"\d*", cell[last + 1 :])[0])  # type: ignore[index]
        if len(set(marks)) == 2 or (len(marks) == 1 and after != 3):  # noqa: PLR2004
            self.commas += marks[-1] == ","
            self.points += marks[-1] == "."
        elif len(marks) > 1:  # thousands only, by this mark
            self.commas += marks[0] == "."
            self.points += marks[0] == ","

    def order(self, *, americans: bool) -> tuple[str, bool]:
        """Return the order of dates and whether it is certain."""
        if self.second_most > 12 >= self.first_most:  # noqa: PLR2004
            return "mdy", True
        if self.first_most > 12:  # noqa: PLR2004
            return "dmy", True
        if not self.first_most:
            return "ymd" if self.year_first else "dmy", True
        return ("mdy" if self.slashed and americans else "dmy"), bool(self.dotted)

    def decimal(self) -> str:
        """Return the mark before decimals, "" when nothing tells."""
        if self.commas == self.points:
            return ""
        return "," if self.commas > self.points else "."
