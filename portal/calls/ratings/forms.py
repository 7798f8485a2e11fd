"""The form of a rating without a call, and a line of the many that are given at once."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import HiddenField, RadioField, SelectField, StringField
from wtforms.validators import Length

from portal.calls.ratings import labels, rules
from portal.calls.ratings.rules import Helped
from portal.library.writing.forms import one_line
from portal.web.forms import Form

HELPED = [("", _("It …")), *((h.value, labels.HELPED[h.value]) for h in Helped)]
_STARS = {str(n): n for n in rules.STARS}


class RateForm(Form):
    """How useful an asset was, without a call."""

    stars = RadioField(
        _("How useful was it?"),
        choices=[(n, n) for n in _STARS],
    )
    helped = SelectField(_("What did it do?"), choices=HELPED, default="")
    why = StringField(
        _("Why, in a line"),
        [Length(max=rules.WHY_MOST, message=_("At most %(max)d characters, please."))],
        filters=[one_line],
    )
    revision = HiddenField(filters=[one_line])

    @property
    def helped_value(self) -> Helped | None:
        """What it did, if that was said."""
        return Helped(self.helped.data) if self.helped.data else None


@dataclass(frozen=True, slots=True)
class Said:
    """What was said of one of several assets; `error`: why that can not be taken."""

    stars: int | None
    helped: Helped | None
    why: str
    error: str = ""


def said(sent: Mapping[str, str], key: str) -> Said | None:
    """Return what a form says in the line of a key; None when it says nothing there."""
    stars, helped = sent.get(f"stars-{key}", ""), sent.get(f"helped-{key}", "")
    why = one_line(sent.get(f"why-{key}", ""))
    if not (stars or helped or why):
        return None
    error = ""
    if stars not in _STARS:
        error = gettext("How many stars, from one to five?")
    elif helped not in ("", *Helped):
        error = gettext("Not a valid choice.")
    elif len(why) > rules.WHY_MOST:
        error = gettext("At most %(max)d characters, please.", max=rules.WHY_MOST)
    known = Helped(helped) if helped in set(Helped) else None
    return Said(_STARS.get(stars), known, why[: rules.WHY_MOST], error)
