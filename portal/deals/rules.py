"""What a deal is worth showing to whom, and how it can have ended."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from decimal import Decimal
from enum import StrEnum

from portal.accounts.rules import Role


class Outcome(StrEnum):
    """How a deal ended, or that it has not."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"
    NO_DECISION = "no-decision"


PRODUCT, COMPETITOR = "product", "competitor"
"""The facets a deal has terms of."""


def key_of(name: str) -> str:
    """Return what makes two spellings of a name the same: letter case, width and blanks do not."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def keys_of(names: Mapping[str, str], aliases: Iterable[str], slug: str) -> set[str]:
    """Return all keys by which somebody may mean a stage or a reason."""
    return {key_of(word) for word in (*names.values(), *aliases, slug)} - {""}


def may_change(*, role: Role, viewer_id: int, owner_id: int | None) -> bool:
    """Whether somebody may bring a deal on by hand: its owner, managers and admins."""
    return role.covers(Role.MANAGER) or owner_id == viewer_id


def may_see(
    *, role: Role, viewer_id: int, viewer_team: int | None, owner_id: int | None, team: int | None
) -> bool:
    """Whether somebody may see a deal: their own, their team's; managers and admins see all."""
    if role.covers(Role.MANAGER) or owner_id == viewer_id:
        return True
    return team is not None and team == viewer_team


AMOUNT_MOST = Decimal(10) ** 13
_BLANKS = re.compile(r"[\s\u00a0\u202f'_]+")


def amount_of(text: str) -> Decimal:
    """Read an amount as written in English, Vietnamese or Russian: `120,000.50`, `120 000,50`.

    Of two different marks the last one begins the decimals; a single mark with three digits after
    it parts thousands.

    Raises:
        ValueError: when it is no amount, is negative or has more than 13 digits.
    """
    digits = _BLANKS.sub("", text)
    if not re.fullmatch(r"[0-9][0-9.,]*", digits, re.ASCII):
        raise ValueError("no amount")
    marks = [c for c in digits if c in ".,"]
    if not re.fullmatch(r"\d{1,3}([.,]\d{3})*([.,]\d+)?|\d+([.,]\d+)?", digits, re.ASCII):
        raise ValueError("no amount")
    if len(set(marks)) == 2 and digits.count(marks[-1]) == 1:  # noqa: PLR2004
        whole, _, cents = digits.rpartition(marks[-1])
    elif len(marks) == 1 and (len(digits.rpartition(marks[0])[2]) != 3 or digits[0] == "0"):  # noqa: PLR2004
        whole, _, cents = digits.rpartition(marks[0])
    elif len(set(marks)) <= 1:
        whole, cents = digits, ""
    else:
        raise ValueError("no amount")
    amount = Decimal(f"{re.sub('[.,]', '', whole) or '0'}.{cents or '0'}")
    if amount >= AMOUNT_MOST:
        raise ValueError("too much")
    return amount.quantize(Decimal("0.01"))
