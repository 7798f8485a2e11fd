"""What can be the matter with an asset, how a remark ends, and who may answer it."""

from enum import StrEnum

from portal.accounts import policy
from portal.accounts.acts import Act
from portal.accounts.policy import Person, Thing
from portal.accounts.rules import Role


class Wrong(StrEnum):
    """What is the matter."""

    WRONG = "wrong"
    OUTDATED = "outdated"


class State(StrEnum):
    """How far a remark is."""

    OPEN = "open"
    FIXED = "fixed"
    STAYS = "stays"


ANSWERS = (State.FIXED, State.STAYS)
WORDS_MOST = 2000
TOKEN_MOST = 40


def may_answer(
    *, role: Role, viewer_id: int, owner_id: int | None, backup_owner_id: int | None
) -> bool:
    """Whether somebody may answer remarks on an asset: who owns it, marketers and above."""
    thing = Thing(owners=(owner_id, backup_owner_id))
    return policy.may(Person(viewer_id, role), Act.FLAG_ANSWER, thing)
