"""Words of the vocabulary's pages: its lists, and what their history says."""

from flask_babel import lazy_gettext as _

from portal.web.words import Table

FACETS_MANY: Table = {
    "product": _("Products"),
    "competitor": _("Competitors"),
    "industry": _("Industries"),
    "persona": _("Personas"),
    "stage": _("Stages"),
}
HAPPENED: Table = {
    "add": _("Added it"),
    "change": _("Changed its words"),
    "merge": _("Merged another term into it"),
    "undo": _("Undid a merge"),
    "retire": _("Took it out of use"),
    "offer": _("Offered it again"),
}
CHANGED: Table = {
    "slug": _("Short name in addresses"),
    "names": _("Names"),
    "aliases": _("Other words for it"),
}
