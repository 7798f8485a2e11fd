"""Loads what the table and the board show, in few statements however many requests there are."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement

from portal.accounts import policy
from portal.accounts.acts import Act
from portal.asset_requests import queries as one
from portal.asset_requests.acting import Person
from portal.asset_requests.agreement import holidays_of
from portal.asset_requests.agreement import queries as agreements
from portal.asset_requests.agreement import terms as agreed
from portal.asset_requests.agreement.working_time import Calendar
from portal.asset_requests.board import listing, queries
from portal.asset_requests.board import rules as board
from portal.asset_requests.board.queries import Line, Named
from portal.asset_requests.board.rules import Load, Wanted
from portal.asset_requests.rules import State, Weight
from portal.deals import queries as deals

FACETS = ("competitor", "product", "industry")


@dataclass(frozen=True, slots=True)
class Details:
    """What is known of the requests shown: lines, weights, when due soon, and names by slug."""

    lines: Mapping[int, Line]
    weights: Mapping[int, Weight]
    soon: Mapping[tuple[int, str], datetime]
    named: Named
    titles: Mapping[int, Mapping[str, str]]
    calendars: Mapping[int, Calendar]
    now: datetime


def _sees(who: Person) -> ColumnElement[bool] | None:
    """Which deals somebody is told: those who answer all, a rep her own and her team's."""
    if policy.granted(who.role, Act.REQUESTS_WORK):
        return None
    return deals.seen_by(who.id, who.role, who.team_id)


def details(numbers: Collection[int], who: Person, now: datetime) -> Details:
    """Return what is known of these requests."""
    lines = queries.lines(numbers, who)
    slugs = {slug for it in lines.values() for f in FACETS if (slug := getattr(it, f))}
    versions = {it.agreement_id for it in lines.values() if it.agreement_id is not None}
    assets = {it.asset_id for it in lines.values() if it.asset_id is not None}
    found = agreements.terms_by_id(sorted(versions)) if versions else {}
    return Details(
        lines=lines,
        weights=one.weights(numbers, _sees(who)),
        soon=queries.soon(numbers),
        named=queries.terms(FACETS, sorted(slugs)) if slugs else {},
        titles=queries.titles(sorted(assets)),
        calendars={
            number: holidays_of.calendar(agreed.read(it.terms)) for number, it in found.items()
        },
        now=now,
    )


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the board: the requests drawn, and how many there are."""

    state: State
    shown: Sequence[int]
    total: int


@dataclass(frozen=True, slots=True)
class Board:
    """The columns, who has how much, and what is known of the cards drawn."""

    columns: Sequence[Column]
    loads: Sequence[Load]
    details: Details


def board_of(wanted: Wanted, who: Person, now: datetime, more: State | None = None) -> Board:
    """Return the board; `more`: the column of which more cards are wanted.

    Who has how much is counted whomever's requests are shown.
    """
    everybody = replace(wanted, assignee_id=None)
    by_weight = wanted.sort is board.Sort.WEIGHT
    currency = listing.main_currency(everybody, who, now) if by_weight else ""
    briefs = listing.briefs(everybody, who, now, currency)
    has = wanted.assignee_id
    mine = briefs if has is None else [it for it in briefs if (it.assignee_id or 0) == has]
    of: dict[State | None, list[int]] = {state: [] for state in (None, *board.COLUMNS)}
    for it in mine:
        of[board.column_of(it.state)].append(it.id)
    columns = [
        Column(
            state,
            of[state][: board.CARDS_MOST if state is more else board.CARDS],
            len(of[state]),
        )
        for state in board.COLUMNS
    ]
    shown = [number for column in columns for number in column.shown]
    return Board(
        columns=columns,
        loads=board.loads(briefs, listing.value_by_person(everybody, who, now)),
        details=details(shown, who, now),
    )
