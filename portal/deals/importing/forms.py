"""What is said on the page of an import: how a file is read, which column is what."""

from collections.abc import Mapping, Sequence

from portal.deals.importing.rules import (
    DELIMITERS,
    ENCODINGS,
    FIELDS,
    KINDS,
    ORDERS,
    SOURCE_MOST,
    RefusedError,
    Settings,
    text_of,
)
from portal.deals.importing.values import CURRENCIES
from portal.web.forms import Form

COLUMN_DIGITS = 3


class SendForm(Form):
    """Files are read from the request; the form is its token."""


def settings_of(said: Mapping[str, str], before: Settings) -> Settings:
    """Return how a table is read, as said; what is no such thing stays as it was.

    Raises:
        RefusedError: when the currency is none.
    """

    def one(name: str, choices: Sequence[str], now: str) -> str:
        value = said.get(name, "")
        return value if value in choices else now

    source = text_of(said.get("source", "")[:400].replace("\x00", ""), SOURCE_MOST)
    currency = said.get("currency", "").strip().upper()
    if currency and currency not in CURRENCIES:
        raise RefusedError("no-currency", value=plain(currency)[:20])
    mapping = mapping_of(said)
    is_book = before.encoding == "xlsx"
    return Settings(
        source=plain(source) or before.source,
        encoding=before.encoding if is_book else one("encoding", ENCODINGS, before.encoding),
        delimiter="" if is_book else one("delimiter", DELIMITERS, before.delimiter),
        order=one("order", ORDERS, before.order),
        decimal=one("decimal", ("", ".", ","), before.decimal),
        currency=currency or before.currency,
        mapping=mapping or before.mapping,
    )


def mapping_of(said: Mapping[str, str]) -> dict[str, list[int]]:
    """Return the column chosen for each field."""
    found = {}
    for what in FIELDS:
        value = said.get(f"map-{what}", "")
        if value.isascii() and value.isdecimal() and len(value) <= COLUMN_DIGITS:
            found[what] = [int(value)]
    return found


def aliases_of(
    said: Mapping[str, str], words: Sequence[Sequence[object]]
) -> dict[tuple[str, str], str]:
    """Return what words are said to stand for: (kind, word) → target."""
    found = {}
    for place, (kind, word, *_) in enumerate(words):
        target = plain(said.get(f"word-{place}", ""))[:254]
        if target and kind in KINDS:
            found[str(kind), str(word)] = target
    return found


def plain(text: str) -> str:
    """Return text that any database keeps."""
    return "".join(c for c in text if c != "\x00" and not "\ud800" <= c <= "\udfff").strip()
