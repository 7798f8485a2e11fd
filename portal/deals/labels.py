"""Words for how deals end, and for the ways they are listed."""

from flask_babel import lazy_gettext as _

from portal.web.words import Table

OUTCOMES: Table = {
    "open": _("In progress"),
    "won": _("Won"),
    "lost": _("Lost"),
    "no-decision": _("No decision"),
}
SCOPES: Table = {"mine": _("My deals"), "team": _("My team’s"), "all": _("All I may see")}
WHICH: Table = {
    "open": _("Open deals"),
    "ended": _("Ended"),
    "won": _("Won"),
    "lost": _("Lost"),
    "no-decision": _("No decision"),
}
SORTS: Table = {"closing": _("By closing day"), "amount": _("By amount")}
