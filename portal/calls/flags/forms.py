"""Forms of remarks: what is the matter and where, and the owner's answer."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, RadioField, SelectField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, Length

from portal.calls.flags import labels, rules
from portal.library.writing.forms import one_line, storable
from portal.web.forms import Form

_LONG = Length(max=rules.WORDS_MOST, message=_("At most %(max)d characters, please."))


class FlagForm(Form):
    """What is wrong or outdated; the sections to choose from are given by the view."""

    kind = RadioField(
        _("What is the matter?"),
        choices=[(k.value, labels.WRONG[k.value]) for k in rules.Wrong],
        default=rules.Wrong.WRONG.value,
    )
    anchor = SelectField(_("In which part?"), default="")
    words = TextAreaField(
        _("What should it say instead? How do you know?"),
        [DataRequired(_("Say in a line what is wrong.")), _LONG],
        filters=[storable],
    )
    once = HiddenField(filters=[one_line])
    revision = HiddenField(filters=[one_line])

    @property
    def token(self) -> str:
        """What tells this form from every other one."""
        return (self.once.data or "")[: rules.TOKEN_MOST]


class AnswerForm(Form):
    """What became of a remark."""

    state = RadioField(
        choices=[(s.value, labels.STATES[s.value]) for s in rules.ANSWERS], validate_choice=True
    )
    words = TextAreaField(_("In your words"), [_LONG], filters=[storable])

    def validate_words(self, field: Any) -> None:  # noqa: ANN401  # a field of WTForms
        """Ask why, when it is to stay as it is."""
        if self.state.data == rules.State.STAYS.value and not (field.data or "").strip():
            raise ValidationError(_("Say why it stays as it is."))
