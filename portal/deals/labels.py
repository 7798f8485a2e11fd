"""Words for how deals end."""

from flask_babel import lazy_gettext as _

from portal.web.words import Table

OUTCOMES: Table = {
    "open": _("Open"),
    "won": _("Won"),
    "lost": _("Lost"),
    "no-decision": _("No decision"),
}
