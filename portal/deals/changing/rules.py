"""Two people changing one deal: what each has changed is kept, what both have is asked about."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

SEEN_MOST = 20_000
"""Letters of what a form remembers of the facts it began with."""
TAGS = ("products", "competitors")


@dataclass(frozen=True, slots=True)
class Facts:
    """What a deal is, but how far it is; `owner` is "" for nobody, or who may not be chosen."""

    name: str
    account: str
    region: str
    amount: Decimal | None
    currency: str
    closes_on: date | None
    owner: str
    products: tuple[str, ...]
    competitors: tuple[str, ...]

    def words(self) -> dict[str, str]:
        """Return them as a form remembers them."""
        return {
            "name": self.name,
            "account": self.account,
            "region": self.region,
            "amount": amount_words(self.amount),
            "currency": self.currency,
            "closes_on": self.closes_on.isoformat() if self.closes_on else "",
            "owner": self.owner,
            "products": " ".join(sorted(self.products)),
            "competitors": " ".join(sorted(self.competitors)),
        }


def amount_words(amount: Decimal | None) -> str:
    """Return an amount as it is typed."""
    return f"{amount:.2f}".removesuffix(".00") if amount is not None else ""


def seen(text: str) -> dict[str, str]:
    """Return the facts a form began with; none when it does not say."""
    try:
        found = json.loads(text[:SEEN_MOST])
    except (RecursionError, ValueError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {str(name): value for name, value in found.items() if isinstance(value, str)}


@dataclass(frozen=True, slots=True)
class Met:
    """How two changes meet: fields that are theirs to keep, and those that both have changed."""

    theirs: list[str]
    both: list[str]


def met(before: Mapping[str, str], now: Mapping[str, str], mine: Mapping[str, str]) -> Met:
    """Compare what a form began with, what is there now, and what was sent."""
    changed = [it for it in now if it in before and now[it] not in {before[it], mine.get(it)}]
    theirs = [it for it in changed if mine.get(it, before[it]) == before[it]]
    return Met(theirs, [it for it in changed if it not in theirs])
