"""Words for the ways of being told."""

from flask_babel import lazy_gettext as _

from portal.web.words import Table

WAYS: Table = {
    "mail": _("By mail at once"),
    "digest": _("In one mail a day"),
    "portal": _("In the portal only"),
    "muted": _("Muted"),
}
