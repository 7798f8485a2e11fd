"""What a deal is worth showing to whom, and how it can have ended."""

from enum import StrEnum

from portal.accounts.rules import Role


class Outcome(StrEnum):
    """How a deal ended, or that it has not."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"
    NO_DECISION = "no-decision"


def may_see(
    *, role: Role, viewer_id: int, viewer_team: int | None, owner_id: int | None, team: int | None
) -> bool:
    """Whether somebody may see a deal: their own, their team's; managers and admins see all."""
    if role.covers(Role.MANAGER) or owner_id == viewer_id:
        return True
    return team is not None and team == viewer_team
