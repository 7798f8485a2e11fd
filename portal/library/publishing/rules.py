"""Who may move an asset from where to where: one table of phases, actions and people."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from portal.accounts.rules import Department, Role
from portal.library.rules import State

NOTE_MOST = 300
REASON_MOST = 2000


class Phase(StrEnum):
    """How far an asset and its next revision have come.

    In the last three of these the published text is served while the next one is in the works.
    """

    DRAFT = "draft"
    REVIEW = "review"
    RETIRED = "retired"
    PUBLISHED = "published"
    CHANGED = "changed"
    CHANGE_IN_REVIEW = "change-in-review"


class Action(StrEnum):
    """What a person does with an asset; the value is what the timeline keeps."""

    EDIT = "edit"
    SUBMIT = "submit"
    SEND_BACK = "send-back"
    PUBLISH = "publish"
    DISCARD = "discard"
    UNPUBLISH = "unpublish"
    RETIRE = "retire"
    RESTORE = "restore"
    SCHEDULE = "schedule"
    COMMENT = "comment"
    CONFIRM = "confirm"
    ASSIGN = "assign"


class Group(StrEnum):
    """Who a person is to an asset; one person is often several."""

    WRITER = "writer"  # contributor: created or owns it, or it is their department's
    REVIEWER = "reviewer"  # named as one for its kind or department
    MARKETER = "marketer"
    MANAGER = "manager"
    ONLOOKER = "onlooker"  # whatever else: the asset is kept in a folder and changed there


@dataclass(frozen=True, slots=True)
class Move:
    """An action: from which phases it leads where, who may, and whether a reason is asked for."""

    leads: dict[Phase, Phase]
    who: frozenset[Group]
    reason: bool = False


_DRAFT, _REVIEW, _RETIRED = Phase.DRAFT, Phase.REVIEW, Phase.RETIRED
_PUBLISHED, _CHANGED, _AGAIN = Phase.PUBLISHED, Phase.CHANGED, Phase.CHANGE_IN_REVIEW
_SERVED = (_PUBLISHED, _CHANGED, _AGAIN)
_DESK = frozenset({Group.MARKETER, Group.MANAGER})
_REVIEWERS = _DESK | {Group.REVIEWER}
_WRITERS = _DESK | {Group.WRITER, Group.REVIEWER}

MOVES: dict[Action, Move] = {
    Action.EDIT: Move(
        {
            _DRAFT: _DRAFT,
            _REVIEW: _REVIEW,
            _PUBLISHED: _CHANGED,
            _CHANGED: _CHANGED,
            _AGAIN: _AGAIN,
        },
        _WRITERS,
    ),
    Action.SUBMIT: Move({_DRAFT: _REVIEW, _CHANGED: _AGAIN}, _WRITERS),
    Action.SEND_BACK: Move({_REVIEW: _DRAFT, _AGAIN: _CHANGED}, _REVIEWERS, reason=True),
    Action.PUBLISH: Move(
        {
            _DRAFT: _PUBLISHED,
            _REVIEW: _PUBLISHED,
            _CHANGED: _PUBLISHED,
            _AGAIN: _PUBLISHED,
        },
        _REVIEWERS,
    ),
    Action.DISCARD: Move({_CHANGED: _PUBLISHED, _AGAIN: _PUBLISHED}, _WRITERS),
    Action.UNPUBLISH: Move(dict.fromkeys(_SERVED, _DRAFT), _DESK, reason=True),
    Action.RETIRE: Move(dict.fromkeys((_DRAFT, _REVIEW, *_SERVED), _RETIRED), _DESK, reason=True),
    Action.RESTORE: Move({_RETIRED: _DRAFT}, _DESK),
    Action.SCHEDULE: Move({p: p for p in Phase if p is not _RETIRED}, _REVIEWERS),
    Action.COMMENT: Move({p: p for p in Phase if p is not _RETIRED}, _WRITERS),
    Action.CONFIRM: Move({p: p for p in _SERVED}, _WRITERS),
    Action.ASSIGN: Move({p: p for p in Phase}, _DESK),
}
"""The one table: role × state × action; `leads` says where an action may begin and where it ends.

A reviewer publishes what is under review; only the desk publishes a draft nobody has looked at:
see `may`.
"""


HELD = frozenset(Action) - {Action.COMMENT, Action.CONFIRM}
"""What is done in the folder an asset is kept in, and not here: all that its files say.

What people say of it, and that it is still true, is the portal's.
"""


def phase_of(state: str, change: str | None) -> Phase:
    """Return the phase of an asset by its state and how far its next revision has come."""
    if state != State.PUBLISHED.value:
        return Phase(state)
    return {"draft": Phase.CHANGED, "review": Phase.CHANGE_IN_REVIEW}.get(
        change or "", Phase.PUBLISHED
    )


def kept_as(phase: Phase) -> tuple[State, str | None]:
    """Return (state, change) as the asset keeps a phase; the inverse of `phase_of`."""
    if phase is Phase.CHANGED:
        return State.PUBLISHED, "draft"
    if phase is Phase.CHANGE_IN_REVIEW:
        return State.PUBLISHED, "review"
    return State(phase.value), None


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides who a person is to an asset."""

    role: Role
    is_own: bool = False  # created it, owns it or stands in for its owner
    same_department: bool = False
    is_reviewer: bool = False
    kept_in_folder: bool = False


def groups_of(standing: Standing) -> frozenset[Group]:
    """Return who a person is to an asset; a rep is nobody, whatever else she is named."""
    groups = set()
    if standing.role.covers(Role.CONTRIBUTOR):
        if standing.is_own or standing.same_department:
            groups.add(Group.WRITER)
        if standing.is_reviewer:
            groups.add(Group.REVIEWER)
    if standing.role.covers(Role.MARKETER):
        groups.add(Group.MARKETER)
    if standing.role.covers(Role.MANAGER):
        groups.add(Group.MANAGER)
    if groups and standing.kept_in_folder:
        groups.add(Group.ONLOOKER)
    return frozenset(groups)


def may(groups: Collection[Group], action: Action, phase: Phase) -> bool:
    """Whether somebody of these groups may do this to an asset in this phase."""
    move = MOVES[action]
    if is_held(groups, action):
        return False
    if phase not in move.leads or not move.who & set(groups):
        return False
    unseen = action is Action.PUBLISH and phase in {Phase.DRAFT, Phase.CHANGED}
    return not unseen or bool(_DESK & set(groups))


def is_held(groups: Collection[Group], action: Action) -> bool:
    """Whether an action is refused to everybody because the asset is kept in a folder."""
    return Group.ONLOOKER in groups and action in HELD


def moves_of(groups: Collection[Group], phase: Phase) -> list[Action]:
    """Return what somebody of these groups may do to an asset in this phase, in table order."""
    return [action for action in MOVES if may(groups, action, phase)]


def is_reviewer(
    named: Collection[tuple[str | None, str | None]], kind: str, department: str | None
) -> bool:
    """Whether one of (kind, department), each or None for any, names assets of these."""
    return any(k in (None, kind) and d in (None, department) for k, d in named)


def same_department(mine: str | None, asset: str | None) -> bool:
    """Whether an asset belongs to a person's department; sales owns no content of marketing's."""
    return mine is not None and mine == asset and mine in set(Department)


AUDITED = frozenset(
    {
        "send-back", "publish", "discard", "unpublish", "retire", "restore", "schedule", "owner",
        "backup", "hand-over", "original", "released", "replace-file", "detach", "undo",
        "interval",
    }
)  # fmt: skip
"""What the audit log keeps of an asset's timeline: what readers notice, and whose it is."""


def audited(detail: Mapping[str, Any]) -> tuple[dict[str, Any] | None, dict[str, Any]]:
    """Return both sides of what was done, of what the timeline keeps of it."""
    after = {key: told for key, told in detail.items() if key not in {"from", "to"}}
    if "to" not in detail and "from" not in detail:
        return None, after
    return {"was": detail.get("from")}, {**after, "is": detail.get("to")}
