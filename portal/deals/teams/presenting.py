"""What the page of teams shows: sums by currency, counts, what is soon or late, in words."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from flask import url_for
from flask_babel import gettext, ngettext

from portal.deals.queries import Held
from portal.web.money import value_words


@dataclass(frozen=True, slots=True)
class Sum:
    """What a person or a team has open, in words; `url` leads to the deals of a person."""

    name: str
    url: str
    value: str
    deals: str
    soon: str
    late: str


@dataclass(frozen=True, slots=True)
class Team:
    """A team's sum and its people's."""

    name: str
    value: str
    deals: str
    soon: str
    late: str
    people: Sequence[Sum]


def _sum(rows: Iterable[Held], name: str, url: str = "") -> Sum:
    value: dict[str, Decimal] = defaultdict(Decimal)
    deals = soon = late = 0
    for row in rows:
        value[row.currency] += Decimal(row.amount)
        deals, soon, late = deals + row.deals, soon + row.soon, late + row.late
    worth = {code: amount for code, amount in sorted(value.items()) if amount}
    return Sum(
        name=name,
        url=url,
        value=value_words(worth, short=True) or gettext("no amount told"),
        deals=ngettext("%(num)d deal", "%(num)d deals", deals),
        soon=ngettext("%(num)d closes soon", "%(num)d close soon", soon) if soon else "",
        late=ngettext("%(num)d overdue", "%(num)d overdue", late) if late else "",
    )


def _person(rows: Sequence[Held]) -> Sum:
    owner = rows[0].owner_id
    url = url_for("deals.index", scope="all", owner=owner) if owner else url_for("deals.index")
    return _sum(rows, rows[0].owner or gettext("Nobody’s"), url)


def teams(held: Iterable[Held]) -> list[Team]:
    """Return the teams with their people, as ordered."""
    found = []
    for name, of_team in groupby(held, key=lambda row: row.team):
        rows = list(of_team)
        whole = _sum(rows, name or gettext("No team"))
        people = [_person(list(own)) for _, own in groupby(rows, key=lambda row: row.owner_id)]
        found.append(Team(whole.name, whole.value, whole.deals, whole.soon, whole.late, people))
    return found
