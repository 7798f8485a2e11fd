"""Forms of deals: a new one, and how far one has come."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import DateField, Field, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, Length, Optional

from portal.deals.labels import OUTCOMES
from portal.deals.rules import CURRENCY, amount_of
from portal.library.writing.forms import one_line, storable
from portal.web.forms import Form

CURRENCIES = ("EUR", "USD", "VND", "RUB", "GBP", "KZT", "SGD", "JPY", "CNY", "CHF")
WORDS_MOST = 2000
ASKED_MOST = 80
LONG = _("This is too long.")


def asked_words(text: str) -> str:
    """Return the words a list is looked through for, as they come from outside: cut and cleaned."""
    return one_line(text[: 2 * ASKED_MOST])[:ASKED_MOST]


class AmountField(StringField):  # type: ignore[misc]
    """An amount as people write it in any of our languages."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was typed; it stays as typed when it is no amount."""
        super().process_formdata(valuelist)
        self.amount: Decimal | None = None
        if (self.data or "").strip():
            try:
                self.amount = amount_of(self.data)
            except (InvalidOperation, ValueError) as error:
                raise ValueError(_("This is no amount.")) from error


class StageForm(Form):
    """How far a deal has come, or how it ended and why; choices are given by the view."""

    stage = SelectField(_("Stage"), default="")
    closes_on = DateField(_("Closes on"), [Optional()])
    outcome = SelectField(_("Outcome"), choices=list(OUTCOMES.items()), default="open")
    reason = SelectField(_("Why was it lost?"), default="")
    reason_words = TextAreaField(
        _("In your words"), [Length(max=WORDS_MOST, message=LONG)], filters=[storable]
    )


class DealForm(Form):
    """A deal that no other system keeps; choices are given by the view."""

    name = StringField(
        _("What is it called?"),
        [DataRequired(_("Please fill this in.")), Length(max=200, message=LONG)],
        filters=[one_line],
    )
    account = StringField(_("Customer"), [Length(max=200, message=LONG)], filters=[one_line])
    amount = AmountField(_("Amount"), [Length(max=30, message=LONG)])
    currency = StringField(_("Currency"), default=CURRENCY, filters=[one_line])
    stage = SelectField(_("Stage"), default="")
    closes_on = DateField(_("Closes on"), [Optional()])
    product = SelectField(_("Product"), default="")
    competitor = SelectField(_("Competitor"), default="")

    def validate_currency(self, field: Field) -> None:
        """Take three letters, in capitals."""
        field.data = (field.data or "").upper()
        if not re.fullmatch(r"[A-Z]{3}", field.data):
            raise ValidationError(_("Three letters, as EUR, USD, VND or RUB."))
