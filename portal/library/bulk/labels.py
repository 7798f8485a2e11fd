"""Words for changes to many assets: what is done, why one is left as it is."""

from flask_babel import lazy_gettext as _

from portal.web.words import Table

TASKS: Table = {
    "tag": _("Add a word"),
    "untag": _("Take a word away"),
    "owner": _("Change the owner"),
    "backup": _("Change who stands in"),
    "checked": _("Still true"),
    "retire": _("Retire"),
}
REFUSALS: Table = {
    "forbidden": _("others may change it, you may not"),
    "phase": _("not possible in the state it is in"),
    "same": _("is so already"),
    "changed": _("was changed since, and stays as it is"),
}
