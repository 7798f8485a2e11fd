"""Forms of links that work once: which address, and the password chosen."""

from flask_babel import lazy_gettext as _
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from portal.accounts.forms import NewPasswordForm
from portal.accounts.rules import EMAIL_MOST
from portal.web.forms import Form


class ForgottenForm(Form):
    """The address to send a link to."""

    email = StringField(
        _("E-mail"),
        [
            InputRequired(_("Please fill this in.")),
            Length(max=EMAIL_MOST, message=_("This is too long.")),
        ],
        filters=[lambda text: "".join(c for c in text or "" if c.isprintable())],
    )


class ChooseForm(NewPasswordForm):
    """The password chosen."""
