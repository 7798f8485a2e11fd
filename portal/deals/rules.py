"""What a deal is worth showing to whom, and how it can have ended."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from math import sqrt

from portal.accounts import policy
from portal.accounts.acts import Act
from portal.accounts.policy import Person, Thing
from portal.accounts.rules import Role


class Outcome(StrEnum):
    """How a deal ended, or that it has not."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"
    NO_DECISION = "no-decision"


ENDINGS = (Outcome.WON.value, Outcome.LOST.value, Outcome.NO_DECISION.value)


class Scope(StrEnum):
    """Whose deals are listed; all: of those one may see."""

    MINE = "mine"
    TEAM = "team"
    ALL = "all"


class Sort(StrEnum):
    """What comes first on a list."""

    CLOSING = "closing"
    AMOUNT = "amount"


ENDED = "ended"
"""What a list shows of deals that are not open, whichever way they ended."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Which deals somebody wishes to see; `outcome` may be ENDED."""

    scope: Scope = Scope.MINE
    outcome: str = Outcome.OPEN.value
    stage: int | None = None
    owner: int | None = None
    words: str = ""
    sort: Sort = Sort.CLOSING


def wish_of(args: Mapping[str, str], *, words: str, usual: Scope) -> Wish:
    """Read what an address wishes for; what is none of ours is left out."""
    scope, outcome, sort = (args.get(name, "") for name in ("scope", "outcome", "sort"))
    if args.get("ended") == "1":  # as addresses said before
        outcome = outcome or ENDED
    return Wish(
        scope=Scope(scope) if scope in set(Scope) else usual,
        outcome=outcome if outcome in {*Outcome, ENDED} else Outcome.OPEN.value,
        stage=_number(args.get("stage", "")),
        owner=_number(args.get("owner", "")),
        words=words,
        sort=Sort(sort) if sort in set(Sort) else Sort.CLOSING,
    )


def _number(text: str) -> int | None:
    if not (text.isascii() and text.isdigit() and len(text) <= 10):  # noqa: PLR2004  # digits
        return None
    return int(text) if 0 < int(text) < 2**31 else None


PRODUCT, COMPETITOR = "product", "competitor"
"""The facets a deal has terms of."""


KEY_MOST = 400


def key_of(name: str) -> str:
    """Return what makes two spellings of a name the same: letter case, width and blanks do not.

    Never longer than is kept: some letters become many.
    """
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())[:KEY_MOST]


def keys_of(names: Mapping[str, str], aliases: Iterable[str], slug: str) -> set[str]:
    """Return all keys by which somebody may mean a stage or a reason."""
    return {key_of(word) for word in (*names.values(), *aliases, slug)} - {""}


def may_change(*, role: Role, viewer_id: int, owner_id: int | None) -> bool:
    """Whether somebody may bring a deal on by hand: its owner, managers and admins."""
    return policy.may(Person(viewer_id, role), Act.DEAL_CHANGE, Thing(owners=(owner_id,)))


def may_see(
    *, role: Role, viewer_id: int, viewer_team: int | None, owner_id: int | None, team: int | None
) -> bool:
    """Whether somebody may see a deal: their own, their team's; managers and admins see all."""
    viewer = Person(viewer_id, role, team_id=viewer_team)
    return policy.may(viewer, Act.DEAL_SEE, Thing(owners=(owner_id,), team_id=team))


CURRENCY = "EUR"
"""Of amounts that do not say."""
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


# --- how often deals are won ----------------------------------------------------------------------

TOO_FEW = 10
"""With fewer deals decided a share says nothing."""
Z95 = 1.959964
"""95 % of a normal distribution lie within so many deviations."""


def wilson(won: int, decided: int) -> tuple[float, float]:
    """Return between which shares the true one lies with 95 % certainty (Wilson's interval)."""
    if decided <= 0:
        return 0.0, 1.0
    share, square = won / decided, Z95 * Z95
    middle = share + square / (2 * decided)
    reach = Z95 * sqrt(share * (1 - share) / decided + square / (4 * decided * decided))
    below = 1 + square / decided
    return max(0.0, (middle - reach) / below), min(1.0, (middle + reach) / below)
