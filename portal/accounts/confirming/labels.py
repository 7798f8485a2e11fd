"""Words for the ways to confirm."""

from flask_babel import lazy_gettext as _

from portal.web.words import Table

WAYS: Table = {
    "password": _("Your password"),
}
"""Of answers that are typed: what stands above the field."""
WRONG: Table = {
    "password": _("This is not your password."),
}
ELSEWHERE: Table = {}
"""Of ways that open a page of their own: what stands on the button."""
