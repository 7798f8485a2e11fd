"""Words for the ways to confirm."""

from flask_babel import lazy_gettext as _

from portal.web.words import Table

WAYS: Table = {
    "password": _("Your password"),
    "code": _("A code of your app"),
}
"""Of answers that are typed: what stands above the field."""
WRONG: Table = {
    "password": _("This is not your password."),
    "code": _("This code is not right, or was used already."),
}
ELSEWHERE: Table = {
    "passkey": _("Use a passkey"),
    "company": _("Sign in at your company again"),
}
"""Of ways that open a page of their own: what stands on the button."""
