"""Words for how a language of an asset stands."""

from flask_babel import lazy_gettext as _

from portal.web.words import Table

STATUSES: Table = {
    "published": _("Published"),
    "works": _("In the works"),
    "lagging": _("Lags behind"),
    "missing": _("Missing"),
}
"""How a language stands; `STATES` says the same of an asset."""
