"""Who may do what to a request in which state, and what it is worth: one table, pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from portal.accounts import policy
from portal.accounts.acts import Act
from portal.accounts.policy import Tie
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
    """An action: from which states it leads where, its act in the policy, and if it has words."""

    leads: dict[State, State]
    act: Act
    words: bool = False


_STAYS = {state: state for state in State}
_FREE = (State.ASKED, State.ACKNOWLEDGED, State.REOPENED)


MOVES: dict[Action, Move] = {
    Action.CHANGE: Move({state: state for state in OPEN}, Act.REQUEST_CHANGE),
    Action.ACKNOWLEDGE: Move({State.ASKED: State.ACKNOWLEDGED}, Act.REQUEST_ACKNOWLEDGE),
    Action.TAKE_ON: Move(dict.fromkeys(_FREE, State.TAKEN_ON), Act.REQUEST_TAKE_ON),
    Action.ASSIGN: Move(
        dict.fromkeys((*_FREE, State.TAKEN_ON), State.TAKEN_ON) | {State.WAITING: State.WAITING},
        Act.REQUEST_ASSIGN,
    ),
    Action.RELEASE: Move({State.TAKEN_ON: State.ACKNOWLEDGED}, Act.REQUEST_RELEASE),
    Action.WAIT: Move(
        dict.fromkeys((*_FREE, State.TAKEN_ON), State.WAITING), Act.REQUEST_WAIT, words=True
    ),
    Action.ANSWER: Move({State.WAITING: State.TAKEN_ON}, Act.REQUEST_ANSWER, words=True),
    Action.DELIVER: Move(dict.fromkeys(OPEN, State.DELIVERED), Act.REQUEST_DELIVER),
    Action.DECLINE: Move(dict.fromkeys(OPEN, State.DECLINED), Act.REQUEST_DECLINE, words=True),
    Action.ACCEPT: Move({State.DELIVERED: State.ACCEPTED}, Act.REQUEST_ACCEPT),
    Action.REOPEN: Move(
        dict.fromkeys((State.DELIVERED, State.ACCEPTED, State.DECLINED), State.REOPENED),
        Act.REQUEST_REOPEN,
        words=True,
    ),
    Action.WITHDRAW: Move(dict.fromkeys(OPEN, State.WITHDRAWN), Act.REQUEST_WITHDRAW),
    Action.MERGE: Move(dict.fromkeys(OPEN, State.MERGED), Act.REQUEST_MERGE),
    Action.SUPPORT: Move({state: state for state in OPEN | {State.DELIVERED}}, Act.REQUEST_SUPPORT),
    Action.LEAVE: Move(_STAYS, Act.REQUEST_LEAVE),
    Action.COMMENT: Move(_STAYS, Act.REQUEST_COMMENT),
    Action.THANK: Move({s: s for s in (State.DELIVERED, State.ACCEPTED)}, Act.REQUEST_THANK),
}
"""The one table of states: `leads` says where an action may begin and where it ends.

Who may is told by `accounts.policy`.
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


_GRANTS = {
    Group.REQUESTER: policy.REQUESTER,
    Group.SUPPORTER: policy.SUPPORTER,
    Group.TEAM: policy.MATE,
    Group.ANSWERER: policy.ANSWERER,
    Group.ASSIGNEE: policy.ASSIGNEE,
    Group.MANAGER: policy.OVERSEER,
}
_WHO = {
    action: frozenset(it for it, grants in _GRANTS.items() if policy.includes(move.act, grants))
    for action, move in MOVES.items()
}
"""Who of these groups does what, by the policy: looked up often, the board asks it by card."""


def groups_of(standing: Standing) -> frozenset[Group]:
    """Return who a person is to a request."""
    told = {
        Tie.OWN: standing.is_requester,
        Tie.JOINED: standing.is_supporter,
        Tie.TEAM: standing.same_team,
        Tie.NAMED: standing.is_assignee,
        Tie.DEPARTMENT: standing.same_department,
    }
    ties = [tie for tie, is_so in told.items() if is_so]
    return frozenset(
        it for it, grants in _GRANTS.items() if policy.holds(grants, standing.role, ties)
    )


OPEN_TO_ALL = frozenset(it for it in MOVES if policy.granted(policy.LEAST, MOVES[it].act))
"""What people may do who are nobody to a request yet."""


def may(groups: Collection[Group], action: Action, state: State) -> bool:
    """Whether somebody of these groups may do this to a request in this state."""
    move = MOVES[action]
    return state in move.leads and (action in OPEN_TO_ALL or not _WHO[action].isdisjoint(groups))


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
