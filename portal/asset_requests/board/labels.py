"""Words of the table and the board: moves, filters, and why something was left alone."""

from flask_babel import lazy_gettext as _

from portal.web.words import Table

SOME: Table = {
    "open": _("All open"),
    "done": _("All settled"),
    "any": _("Any state"),
}
WAYS: Table = {
    "acknowledge": _("Acknowledged: we have seen it"),
    "take-on": _("Taken on, by me"),
    "release": _("Back to the queue"),
    "wait": _("Waiting: ask something back…"),
    "answer": _("Answer what was asked…"),
    "deliver": _("Delivered…"),
    "reopen": _("Reopened: say what is missing…"),
    "decline": _("Declined: say why…"),
}
"""Where a card can be moved; three dots: words are asked for first."""
TABS: Table = {
    "mine": _("Mine"),
    "team": _("My team’s"),
    "queue": _("For us to answer"),
    "all": _("All"),
}
SORTS: Table = {
    "due": _("Due first"),
    "weight": _("Most at stake first"),
    "newest": _("Newest first"),
}
DUES: Table = {
    "soon": _("Due soon"),
    "overdue": _("Overdue"),
}
COMPLAINTS: Table = {
    "missing": _("Missing in %(title)s"),
    "wrong": _("Wrong in %(title)s"),
    "outdated": _("Outdated in %(title)s"),
}
PROMISES: Table = {
    "acknowledge": _("Acknowledge it"),
    "deliver": _("Deliver it"),
    "context": _("Answer what was asked"),
    "try": _("Try it"),
}
"""What has to be done next, before it is due."""
WHYS: Table = {
    "gone": _("There is no such request."),
    "faster": _("It has moved on, or is where this can not be done."),
    "others": _("It is for others to do."),
    "unfit": _("This person can not answer it."),
    "same": _("It was so already."),
}
