"""The form of what is known of a customer; industries are given by the view."""

from flask_babel import lazy_gettext as _
from wtforms import IntegerField, StringField
from wtforms.validators import Length, NumberRange, Optional

from portal.deals.forms import LONG
from portal.deals.queries import NUMBER_MOST
from portal.library.writing.forms import one_line
from portal.web.forms import Form


class CustomerForm(Form):
    """What is known of a customer."""

    industry = StringField(_("Industry"), [Length(max=80, message=LONG)], filters=[one_line])
    country = StringField(_("Country"), [Length(max=80, message=LONG)], filters=[one_line])
    employees = IntegerField(
        _("Employees"),
        [
            Optional(),
            NumberRange(0, NUMBER_MOST, message=_("This is no number of people.")),
        ],
    )
