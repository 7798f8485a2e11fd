"""Amounts of money as they are written in the reader's language."""

from collections.abc import Mapping
from decimal import Decimal

from babel.numbers import UnknownCurrencyError, format_currency

from portal.web import locale


def money(amount: Decimal, currency: str) -> str:
    """Return an amount in whole units, with its currency's sign."""
    code = str(locale.code())
    pattern = "¤#,##0" if code == "en" else "#,##0 ¤"
    try:
        return str(format_currency(amount, currency, pattern, code, currency_digits=False))
    except UnknownCurrencyError:
        return f"{amount:.0f} {currency}"


def value_words(value: Mapping[str, Decimal]) -> str:
    """Return amounts of several currencies side by side, the largest number of digits last."""
    return " + ".join(money(amount, currency) for currency, amount in value.items())
