"""The form that takes a person out."""

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, StringField, ValidationError
from wtforms.validators import InputRequired, Length

from portal.accounts.rules import EMAIL_MOST
from portal.web.forms import Form

_LONG = Length(max=EMAIL_MOST, message=_("This is too long."))


def _printable(text: str | None) -> str:
    return "".join(c for c in text or "" if c.isprintable()).strip()


class EraseForm(Form):
    """Whom, typed twice since it can not be undone; who takes on what is theirs; words as well."""

    email = StringField(
        _("E-mail of the person"),
        [InputRequired(_("Please fill this in.")), _LONG],
        filters=[_printable],
    )
    again = StringField(_("The same e-mail again"), [_LONG], filters=[_printable])
    heir = StringField(_("E-mail of the successor"), [_LONG], filters=[_printable])
    words = BooleanField(_("Empty the notes of their calls and ratings, too"))

    def validate_again(self, field: StringField) -> None:
        """Refuse a slip of the finger."""
        if (field.data or "").casefold() != (self.email.data or "").casefold():
            raise ValidationError(_("The two e-mails differ."))
