"""What is decided about collections: who sees and changes one, and how an order is changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from portal.accounts import policy
from portal.accounts.acts import Act
from portal.accounts.policy import Person, Thing
from portal.accounts.rules import Role

NAME_MOST = 120
DESCRIPTION_MOST = 1000
NOTE_MOST = 300
ENTRIES_MOST = 200
NUMBER_MOST = 2**31 - 1


class Reach(StrEnum):
    """Who sees a collection."""

    ALL = "all"
    TEAM = "team"
    PRIVATE = "private"


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks at collections."""

    id: int
    role: Role
    team_id: int | None


@dataclass(frozen=True, slots=True)
class Standing:
    """Whose a collection is, and for whom."""

    owner_id: int
    reach: str
    team_id: int | None


@dataclass(frozen=True, slots=True)
class Facts:
    """What a collection is called, in which language, and who is to see it."""

    name: str
    description: str
    language: str
    reach: Reach


def _person(viewer: Viewer) -> Person:
    return Person(viewer.id, viewer.role, team_id=viewer.team_id)


def _thing(it: Standing) -> Thing:
    is_teams = it.reach == Reach.TEAM
    return Thing(
        owners=(it.owner_id,),
        team_id=it.team_id if is_teams else None,
        is_open=it.reach == Reach.ALL,
        of_team=is_teams,
    )


def sees(viewer: Viewer, it: Standing) -> bool:
    """Whether somebody sees a collection: one's own, everybody's, one's team's.

    A manager sees those of all teams, so that none is stuck when its owner leaves.
    """
    return policy.may(_person(viewer), Act.COLLECTION_SEE, _thing(it))


def edits(viewer: Viewer, it: Standing) -> bool:
    """Whether somebody changes a collection: its owner; marketers what all see; managers both."""
    return policy.may(_person(viewer), Act.COLLECTION_EDIT, _thing(it))


def pins(viewer: Viewer) -> bool:
    """Whether somebody pins for teams."""
    return policy.granted(viewer.role, Act.PIN_TEAM)


def can_pin_for(it: Standing, team_id: int) -> bool:
    """Whether the people of a team would see a collection pinned for them."""
    return it.reach == Reach.ALL or (it.reach == Reach.TEAM and it.team_id == team_id)


def stepped(order: Sequence[int], item: int, *, up: bool) -> list[int]:
    """Return an order with one item a place further up or down; at the end it stays."""
    found = list(order)
    if item in found:
        at = found.index(item)
        to = at - 1 if up else at + 1
        if 0 <= to < len(found):
            found[at], found[to] = found[to], found[at]
    return found


def is_order_of(order: Sequence[int], items: Sequence[int]) -> bool:
    """Whether an order holds just these items, each once."""
    return len(order) == len(items) and sorted(order) == sorted(items)


def read_order(text: str) -> list[int] | None:
    """Return the numbers of a text like `3,1,2`; None when it is anything else."""
    parts = text.split(",") if text else []
    if len(parts) > ENTRIES_MOST or not all(p.isascii() and p.isdigit() for p in parts):
        return None
    return [int(part) for part in parts] if all(len(p) < 11 for p in parts) else None  # noqa: PLR2004
