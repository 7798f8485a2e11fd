"""The form of what helped on a deal, what was missing, and why it was lost."""

from flask_babel import lazy_gettext as _
from wtforms import SelectField, TextAreaField
from wtforms.validators import Length

from portal.calls.feedback.rules import MISSING_MOST
from portal.library.writing.forms import storable
from portal.web.forms import Form

_LONG = Length(max=MISSING_MOST, message=_("At most %(max)d characters, please."))


class FeedbackForm(Form):
    """What a rep says of a deal that has ended; the choices of reasons are given by the view."""

    missing = TextAreaField(_("What was missing?"), [_LONG], filters=[storable])
    reason = SelectField(_("Why was it lost?"), default="")
    reason_words = TextAreaField(_("In your words"), [_LONG], filters=[storable])
