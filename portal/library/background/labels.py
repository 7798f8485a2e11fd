"""Words for background work: what each job does, and how far it is."""

from flask_babel import lazy_gettext as _

from portal.web.words import Table

JOBS: Table = {
    "publish-at": _("Publish at its time"),
    "retire-at": _("Retire at its time"),
    "late-times": _("Look for times that were missed"),
    "index-drain": _("Bring the search up to date"),
    "jobs-sweep": _("Clear away old background work"),
    "extract": _("Read an attachment"),
    "remind": _("Remind owners of what is to be checked"),
    "mail": _("Send a mail"),
    "reset-mail": _("Send a link for another password"),
    "digests": _("Put the notices of a day into one mail"),
    "tell-searchers": _("Tell who searched in vain that there is an answer now"),
    "request-clocks": _("Remind of what is owed about requests"),
    "audit-verify": _("Read the audit log for changes"),
    "forget": _("Forget who did what long ago"),
    "rate-calls": _("Remind of what was used in calls and is not rated"),
    "deal_ended": _("Ask what helped on deals that have ended"),
    "deal-import": _("Take in deals from a file"),
    "roll-up-use": _("Count the use of assets by days"),
    "roll-up-searches": _("Count the searches by days"),
    "check-some": _("Check the quality of what has changed"),
    "check-all": _("Check the quality of everything"),
    "packs": _("Send the Monday pack and the monthly one"),
    "lift": _("Follow which assets help to win"),
    "search-priors": _("Count anew what searches lead to"),
    "lift-refresh": _("Count anew which assets help to win"),
}
STATES: Table = {
    "dead": _("Given up"),
    "failed": _("Failed, will be tried again"),
    "running": _("Running"),
    "waiting": _("Waiting"),
    "done": _("Done"),
    "dropped": _("Dropped"),
}
"""In the order a person wants to look at them: what needs one first."""
