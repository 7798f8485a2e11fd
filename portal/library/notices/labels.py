"""Words for what people are told."""

from flask_babel import lazy_gettext as _

from portal.web.words import Table

TOPICS: Table = {
    "review": _("waits for your review"),
    "sent-back": _("was sent back to you"),
    "published": _("is published"),
    "comment": _("has a new comment"),
    "check-soon": _("is to be checked soon"),
    "check-due": _("is to be checked now"),
    "handed-over": _("is in your care now"),
}
