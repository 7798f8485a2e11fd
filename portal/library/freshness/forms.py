"""Forms of freshness: where to go back to, intervals, who looks after an asset."""

from wtforms import IntegerField, StringField
from wtforms.validators import NumberRange, Optional

from portal.accounts.rules import local_path
from portal.library.freshness.rules import LEAST, MOST
from portal.usage.rules import INTEGER_MOST
from portal.web.forms import Form


class BackForm(Form):
    """A button that leads back to the page it was on."""

    back = StringField()

    def target(self, otherwise: str) -> str:
        """Return the page to go back to; another one when what was sent leads elsewhere."""
        return local_path(self.back.data) or otherwise


class CareForm(Form):
    """Who looks after an asset, and how often it is checked; empty: nobody, as its kind."""

    owner = IntegerField(validators=[Optional(), NumberRange(1, INTEGER_MOST)])
    backup = IntegerField(validators=[Optional(), NumberRange(1, INTEGER_MOST)])
    months = IntegerField(validators=[Optional(), NumberRange(LEAST, MOST)])


def whole(text: str | None, *, least: int, most: int) -> int | None:
    """Return the whole number of a field, or None when it is none within these bounds."""
    said = (text or "").strip()
    if not (said.isascii() and said.isdigit() and len(said) <= len(str(most))):
        return None
    return int(said) if least <= int(said) <= most else None
