"""What each gap weighs: people, searches, the open deals that wait; which comes first. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from portal.asset_requests.rules import Stake, State, value_of
from portal.insights.gaps.rules import SPELLINGS_SHOWN, Item, Way

USUAL_CURRENCY = "EUR"
"""What values are told in as long as no deal waits."""


class Sort(StrEnum):
    """What comes first."""

    VALUE = "value"
    DEALS = "deals"
    PEOPLE = "people"
    TIMES = "times"
    LAST = "last"


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that is missing: how it was said, how often, by how many, for which open deals.

    `times` counts searches, `empty` those without any result; `people` who searched or wait;
    `stakes` are the open deals by number.
    """

    items: tuple[Item, ...]
    text: str
    times: int
    empty: int
    people: int
    stakes: Mapping[int, Stake]
    last: int
    searched: int
    requests: tuple[int, ...]
    declined: tuple[int, ...]
    about: Mapping[str, str]

    @property
    def deals(self) -> int:
        """How many open deals wait."""
        return len(self.stakes)

    @property
    def value(self) -> dict[str, Decimal]:
        """What they come to, by currency."""
        return value_of(self.stakes.values())

    @property
    def spellings(self) -> list[str]:
        """The other ways it was said."""
        others = dict.fromkeys(item.text for item in self.items)
        others.pop(self.text, None)
        return list(others)[:SPELLINGS_SHOWN]


def gap_of(group: Sequence[Item], stakes: Mapping[int, Stake]) -> Gap:
    """Return what a group weighs; `stakes` are the open deals, each counts once."""
    wanted = [item for item in group if item.way is not Way.ANSWER]
    deals = sorted({deal for item in wanted for deal in item.deals if deal in stakes})
    asked = [item for item in wanted if item.way is Way.REQUEST]
    people = frozenset[int]().union(*(item.people for item in wanted))
    about: dict[str, str] = {}
    for item in wanted:
        about = {**item.about, **about}
    return Gap(
        items=tuple(wanted),
        text=wanted[0].text,
        times=sum(item.times for item in wanted),
        empty=sum(item.empty for item in wanted),
        people=len(people) or min(1, sum(item.unknown for item in wanted)),
        stakes={deal: stakes[deal] for deal in deals},
        last=max(item.last for item in wanted),
        searched=max((item.last for item in wanted if item.way is Way.SEARCH), default=0),
        requests=tuple(item.number for item in asked if item.state != State.DECLINED),
        declined=tuple(item.number for item in asked if item.state == State.DECLINED),
        about=about,
    )


def all_stakes(gaps: Iterable[Gap]) -> dict[int, Stake]:
    """Return the open deals that wait for any of these gaps, each once."""
    return {deal: stake for gap in gaps for deal, stake in gap.stakes.items()}


def currencies(stakes: Iterable[Stake]) -> list[str]:
    """Return the currencies of open deals, that of most deals first."""
    counted: dict[str, int] = {}
    for it in stakes:
        if it.amount is not None:
            counted[it.currency] = counted.get(it.currency, 0) + 1
    return sorted(counted, key=lambda code: (-counted[code], code))


def in_order(gaps: Collection[Gap], sort: Sort, currency: str) -> list[Gap]:
    """Return gaps with the heaviest first; of equal ones the one that more wait for."""

    def weighs(gap: Gap) -> dict[Sort, Decimal | int]:
        worth = gap.value.get(currency, Decimal(0))
        return {
            Sort.VALUE: worth, Sort.DEALS: gap.deals, Sort.PEOPLE: gap.people,
            Sort.TIMES: gap.times, Sort.LAST: gap.last,
        }  # fmt: skip

    def key(gap: Gap) -> tuple[object, ...]:
        told = weighs(gap)
        return (*(-told[by] for by in (sort, *Sort)), gap.text)

    return sorted(gaps, key=key)
