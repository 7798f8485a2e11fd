"""Forms of packs: minutes, something to do, and switches."""

from datetime import date, timedelta
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import DateField, HiddenField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, Length

from portal.insights.pack import rules
from portal.library.writing.forms import one_line, storable
from portal.web import locale
from portal.web.forms import Form

VERSION_DIGITS = 9
LONGEST = timedelta(days=5 * 366)
_LONG = _("At most %(max)d characters, please.")


class MinutesForm(Form):
    """What was said; `version` is that of the minutes it began with."""

    minutes = TextAreaField(
        _("Minutes"), [Length(max=rules.MINUTES_MOST, message=_LONG)], filters=[storable]
    )
    version = HiddenField()

    @property
    def based_on(self) -> int:
        """The version it began with; -1 is none."""
        said = self.version.data or ""
        good = said.isascii() and said.isdigit() and len(said) <= VERSION_DIGITS
        return int(said) if good else -1


class ActionForm(Form):
    """What somebody does until a day; who that can be is given by the view."""

    words = StringField(
        _("What is to be done"),
        [
            DataRequired(_("Say what is to be done.")),
            Length(max=rules.WORDS_MOST, message=_LONG),
        ],
        filters=[one_line],
    )
    owner = SelectField(_("By whom"), coerce=int)
    due_on = DateField(_("Until"), [DataRequired(_("Until which day?"))])
    once = HiddenField(filters=[one_line])

    @property
    def token(self) -> str:
        """What tells this form from every other one."""
        return (self.once.data or "")[: rules.TOKEN_MOST]

    def validate_due_on(self, field: Any) -> None:  # noqa: ANN401  # a field of WTForms
        """Refuse a day that has passed, or that nobody will live to see."""
        day: date | None = field.data
        today = locale.today()
        if day is not None and not today <= day <= today + LONGEST:
            raise ValidationError(_("Choose a day from today on, within five years."))
