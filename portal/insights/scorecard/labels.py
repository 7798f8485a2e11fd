"""Words of the scorecard: what is aimed at, over which time."""

from flask_babel import lazy_gettext as _

from portal.web.words import Table

MEASURES: Table = {
    "revenue": _("Won revenue"),
    "win-rate": _("Share of deals won"),
    "deals-won": _("Deals won"),
    "on-time": _("Requests delivered on time"),
    "adoption": _("People in Sales who use the portal"),
}
PERIODS: Table = {"month": _("each month"), "quarter": _("each quarter"), "year": _("each year")}
