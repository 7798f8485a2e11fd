"""Who may do what to a request in which state, and what it is worth: one table, pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from portal.accounts.rules import Department, Role

TITLE_MOST, SITUATION_MOST, NOTE_MOST = 200, 5000, 4000
NUMBER_MOST = 2**31 - 1
FACETS = ("product", "competitor", "industry", "stage")
"""The lists of the vocabulary a request may name a word of."""


def number_of(said: str | None) -> int | None:
    """Return the number of a request, a person or a deal; None when it can be none."""
    text = (said or "").strip()
    if not (text.isascii() and text.isdigit()) or len(text) > len(str(NUMBER_MOST)):
        return None
    number = int(text)
    return number if 0 < number <= NUMBER_MOST else None


ANSWERING = (
    Department.MARKETING,
    Department.PRODUCT,
    Department.ACCOUNTING,
    Department.CUSTOMER_CARE,
)
"""The departments that answer requests; Sales asks."""


class State(StrEnum):
    """How far a request has come."""

    ASKED = "asked"
    ACKNOWLEDGED = "acknowledged"
    TAKEN_ON = "taken-on"
    WAITING = "waiting"
    DELIVERED = "delivered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    REOPENED = "reopened"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"


class Action(StrEnum):
    """What a person does to a request; the value is what the timeline keeps."""

    ASK = "ask"
    CHANGE = "change"
    ACKNOWLEDGE = "acknowledge"
    TAKE_ON = "take-on"
    ASSIGN = "assign"
    RELEASE = "release"
    WAIT = "wait"
    ANSWER = "answer"
    DELIVER = "deliver"
    DECLINE = "decline"
    ACCEPT = "accept"
    REOPEN = "reopen"
    WITHDRAW = "withdraw"
    MERGE = "merge"
    SUPPORT = "support"
    LEAVE = "leave"
    COMMENT = "comment"
    THANK = "thank"


class Origin(StrEnum):
    """Where a request was asked from."""

    BLANK = "blank"
    SEARCH = "search"
    ASSET = "asset"
    COMPETITOR = "competitor"
    DEAL = "deal"


class Complaint(StrEnum):
    """What is the matter with an asset, or a section of it."""

    MISSING = "missing"
    WRONG = "wrong"
    OUTDATED = "outdated"


class Group(StrEnum):
    """Who a person is to a request; one person is often several."""

    REQUESTER = "requester"
    SUPPORTER = "supporter"  # waits for it too
    TEAM = "team"  # sells beside the requester
    ANSWERER = "answerer"  # writes in the department that answers, or for all of them
    ASSIGNEE = "assignee"
    MANAGER = "manager"


OPEN = frozenset({State.ASKED, State.ACKNOWLEDGED, State.TAKEN_ON, State.WAITING, State.REOPENED})
"""The states in which somebody still waits for an answer."""
DONE = frozenset({State.ACCEPTED, State.WITHDRAWN, State.MERGED})


def words_of(title: str, query: str, situation: str) -> str:
    """Return all that a request says, the title first: what requests like it are found by."""
    return f"{title}\n{query}\n{situation}"


@dataclass(frozen=True, slots=True)
class Move:
    """An action: from which states it leads where, who may, and whether words are asked for."""

    leads: dict[State, State]
    who: frozenset[Group]
    words: bool = False


_ASKERS = frozenset({Group.REQUESTER, Group.SUPPORTER})
_ANSWERERS = frozenset({Group.ANSWERER, Group.ASSIGNEE, Group.MANAGER})
_ALL = _ASKERS | _ANSWERERS | {Group.TEAM}
_STAYS = {state: state for state in State}
_FREE = (State.ASKED, State.ACKNOWLEDGED, State.REOPENED)


MOVES: dict[Action, Move] = {
    Action.CHANGE: Move({state: state for state in OPEN}, _ANSWERERS | {Group.REQUESTER}),
    Action.ACKNOWLEDGE: Move({State.ASKED: State.ACKNOWLEDGED}, _ANSWERERS),
    Action.TAKE_ON: Move(dict.fromkeys(_FREE, State.TAKEN_ON), _ANSWERERS),
    Action.ASSIGN: Move(
        dict.fromkeys((*_FREE, State.TAKEN_ON), State.TAKEN_ON) | {State.WAITING: State.WAITING},
        _ANSWERERS,
    ),
    Action.RELEASE: Move(
        {State.TAKEN_ON: State.ACKNOWLEDGED}, frozenset({Group.ASSIGNEE, Group.MANAGER})
    ),
    Action.WAIT: Move(
        dict.fromkeys((*_FREE, State.TAKEN_ON), State.WAITING), _ANSWERERS, words=True
    ),
    Action.ANSWER: Move({State.WAITING: State.TAKEN_ON}, _ASKERS, words=True),
    Action.DELIVER: Move(dict.fromkeys(OPEN, State.DELIVERED), _ANSWERERS),
    Action.DECLINE: Move(dict.fromkeys(OPEN, State.DECLINED), _ANSWERERS, words=True),
    Action.ACCEPT: Move({State.DELIVERED: State.ACCEPTED}, _ASKERS),
    Action.REOPEN: Move(
        dict.fromkeys((State.DELIVERED, State.ACCEPTED, State.DECLINED), State.REOPENED),
        _ASKERS,
        words=True,
    ),
    Action.WITHDRAW: Move(dict.fromkeys(OPEN, State.WITHDRAWN), frozenset({Group.REQUESTER})),
    Action.MERGE: Move(dict.fromkeys(OPEN, State.MERGED), _ANSWERERS),
    Action.SUPPORT: Move({state: state for state in OPEN | {State.DELIVERED}}, _ALL),
    Action.LEAVE: Move(_STAYS, frozenset({Group.SUPPORTER})),
    Action.COMMENT: Move(_STAYS, _ALL),
    Action.THANK: Move({s: s for s in (State.DELIVERED, State.ACCEPTED)}, _ASKERS | {Group.TEAM}),
}
"""The one table: who × state × action; `leads` says where an action may begin and where it ends.

`ANSWER` leads back to who had taken it on: see `answered`. `SUPPORT` is open to everybody: whoever
waits for the same need not be anybody to the request yet. `ASK` begins one and is in no table.
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides who a person is to a request."""

    role: Role
    is_requester: bool = False
    is_supporter: bool = False
    same_team: bool = False
    is_assignee: bool = False
    same_department: bool = False


def groups_of(standing: Standing) -> frozenset[Group]:
    """Return who a person is to a request."""
    writes = standing.role.covers(Role.CONTRIBUTOR)
    told = {
        Group.REQUESTER: standing.is_requester,
        Group.SUPPORTER: standing.is_supporter,
        Group.TEAM: standing.same_team,
        Group.ASSIGNEE: standing.is_assignee and writes,
        Group.ANSWERER: writes
        and (standing.same_department or standing.role.covers(Role.MARKETER)),
        Group.MANAGER: standing.role.covers(Role.MANAGER),
    }
    return frozenset(group for group, is_one in told.items() if is_one)


OPEN_TO_ALL = frozenset({Action.SUPPORT, Action.COMMENT})
"""What people may do who are nobody to a request yet."""


def may(groups: Collection[Group], action: Action, state: State) -> bool:
    """Whether somebody of these groups may do this to a request in this state."""
    move = MOVES[action]
    return state in move.leads and (action in OPEN_TO_ALL or bool(move.who & set(groups)))


def moves_of(groups: Collection[Group], state: State) -> list[Action]:
    """Return what somebody of these groups may do to a request in this state, in table order."""
    return [action for action in MOVES if may(groups, action, state)]


def answered(assignee_id: int | None) -> State:
    """Return where a request goes once the asker has answered: on, or back to the queue."""
    return State.TAKEN_ON if assignee_id is not None else State.ACKNOWLEDGED


@dataclass(frozen=True, slots=True)
class Stake:
    """A deal that waits: `amount` in `currency`; None when nobody has told."""

    deal_id: int
    amount: Decimal | None
    currency: str
    closes_on: date | None


@dataclass(frozen=True, slots=True)
class Weight:
    """What waits for a request: open value by currency, people, the nearest day a deal closes."""

    value: dict[str, Decimal]
    people: int
    closes_on: date | None


def value_of(stakes: Iterable[Stake]) -> dict[str, Decimal]:
    """Return what deals come to, by currency: never added to one another."""
    value: dict[str, Decimal] = {}
    for stake in stakes:
        if stake.amount is not None:
            value[stake.currency] = value.get(stake.currency, Decimal(0)) + stake.amount
    return dict(sorted(value.items()))


def weight(stakes: Iterable[Stake], people: int) -> Weight:
    """Add up what waits, each open deal once however many name it."""
    once = {stake.deal_id: stake for stake in stakes}.values()
    days = [stake.closes_on for stake in once if stake.closes_on is not None]
    return Weight(value_of(once), people, min(days, default=None))
