"""Words of the page for people."""

from flask_babel import lazy_gettext as _

from portal.web.words import Table

STATES: Table = {
    "active": _("Active"),
    "invited": _("Invited"),
    "inactive": _("Deactivated"),
}
STANDS: Table = {
    "active": _("May sign in"),
    "invited": _("Invited, no password yet"),
    "inactive": _("May not sign in"),
}
"""How one person stands; the words above are those of the lists."""
DONE: Table = {
    "invited": _("Invited: a mail with a link is on its way."),
    "added": _("Added. This portal sends no mail: make a link below and hand it over."),
    "sent": _("A mail with a link is on its way."),
    "changed": _("Saved."),
    "deactivated": _("Deactivated, and signed out everywhere."),
    "activated": _("May sign in again."),
    "ended": _("Signed out everywhere."),
}
EVERYBODY = _("Everybody")
