"""The forms of promotions."""

from flask_babel import lazy_gettext as _
from wtforms import DateField, StringField
from wtforms.validators import InputRequired, Length

from portal.library.writing.forms import one_line, version_field
from portal.search.promoting.rules import QUERY_MOST, REASON_MOST
from portal.web.forms import Form

_NEEDED = InputRequired(_("Please fill this in."))
_LONG = _("This is too long.")


class PromotionForm(Form):
    """For which search, until when, and why; `asset`: its slug, or the address of its page."""

    query = StringField(
        _("When somebody searches for"), [_NEEDED, Length(max=QUERY_MOST, message=_LONG)],
        filters=[one_line],
    )  # fmt: skip
    asset = StringField(_("Show first"), [Length(max=2000, message=_LONG)], filters=[one_line])
    ends_on = DateField(_("Until the end of"), [_NEEDED])
    reason = StringField(
        _("Why?"), [_NEEDED, Length(max=REASON_MOST, message=_LONG)], filters=[one_line]
    )
    version = version_field()


class EndForm(Form):
    """A promotion is ended."""
