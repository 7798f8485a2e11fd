"""Addresses of packs, and of the form that asks for what was looked for in vain."""

from datetime import date
from urllib.parse import quote


def pack_path(kind: str, first: date | str) -> str:
    """Return the address of the pack of a week or month, by its first day."""
    return f"/insights/pack/{kind}/{first}"


def ask_path(query: str) -> str:
    """Return the address of the form that asks for what was looked for in vain."""
    return f"/requests/new?q={quote(query)}"
