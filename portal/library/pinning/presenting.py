"""What is shown of pins: the teams to choose, and the button of one's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app
from flask_babel import gettext
from markupsafe import Markup, escape


@dataclass(frozen=True, slots=True)
class TeamChoice:
    """A team to pin for."""

    id: int
    name: str
    checked: bool


def team_choices(teams: Sequence[tuple[int, str]], chosen: set[int]) -> list[TeamChoice]:
    """Return the teams to pin for."""
    return [TeamChoice(team_id, name, team_id in chosen) for team_id, name in teams]


def button(slug: str, *, pinned: bool, small: bool = False) -> Markup:
    """Draw the button that pins an asset for oneself; a small one has no words to see.

    It belongs to the form `pin` of the page, which has the token.
    """
    icon: Any = current_app.jinja_env.globals["icon"]
    label = escape(gettext("Pin"))
    label = Markup(f'<span class="vh">{label}</span>') if small else label  # noqa: S704
    look, pressed = "iconbtn" if small else "btn", "true" if pinned else "false"
    html = (
        f'<button class="{look} pin" form="pin" formaction="/pins/{escape(slug)}/mine"'
        f' name="pinned" value="{0 if pinned else 1}" aria-pressed="{pressed}">'
        f"{icon.pin}{label}</button>"
    )
    return Markup(html)  # noqa: S704  # escaped above
