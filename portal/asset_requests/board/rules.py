"""What the board shows and allows: whose requests, columns, where a card may go, order; pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from portal.accounts import policy
from portal.accounts.acts import Act
from portal.accounts.rules import Role
from portal.asset_requests import rules
from portal.asset_requests.rules import ANSWERING, OPEN, Action, Group, State

BATCH_MOST = 200
CARDS, CARDS_MOST = 50, 500
"""Cards drawn of a column at first, and once more are wanted; its number is always the true one."""
DELIVERED_DAYS = 30
"""So long what was delivered stays on the board, tried or not."""
COLUMNS = (State.ASKED, State.ACKNOWLEDGED, State.TAKEN_ON, State.WAITING, State.DELIVERED)
DONE = (State.ACCEPTED, State.DECLINED, State.WITHDRAWN, State.MERGED)


class Tab(StrEnum):
    """Whose requests are listed."""

    MINE = "mine"  # asked, waited for or taken on
    TEAM = "team"  # asked by somebody of the team
    QUEUE = "queue"  # for the department to answer
    ALL = "all"


class Due(StrEnum):
    """How the next promise of a request stands."""

    SOON = "soon"
    OVERDUE = "overdue"


class Sort(StrEnum):
    """What comes first."""

    DUE = "due"
    WEIGHT = "weight"
    NEWEST = "newest"


class Some(StrEnum):
    """Several states under one name."""

    OPEN = "open"
    DONE = "done"
    ANY = "any"


NOBODY = 0
"""The number of nobody, who may be asked for as an assignee."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which requests are wanted; None and "" stand for any. `state` is one, or one of `Some`."""

    tab: Tab
    state: str = Some.OPEN.value
    kind: str | None = None
    department: str | None = None
    assignee_id: int | None = None
    competitor: str | None = None
    language: str | None = None
    due: Due | None = None
    text: str = ""
    sort: Sort = Sort.DUE

    @property
    def states(self) -> Collection[State]:
        """The states wanted; all of them when any will do."""
        named = {Some.OPEN.value: OPEN, Some.DONE.value: DONE, Some.ANY.value: tuple(State)}
        return named[self.state] if self.state in named else (State(self.state),)


def tabs_of(role: Role, department: str | None, team_id: int | None) -> list[Tab]:
    """Return whose requests somebody can look at, what they want to see first at the front."""
    found = [Tab.MINE]
    if team_id is not None:
        found.append(Tab.TEAM)
    first = []
    if policy.granted(role, Act.REQUESTS_WORK) and department in set(ANSWERING):
        first.append(Tab.QUEUE)
    if policy.granted(role, Act.REQUESTS_OF_ALL):
        first.append(Tab.ALL)
    return [*first, *found]


def column_of(state: State) -> State | None:
    """Return the column a request stands in; one that was reopened is asked for anew."""
    if state is State.REOPENED:
        return State.ASKED
    return state if state in COLUMNS else None


PLAIN = frozenset({Action.ACKNOWLEDGE, Action.TAKE_ON, Action.RELEASE})
"""What is done by moving a card alone; the rest needs words, which the request's page asks for."""
ON_BOARD = (
    Action.ACKNOWLEDGE,
    Action.TAKE_ON,
    Action.RELEASE,
    Action.WAIT,
    Action.ANSWER,
    Action.DELIVER,
    Action.REOPEN,
    Action.DECLINE,
)


@dataclass(frozen=True, slots=True)
class Way:
    """Where a card may go, and by what."""

    action: Action
    to: State

    @property
    def is_plain(self) -> bool:
        """Whether moving the card is all."""
        return self.action in PLAIN


def goes(way: Way, to: State) -> bool:
    """Whether a way leads to a state, or into its column: what was reopened is asked for anew."""
    return way.to is to or (column_of(to) is not None and column_of(way.to) is column_of(to))


def ways_of(groups: Collection[Group], state: State, assignee_id: int | None) -> list[Way]:
    """Return where somebody of these groups may move a request in this state."""
    may = set(rules.moves_of(groups, state))
    return [
        Way(
            action,
            rules.answered(assignee_id)
            if action is Action.ANSWER
            else rules.MOVES[action].leads[state],
        )
        for action in ON_BOARD
        if action in may
    ]


@dataclass(frozen=True, slots=True)
class Brief:
    """A request as the board counts it."""

    id: int
    state: State
    assignee_id: int | None
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class Load:
    """How much somebody has: open requests, how many overdue, the value waiting by currency."""

    person_id: int | None
    open: int
    overdue: int
    value: Mapping[str, Decimal]


def loads(
    briefs: Iterable[Brief], values: Mapping[int | None, Mapping[str, Decimal]]
) -> list[Load]:
    """Return who has how much, who has most first, what nobody has at the end."""
    mine: dict[int | None, list[Brief]] = {}
    for it in briefs:
        if it.state in OPEN:
            mine.setdefault(it.assignee_id, []).append(it)
    found = [
        Load(who, len(its), sum(it.is_overdue for it in its), values.get(who, {}))
        for who, its in mine.items()
    ]
    return sorted(found, key=lambda it: (it.person_id is None, -it.open, it.person_id or 0))


class Task(StrEnum):
    """What can be done to many requests at once."""

    ASSIGN = "assign"
    ACKNOWLEDGE = "acknowledge"
    DEPARTMENT = "department"
    DECLINE = "decline"


class Why(StrEnum):
    """Why a request was left as it was."""

    GONE = "gone"
    FASTER = "faster"  # it has moved on, or is where this can not be done
    OTHERS = "others"  # it is for others to do
    UNFIT = "unfit"  # the person can not answer it
    SAME = "same"  # it was so already


@dataclass(frozen=True, slots=True)
class Wish:
    """A card to be moved: which, where it was seen, and where it is to go."""

    number: int
    seen: State
    to: State


@dataclass(frozen=True, slots=True)
class Batch:
    """What is to be done with many requests."""

    task: Task
    numbers: Sequence[int]
    person_id: int | None = None
    department: str = ""
    reason: str = ""
