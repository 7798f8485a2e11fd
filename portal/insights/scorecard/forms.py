"""Forms of the scorecard: the shared goal, a promise."""

import re
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import DateField, HiddenField, SelectField, StringField, ValidationError
from wtforms.validators import DataRequired, Length

from portal.deals.forms import LONG, AmountField
from portal.insights.scorecard import labels, rules
from portal.insights.scorecard.rules import Measure, Period
from portal.library.writing.forms import one_line
from portal.web import locale
from portal.web.forms import Form


class GoalForm(Form):
    """What both departments aim at."""

    measure = SelectField(
        _("What we aim at"), choices=[(it.value, labels.MEASURES[it.value]) for it in Measure]
    )
    target = AmountField(
        _("How much"), [DataRequired(_("Please fill this in.")), Length(max=30, message=LONG)]
    )
    currency = StringField(_("Currency"), default="EUR", filters=[one_line])
    period = SelectField(
        _("Over which time"),
        choices=[(it.value, labels.PERIODS[it.value]) for it in Period],
        default=Period.QUARTER.value,
    )

    def validate_target(self, field: Any) -> None:  # noqa: ANN401  # a field of WTForms
        """Refuse what can not be aimed at: more than all, nothing, half a deal."""
        measure = self.measure.data
        if field.amount is None or measure not in set(Measure):
            return
        if not rules.is_target(Measure(measure), field.amount):
            raise ValidationError(
                _("A share is more than 0 and at most 100 %%; deals are a whole number.")
            )

    def validate_currency(self, field: Any) -> None:  # noqa: ANN401
        """Take three letters, in capitals, when money is meant; else none."""
        if self.measure.data != Measure.REVENUE.value:
            field.data = ""
            return
        field.data = (field.data or "").upper()
        if not re.fullmatch(r"[A-Z]{3}", field.data):
            raise ValidationError(_("Three letters, as EUR, USD, VND or RUB."))


class PromiseForm(Form):
    """What one's side promises for this month; who can stand for it is given by the view."""

    words = StringField(
        _("What we promise"),
        [DataRequired(_("Say what is promised.")), Length(max=rules.WORDS_MOST, message=LONG)],
        filters=[one_line],
    )
    owner = SelectField(_("Who stands for it"), coerce=int)
    due_on = DateField(_("Until"), [DataRequired(_("Until which day?"))])
    once = HiddenField(filters=[one_line])

    @property
    def token(self) -> str:
        """What tells this form from every other one."""
        return (self.once.data or "")[: rules.TOKEN_MOST]

    def validate_due_on(self, field: Any) -> None:  # noqa: ANN401
        """Refuse a day of another month."""
        day, today = field.data, locale.today()
        if day is not None and (day.year, day.month) != (today.year, today.month):
            raise ValidationError(_("Choose a day of this month."))
