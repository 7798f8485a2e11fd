"""Figures as the reader's language writes them: decimals, signed points, shares, table cells."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from math import isfinite

from babel.numbers import format_decimal, format_scientific

from portal.web import locale
from portal.web.tables import Column, Value

NONE = "–"
"""Written where there is no number."""

HUGE = 1e15
"""From here on numbers are written with a power of ten."""


@lru_cache(maxsize=8192)
def _written(value: float | Decimal, digits: int, code: str, *, signed: bool) -> str:
    exact = Decimal(str(value))
    if abs(exact) >= HUGE:
        return str(format_scientific(exact, locale=code))
    rounded = exact.quantize(Decimal(f"1e-{digits}"), ROUND_HALF_UP)
    places = "." + "0" * digits if digits else ""
    said = str(format_decimal(abs(rounded), format=f"#,##0{places}", locale=code))
    if rounded < 0:
        return f"\N{MINUS SIGN}{said}"
    return f"+{said}" if signed and rounded > 0 else said


def decimal(value: float | Decimal | None, digits: int = 1, *, signed: bool = False) -> str:
    """Return a number with a fixed count of decimals; a dash for what is no number."""
    if value is None or not isfinite(value):
        return NONE
    return _written(value, digits, str(locale.code()), signed=signed)


def points(value: float) -> str:
    """Return percentage points with their sign, one decimal: +4.2, −1,0."""
    return decimal(value, 1, signed=True)


def tick(value: float) -> str:
    """Return a number at an axis: with as many decimals as it has, three at most."""
    return decimal(value, _digits(value))


def signed_tick(value: float) -> str:
    """Return a number at an axis around zero."""
    return decimal(value, _digits(value), signed=True)


def _digits(value: float) -> int:
    return next((d for d in range(3) if round(value, d) == round(value, 9)), 3)


def percent(share: float | None, digits: int = 0, *, signed: bool = False) -> str:
    """Return a share of one in percent, with the space the language puts before the sign."""
    if share is None or not isfinite(share):
        return NONE
    said = decimal(100 * share, digits, signed=signed)
    return f"{said}\N{NO-BREAK SPACE}%" if locale.code() == "ru" else f"{said}%"


def cell(value: Value, column: Column) -> str:
    """Return a table's cell in the reader's language."""
    if value is None or value == "":
        return NONE
    if isinstance(value, str | bool):
        return str(value)
    if isinstance(value, date):
        return locale.day(value)
    return decimal(value, column.digits, signed=column.signed)
