"""Words for calls: kinds, results, roles, what customers say."""

from flask_babel import lazy_gettext as _

from portal.web.words import Table

STATES: Table = {
    "planned": _("Planned"),
    "logged": _("Logged"),
    "called-off": _("Called off"),
}
KINDS: Table = {
    "first": _("First call"),
    "discovery": _("Discovery"),
    "demo": _("Demo"),
    "negotiation": _("Negotiation"),
    "follow-up": _("Follow-up"),
    "other": _("Something else"),
}
RESULTS: Table = {
    "advanced": _("It moves on"),
    "stalled": _("It stalls"),
    "lost": _("It is lost"),
    "no-answer": _("No answer"),
}
ROLES: Table = {
    "owner": _("Business owner"),
    "director": _("Director"),
    "buyer": _("Buyer"),
    "finance": _("Finance"),
    "technical": _("Technical person"),
    "user": _("User"),
    "assistant": _("Assistant"),
}
SAID: Table = {
    "objection": _("Objection"),
    "wish": _("Wish"),
    "complaint": _("Complaint"),
    "competitor": _("Competitor named"),
}
SAID_MANY: Table = {
    "objection": _("Objections"),
    "wish": _("Wishes"),
    "complaint": _("Complaints"),
    "competitor": _("Competitors"),
}
ANSWERS: Table = {
    "open": _("Open"),
    "answered": _("Answered"),
    "aside": _("Set aside"),
}
