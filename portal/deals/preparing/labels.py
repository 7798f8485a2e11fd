"""Words for how assets were used."""

from flask_babel import lazy_gettext as _

from portal.web.words import Table

ACTIONS: Table = {
    "viewed": _("opened"),
    "copied": _("copied"),
    "downloaded": _("downloaded"),
    "printed": _("printed"),
}
