"""The forms of pins: the teams something is pinned for, and one's own."""

from wtforms import SelectMultipleField, StringField

from portal.web.forms import Form

TEAMS_MOST = 500


class PinForm(Form):
    """The teams that were ticked; what is no team of ours is left out by the service."""

    teams = SelectMultipleField(validate_choice=False)

    def team_ids(self) -> set[int]:
        """Return the numbers among what was ticked."""
        ticked = (self.teams.data or [])[:TEAMS_MOST]
        return {int(t) for t in ticked if t.isascii() and t.isdigit() and len(t) < 10}  # noqa: PLR2004


class OwnPinForm(Form):
    """Whether one pins an asset for oneself, and the page to go back to."""

    pinned = StringField()
    next = StringField()
