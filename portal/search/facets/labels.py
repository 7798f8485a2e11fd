"""Words of facets that no other part of the portal has."""

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

FACETS: dict[str, LazyString] = {"owner": _("Owner"), "freshness": _("Freshness")}
FRESHNESS: dict[str, LazyString] = {
    "fresh": _("Checked"),
    "due": _("Check due within a week"),
    "overdue": _("Check overdue, or never checked"),
}
