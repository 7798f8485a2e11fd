"""Words for how far a request has come that can still be waited for."""

from flask_babel import lazy_gettext as _

from portal.web.words import Table

STATES: Table = {
    "asked": _("Asked"),
    "acknowledged": _("Seen"),
    "taken-on": _("Taken on"),
    "waiting": _("Waits for an answer"),
    "delivered": _("Delivered"),
    "reopened": _("Reopened"),
}
