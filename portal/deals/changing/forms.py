"""The form of a deal's facts; choices are given by the view."""

from flask_babel import lazy_gettext as _
from wtforms import DateField, HiddenField, SelectField, SelectMultipleField, StringField
from wtforms.validators import Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from portal.deals.forms import LONG, AmountField, DealForm
from portal.library.writing.forms import one_line
from portal.web.forms import Form


class ChecksField(SelectMultipleField):  # type: ignore[misc]
    """Several of what is offered, each with a box to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class TermsForm(Form):
    """What a deal is about: all that can be said by hand of one kept elsewhere."""

    products = ChecksField(_("Products"))
    competitors = ChecksField(_("Competitors"))


class FactsForm(TermsForm):
    """The facts of a deal kept here."""

    name = DealForm.name
    account = DealForm.account
    region = StringField(_("Region"), [Length(max=80, message=LONG)], filters=[one_line])
    amount = AmountField(_("Amount"), [Length(max=30, message=LONG)])
    currency = DealForm.currency
    closes_on = DateField(_("Closes on"), [Optional()])
    owner = SelectField(_("Whose deal it is"), default="")
    before = HiddenField(default="")

    validate_currency = DealForm.validate_currency
