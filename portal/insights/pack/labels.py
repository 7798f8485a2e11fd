"""Words of packs: their kinds, what lifts are called, which sections there are."""

from flask_babel import lazy_gettext as _

from portal.web.words import Table

KINDS: Table = {"week": _("The Monday pack"), "month": _("The monthly pack")}
VERDICTS: Table = {
    "helps": _("helps to win"),
    "same": _("no difference shown"),
    "hurts": _("won less often with it"),
    "thin": _("too few deals yet"),
    "decided": _("used when it was decided"),
}
