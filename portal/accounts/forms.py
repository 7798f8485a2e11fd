"""Forms of people: signing in, another password, preferences."""

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, PasswordField, StringField, ValidationError
from wtforms.validators import AnyOf, InputRequired, Length

from portal.accounts.passwords import problem
from portal.accounts.rules import EMAIL_MOST, PASSWORD_MOST, PasswordProblem, local_path
from portal.web.forms import Form
from portal.web.locale import NAMES, THEMES

_MISSING = InputRequired(_("Please fill this in."))
_PROBLEMS = {
    PasswordProblem.SHORT: _("At least 8 characters, please."),
    PasswordProblem.LONG: _("At most 128 characters, please."),
    PasswordProblem.EASY: _(
        "This one is tried first by whoever guesses: it is common, a row of keys, or your name. "
        "Four words that do not belong together are good."
    ),
    PasswordProblem.UNREADABLE: _("This holds characters that can not be used."),
}


def _printable(text: str | None) -> str:
    """Leave out what no page may hold, since what was typed is shown again."""
    return "".join(c for c in text or "" if c.isprintable())


def _path(text: str | None) -> str:
    """Where to go then; what leads nowhere we know is dropped, since it is no fault of the form."""
    return local_path(text) or ""


class SignInForm(Form):
    """E-mail, password, and where to go then."""

    # browsers rewrite the domain in a field of the type email, and refuse letters before the @
    email = StringField(
        _("E-mail"),
        [_MISSING, Length(max=EMAIL_MOST, message=_("This is too long."))],
        filters=[_printable],
    )
    password = PasswordField(
        _("Password"), [_MISSING, Length(max=4 * PASSWORD_MOST, message=_("This is too long."))]
    )
    next = HiddenField(filters=[_path])


class NewPasswordForm(Form):
    """A new password, twice; `about` is what everybody knows of its person."""

    about: tuple[str, ...] = ()
    new = PasswordField(_("New password"), [_MISSING])
    repeat = PasswordField(_("New password again"), [_MISSING])

    def validate_new(self, field: PasswordField) -> None:
        """Refuse what can not be a password."""
        wrong = problem(field.data or "", self.about)
        if wrong is not None:
            raise ValidationError(_PROBLEMS[wrong])

    def validate_repeat(self, field: PasswordField) -> None:
        """Refuse a slip of the finger."""
        if field.data != self.new.data:
            raise ValidationError(_("The two new passwords differ."))


class PasswordForm(NewPasswordForm):
    """The current password, and twice the new one."""

    current = PasswordField(
        _("Current password"),
        [_MISSING, Length(max=4 * PASSWORD_MOST, message=_("This is too long."))],
    )


class PreferencesForm(Form):
    """How the pages look and which language they speak; what is not sent stays as it is."""

    theme = StringField(default="", validators=[AnyOf(["", *THEMES])])
    language = StringField(default="", validators=[AnyOf(["", *(code.value for code in NAMES)])])
    next = HiddenField(filters=[_path])
