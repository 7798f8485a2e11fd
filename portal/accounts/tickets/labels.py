"""Words of the mails about somebody's account."""

from flask_babel import lazy_gettext as _

from portal.web.words import Table

SUBJECTS: Table = {
    "invitation": _("Your account at Arsenal is ready"),
    "reset": _("Choose another password for Arsenal"),
    "password-changed": _("Your password for Arsenal was changed"),
}
LINES: Table = {
    "invitation": _("An account was made for you. Choose a password and you are in."),
    "reset": _("Somebody, most likely you, has asked for another password for your account."),
    "password-changed": _(
        "The password of your account was just changed, and all devices are signed out."
    ),
}
BUTTONS: Table = {
    "invitation": _("Choose a password"),
    "reset": _("Choose another password"),
    "password-changed": _("Sign in"),
}
AFTER: Table = {
    "invitation": _("The link works once, and for seven days."),
    "reset": _(
        "The link works once, and for 30 minutes. If it was not you, do nothing: your password "
        "stays as it is."
    ),
    "password-changed": _(
        "If it was not you, choose another password at once and tell your administrator."
    ),
}
