"""What the table and the board are asked for: filters of an address, a move, many at once."""

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import TypeVar

from portal.accounts.rules import Department
from portal.asset_requests.board.rules import (
    BATCH_MOST,
    COLUMNS,
    NOBODY,
    Batch,
    Due,
    Some,
    Sort,
    Tab,
    Task,
    Wanted,
    Wish,
)
from portal.asset_requests.rules import ANSWERING, NOTE_MOST, State, number_of
from portal.config import Language
from portal.errors import Invalid
from portal.library.rules import Kind

TEXT_MOST = 200
ME, NONE = "me", "nobody"
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")
_MOVE = re.compile(r"(\d{1,10}):([a-z-]{1,20}):([a-z-]{1,20})", re.ASCII)
One = TypeVar("One", bound=StrEnum)


def _one(kind: type[One], said: str | None) -> One | None:
    """Return one of a kind by its value, or None."""
    return kind(said) if said in set(kind) else None


def _assignee(said: str | None, me: int) -> int | None:
    if said == ME:
        return me
    return NOBODY if said == NONE else number_of(said)


def wanted_of(said: Mapping[str, str], tabs: Sequence[Tab], me: int) -> Wanted:
    """Return which requests an address asks for; what is unknown in it is as if not said."""
    tab = _one(Tab, said.get("tab"))
    state, department = said.get("state", ""), _one(Department, said.get("department"))
    competitor = said.get("competitor", "")
    kind, language = _one(Kind, said.get("kind")), _one(Language, said.get("language"))
    text = "".join(c for c in said.get("q", "")[: 4 * TEXT_MOST] if c.isprintable())
    return Wanted(
        tab=tab if tab is not None and tab in tabs else tabs[0],
        state=state if state in {*State, *Some} else Some.OPEN.value,
        kind=kind.value if kind else None,
        department=department.value if department else None,
        assignee_id=_assignee(said.get("assignee"), me),
        competitor=competitor if _SLUG.fullmatch(competitor) else None,
        language=language.value if language else None,
        due=_one(Due, said.get("due")),
        text=text[:TEXT_MOST].strip(),
        sort=_one(Sort, said.get("sort")) or Sort.DUE,
    )


def column_of(said: str | None) -> State | None:
    """Return the column more cards are wanted of."""
    found = _one(State, said)
    return found if found in COLUMNS else None


def wish_of(said: Mapping[str, str]) -> Wish:
    """Return which card is to be moved where: `number:from:to`.

    Raises:
        Invalid: when this is none.
    """
    found = _MOVE.fullmatch(said.get("move", ""))
    number = number_of(found[1]) if found else None
    seen, to = (_one(State, found[n]) if found else None for n in (2, 3))
    if number is None or seen is None or to is None:
        raise Invalid("this is no move")
    return Wish(number, seen, to)


class Missing(StrEnum):
    """What a batch lacks."""

    NONE = "none"  # no request was ticked
    MANY = "many"
    TASK = "task"
    PERSON = "person"
    DEPARTMENT = "department"
    REASON = "reason"


def batch_of(said: Mapping[str, str], ticked: Sequence[str], me: int) -> Batch:
    """Return what is to be done with the requests ticked, each once, lowest number first.

    Raises:
        Invalid: with a `Missing` as its reason, when something is missing or no such thing.
    """
    found = {number_of(one) for one in ticked} - {None}
    numbers = sorted(number for number in found if number is not None)
    task = _one(Task, said.get("task"))
    if not numbers or len(numbers) > BATCH_MOST:
        raise Invalid(Missing.MANY if numbers else Missing.NONE)
    if task is None:
        raise Invalid(Missing.TASK)
    person = _assignee(said.get("person"), me)
    if task is Task.ASSIGN and not person:
        raise Invalid(Missing.PERSON)
    department = said.get("to_department", "")
    if task is Task.DEPARTMENT and department not in set(ANSWERING):
        raise Invalid(Missing.DEPARTMENT)
    reason = "".join(
        c for c in said.get("reason", "") if c != "\x00" and not "\ud800" <= c <= "\udfff"
    ).strip()
    if task is Task.DECLINE and not 0 < len(reason) <= NOTE_MOST:
        raise Invalid(Missing.REASON)
    return Batch(task, numbers, person, department, reason)
