"""Amounts of money as they are written in the reader's language, in full or short."""

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache

from babel.numbers import UnknownCurrencyError, format_compact_currency, format_currency

from portal.web import locale


@lru_cache(maxsize=4096)
def _written(amount: Decimal, currency: str, code: str, *, short: bool) -> str:
    pattern = "¤#,##0" if code == "en" else "#,##0 ¤"
    try:
        if short:
            return str(format_compact_currency(amount, currency, locale=code, fraction_digits=1))
        return str(format_currency(amount, currency, pattern, code, currency_digits=False))
    except UnknownCurrencyError:
        return f"{amount:.0f} {currency}"


def money(amount: Decimal, currency: str, *, short: bool = False) -> str:
    """Return an amount in whole units, with its currency's sign; short: 146K, 3.2B."""
    return _written(amount, currency, str(locale.code()), short=short)


def value_text(value: Mapping[str, Decimal]) -> str:
    """Return amounts of several currencies side by side as files have them, in no language."""
    return " + ".join(f"{amount:.2f} {code}" for code, amount in value.items())


def value_words(value: Mapping[str, Decimal], *, short: bool = False) -> str:
    """Return amounts of several currencies side by side, as `money` writes each."""
    return " + ".join(money(amount, code, short=short) for code, amount in value.items())
