"""What is shown of pins: the teams to choose."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TeamChoice:
    """A team to pin for."""

    id: int
    name: str
    checked: bool


def team_choices(teams: Sequence[tuple[int, str]], chosen: set[int]) -> list[TeamChoice]:
    """Return the teams to pin for."""
    return [TeamChoice(team_id, name, team_id in chosen) for team_id, name in teams]
