"""Words for promises, terms and how a clock stands."""

from flask_babel import lazy_gettext as _

from portal.web.words import Table

PROMISES: Table = {
    "acknowledge": _("Acknowledge"),
    "deliver": _("Deliver"),
    "context": _("Answer a question"),
    "try": _("Try what was delivered"),
    "rate": _("Rate what was delivered"),
    "outcome": _("Say what helped when a deal has ended"),
}
TERMS: Table = {
    "zone": _("Time zone"),
    "countries": _("Public holidays of"),
    "closed": _("Own days off"),
    "opened": _("Days worked besides"),
    "acknowledge": _("Acknowledge a request"),
    "context": _("Answer a question about a request"),
    "try_days": _("Try what was delivered and rate it"),
    "outcome_days": _("Log the outcome of a deal"),
    "rates": _("Ratings are owed and counted"),
    "other": _("Anything else"),
}
WEEKDAYS = (
    _("Monday"),
    _("Tuesday"),
    _("Wednesday"),
    _("Thursday"),
    _("Friday"),
    _("Saturday"),
    _("Sunday"),
)
