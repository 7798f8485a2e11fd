"""Words for states, moves, origins and complaints of requests."""

from flask_babel import lazy_gettext as _

from portal.web.words import Table

STATES: Table = {
    "asked": _("Asked"),
    "acknowledged": _("Seen"),
    "taken-on": _("Taken on"),
    "waiting": _("Waits for an answer"),
    "delivered": _("Delivered"),
    "accepted": _("Accepted"),
    "declined": _("Declined"),
    "reopened": _("Reopened"),
    "withdrawn": _("Withdrawn"),
    "merged": _("Part of another"),
}
ACTIONS: Table = {
    "acknowledge": _("I have seen it"),
    "take-on": _("Take it on"),
    "assign": _("Give it to somebody"),
    "release": _("Give it back"),
    "wait": _("Ask back"),
    "answer": _("Answer"),
    "deliver": _("Deliver"),
    "decline": _("Decline"),
    "accept": _("That is it, thank you"),
    "reopen": _("Something is missing"),
    "withdraw": _("Not needed any more"),
    "merge": _("It is part of another one"),
    "support": _("Me too"),
    "leave": _("I do not wait for it any more"),
}
"""What the button of a move says."""
HAPPENED: Table = {
    "ask": _("asked"),
    "change": _("changed what is asked"),
    "acknowledge": _("has seen it"),
    "take-on": _("took it on"),
    "assign": _("gave it to %(to)s"),
    "release": _("gave it back"),
    "wait": _("asked back"),
    "answer": _("answered"),
    "deliver": _("delivered"),
    "decline": _("declined it"),
    "accept": _("accepted it"),
    "reopen": _("reopened it"),
    "withdraw": _("withdrew it"),
    "merge": _("merged"),
    "support": _("waits for it too"),
    "leave": _("waits no more"),
    "comment": _("said"),
    "thank": _("said thank you"),
}
"""What the timeline says, after the person's name."""
ASKED: Table = {
    "wait": _("What do you need to know?"),
    "answer": _("Your answer"),
    "decline": _("Why not?"),
    "reopen": _("What is missing?"),
}
"""What a move that needs words asks for."""
COMPLAINTS: Table = {
    "missing": _("Something is missing"),
    "wrong": _("Something is wrong"),
    "outdated": _("Something is outdated"),
}
"""What is the matter with an asset; the same words title the request it becomes."""
GRAVE = frozenset({"decline", "withdraw"})
MAIN = ("accept", "answer", "deliver", "take-on", "acknowledge", "support")
"""The moves that come first for whoever may make them, the most wanted first."""
