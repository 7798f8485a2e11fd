"""What can be done to many assets at once, by whom, and why one of them is left as it is."""

from collections.abc import Collection
from enum import StrEnum

from portal.library.publishing.rules import MOVES, Action, Group, Phase, may

MOST = 2000
"""Assets one action takes; who has more does it in several."""
CHUNK = 100
"""Assets a transaction: others wait no longer than these take."""


class Task(StrEnum):
    """What is done to each asset; the value is what the table keeps."""

    TAG = "tag"
    UNTAG = "untag"
    OWNER = "owner"
    BACKUP = "backup"
    CHECKED = "checked"
    RETIRE = "retire"


NEEDS = {
    Task.TAG: Action.ASSIGN,
    Task.UNTAG: Action.ASSIGN,
    Task.OWNER: Action.ASSIGN,
    Task.BACKUP: Action.ASSIGN,
    Task.CHECKED: Action.CONFIRM,
    Task.RETIRE: Action.RETIRE,
}
"""Each task is allowed to those who may do this to the asset by the table of moves."""

UNDO_NEEDS = NEEDS | {Task.RETIRE: Action.RESTORE}
"""And undone by those who may do this."""


class Refusal(StrEnum):
    """Why an asset is left as it is."""

    FORBIDDEN = "forbidden"  # others may, not this person
    PHASE = "phase"  # nobody can, in the phase it is in
    SAME = "same"  # it is so already
    CHANGED = "changed"  # undoing: somebody has changed it since


def refusal(groups: Collection[Group], action: Action, phase: Phase) -> Refusal | None:
    """Return why somebody of these groups may not act on an asset in this phase, or None."""
    if phase not in MOVES[action].leads:
        return Refusal.PHASE
    return None if may(groups, action, phase) else Refusal.FORBIDDEN
