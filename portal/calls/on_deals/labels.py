"""Words for how calls went, as their deal's page says them."""

from flask_babel import lazy_gettext as _

from portal.web.words import Table

RESULTS: Table = {
    "advanced": _("Advanced"),
    "stalled": _("Stalled"),
    "lost": _("Lost"),
    "no-answer": _("No answer"),
    "planned": _("Planned"),
}
