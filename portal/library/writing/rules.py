"""Decisions of the editor that need no database: which form was sent twice, how it was typed."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

TOKEN_MOST = 64


def once_key(token: str, *told: str) -> str:
    """Return what tells a form sent twice from another one: its token and what it says.

    A browser that goes back keeps the token, so that a changed title is a new asset.
    """
    parts = "\x1f".join((token[:TOKEN_MOST], *told))
    return hashlib.sha256(parts.encode("utf-8", "replace")).hexdigest()[:32]


def filled(values: Mapping[str, Any]) -> dict[str, str]:
    """Return the values that hold more than blanks, without the blanks around them."""
    return {name: text for name, value in values.items() if (text := str(value or "").strip())}


def merged(
    kept: Mapping[str, Any], shown: Sequence[str], typed: Mapping[str, str]
) -> dict[str, Any]:
    """Put what was typed over what is kept; parts a form does not show stay as they are."""
    return {**{name: value for name, value in kept.items() if name not in shown}, **typed}


def kept_row(rows: Any, number: str) -> dict[str, Any]:  # noqa: ANN401  # as front matter brought it
    """Return the row a form's row was made from, {} for a new one."""
    known = isinstance(rows, list) and number.isdecimal() and len(number) <= 4  # noqa: PLR2004
    row = rows[int(number)] if known and int(number) < len(rows) else {}
    return row if isinstance(row, dict) else {}


def is_same(one: str, other: str) -> bool:
    """Whether two one-line texts differ in blanks only."""
    return one.split() == other.split()
