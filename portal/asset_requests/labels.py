"""Words for states, moves, origins and complaints of requests."""

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

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
    "release": _("Give it back"),
    "wait": _("Ask back"),
    "answer": _("Answer"),
    "decline": _("Decline"),
    "accept": _("That is it, thank you"),
    "reopen": _("Something is missing"),
    "withdraw": _("Not needed any more"),
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


def moved_on(state: str, name: str = "") -> LazyString:
    """Return what to say to somebody who was not the first; `name`: who has taken it on."""
    if name:
        return _("%(name)s has taken it on meanwhile.", name=name)
    return _("Somebody was faster; now it is: %(state)s.", state=STATES.get(state, state))


GRAVE = frozenset({"decline", "withdraw"})
MAIN = ("accept", "answer", "take-on", "acknowledge")
"""The moves that come first for whoever may make them, the most wanted first."""
