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
SENTENCES: Table = {
    "request_asked": _("%(who)s asks for “%(title)s”"),
    "request_assigned": _("%(who)s gave you the request “%(title)s”"),
    "request_acknowledged": _("%(who)s has seen your request “%(title)s”"),
    "request_taken": _("%(who)s took on your request “%(title)s”"),
    "request_waiting": _("%(who)s needs to know more about your request “%(title)s”"),
    "request_delivered": _("%(who)s delivered what you asked for: “%(title)s”"),
    "request_accepted": _("%(who)s accepted what you delivered: “%(title)s”"),
    "request_declined": _("%(who)s declined your request “%(title)s”"),
    "request_changed": _("%(who)s changed what is asked: “%(title)s”"),
    "request_withdrawn": _("%(who)s withdrew the request “%(title)s”: it is not needed any more"),
    "request_reopened": _("%(who)s reopened the request “%(title)s”"),
    "request_answered": _("What you looked for in vain is here now: “%(title)s”"),
    "request_comment": _("%(who)s commented on the request “%(title)s”"),
    "request_mention": _("%(who)s mentioned you in the request “%(title)s”"),
    "request_thanks": _("%(who)s thanks you for “%(title)s”"),
    "request_due": _("The request “%(title)s” is due soon"),
    "voice_answered": _("%(who)s answered what you heard from a customer: “%(title)s”"),
    "request_overdue": _("The request “%(title)s” is overdue"),
    "flag": _("%(who)s says that “%(title)s” is wrong or outdated"),
    "flag_answered": _("%(who)s answered your remark on “%(title)s”"),
    "rate_call": _("How useful was what you used in your call? “%(title)s”"),
    "deal_feedback": _("The deal “%(title)s” has ended: what helped, what was missing?"),
    "pack_week": _("The Monday pack for the week from %(title)s is here"),
    "pack_month": _("The monthly pack for the month from %(title)s is here"),
}
"""What is told of requests, remarks, calls and deals: whole sentences."""
KINDS: Table = {
    "requests": _("Requests: asked, taken on, delivered, answered"),
    "talk": _("Comments and mentions"),
    "thanks": _("Thanks"),
    "times": _("Requests that are due soon or overdue"),
    "reviews": _("Reviews: what waits for you, answers to you"),
    "checks": _("Reminders to check what is yours"),
    "care": _("What is handed over to you"),
    "flags": _("Wrong or outdated: remarks on what is yours, answers to yours"),
    "field": _("Reminders to rate what you used, and to say what helped"),
    "pack": _("The Monday pack and the monthly one"),
}
