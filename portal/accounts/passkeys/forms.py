"""Forms of passkeys: what the device answered, and a name."""

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, StringField
from wtforms.validators import InputRequired, Length

from portal.accounts.passkeys.rules import ANSWER_MOST, NAME_MOST
from portal.accounts.rules import local_path
from portal.web.forms import Form


def _plain(text: str | None) -> str:
    return " ".join("".join(c for c in text or "" if c.isprintable()).split())


class AnswerForm(Form):
    """What a device answered, and where to go then."""

    answer = HiddenField(validators=[InputRequired(), Length(max=ANSWER_MOST)])
    next = HiddenField(filters=[lambda text: local_path(text) or ""])


class NameForm(Form):
    """What a person calls a key."""

    name = StringField(
        _("Name"),
        [
            InputRequired(_("Please fill this in.")),
            Length(max=NAME_MOST, message=_("This is too long.")),
        ],
        filters=[_plain],
    )


class AddForm(NameForm):
    """A new key and its name."""

    answer = HiddenField(validators=[Length(max=ANSWER_MOST)])
