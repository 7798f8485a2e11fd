"""Forms of the second step, and of setting an app up."""

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, StringField
from wtforms.validators import InputRequired, Length

from portal.web.forms import Form


class CodeForm(Form):
    """A code of the app, or of the paper."""

    code = StringField(
        _("Code"),
        [
            InputRequired(_("Please fill this in.")),
            Length(max=100, message=_("This is too long.")),
        ],
        filters=[lambda text: "".join(c for c in text or "" if c.isprintable())],
    )


class AppForm(CodeForm):
    """The first code of a new app, and what it was made from."""

    sealed = HiddenField(validators=[Length(max=400)])
