"""Who signs the agreement for whom, and what becomes of a proposal; pure."""

from enum import StrEnum

from portal.accounts import policy
from portal.accounts.acts import Act
from portal.accounts.policy import Tie
from portal.accounts.rules import Department, Role

SIDES = (Department.SALES, Department.MARKETING)
"""The two that sign; what Marketing signs binds every department that answers requests."""
NOTE_MOST = 1000


class Outcome(StrEnum):
    """What became of a proposal."""

    OPEN = "open"
    IN_FORCE = "in-force"  # signed by both: a version, in force or a former one
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Doing(StrEnum):
    """What a manager can do about the agreement."""

    PROPOSE = "propose"
    SIGN = "sign"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"


def side_of(role: Role, department: str | None) -> Department | None:
    """Return for which side somebody signs; None: for neither."""
    if not policy.granted(role, Act.AGREEMENT_SIGN, (Tie.DEPARTMENT,)):
        return None
    return next((side for side in SIDES if side == department), None)


def doings(side: Department | None, proposed_for: str | None) -> frozenset[Doing]:
    """Return what a side can do, given by which one a proposal is open; None: there is none."""
    if side is None:
        return frozenset()
    if proposed_for is None:
        return frozenset({Doing.PROPOSE})
    if proposed_for == side:
        return frozenset({Doing.WITHDRAW})
    return frozenset({Doing.SIGN, Doing.REFUSE})
