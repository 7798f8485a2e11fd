"""Words for remarks: what is the matter, and how it ended."""

from flask_babel import lazy_gettext as _

from portal.web.words import Table

WRONG: Table = {"wrong": _("Wrong"), "outdated": _("Outdated")}
STATES: Table = {"open": _("Not answered yet"), "fixed": _("Fixed"), "stays": _("Stays as it is")}
