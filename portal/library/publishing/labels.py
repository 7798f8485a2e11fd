"""Words of the desk: phases, actions, and what the timeline says."""

from flask_babel import lazy_gettext as _

from portal.web.words import FACETS, Table

PHASES: Table = {
    "draft": _("Draft"),
    "review": _("In review"),
    "retired": _("Retired"),
    "published": _("Published"),
    "changed": _("Published, next revision in the works"),
    "change-in-review": _("Published, next revision in review"),
}
PHASES_SHORT: Table = {
    "draft": _("Draft"),
    "review": _("In review"),
    "retired": _("Retired"),
    "published": _("Published"),
    "changed": _("Being changed"),
    "change-in-review": _("Change in review"),
}
ACTIONS: Table = {
    "submit": _("Ask for review"),
    "send-back": _("Send back"),
    "publish": _("Publish"),
    "discard": _("Discard the change"),
    "unpublish": _("Unpublish"),
    "retire": _("Retire"),
    "restore": _("Take back into work"),
}
HAPPENED: Table = {
    "create": _("Began this asset"),
    "save": _("Saved a revision"),
    "submit": _("Asked for review"),
    "send-back": _("Sent it back"),
    "publish": _("Published it"),
    "discard": _("Discarded the change"),
    "unpublish": _("Unpublished it"),
    "retire": _("Retired it"),
    "restore": _("Took it back into work"),
    "schedule": _("Set times for it"),
    "not-published-nothing": _("Did not publish it at its time: there was nothing new"),
    "not-published-phase": _("Did not publish it at its time: it had been retired"),
    "not-published-unseen": _("Did not publish it at its time: nobody had reviewed it"),
    "not-published-text": _("Did not publish it at its time: it had no text that can be shown"),
    "not-retired": _("Did not retire it at its time: it had been retired before"),
    "comment": _("Commented"),
    "facts": _("Changed the facts"),
    "attach": _("Attached"),
    "replace-file": _("Replaced an attachment by"),
    "detach": _("Removed the attachment"),
    "confirm": _("Said that it is still true"),
    "interval": _("Set how often it is checked"),
    "owner": _("Changed the owner"),
    "backup": _("Changed who stands in for the owner"),
    "tag": _("Added a word"),
    "untag": _("Took a word away"),
    "undo": _("Undid a change to many assets"),
    "hand-over": _("Handed it over"),
    "released": _("Took it from its folder back to the desk"),
    "rule-claim": _("Decided about a claim"),
    "unrule-claim": _("Took back a decision about a claim"),
    "dismiss-finding": _("Left a finding as it is"),
    "reopen-finding": _("Took up a finding again"),
    "follow": _("Said that the translation fits the original"),
    "original": _("Made this language the original"),
    "load": _("Loaded it from a folder"),
    "load-files": _("Loaded attachments from a folder"),
}
REASONS: Table = {
    "send-back": _("What has to change?"),
    "unpublish": _("Why is it taken down?"),
    "retire": _("Why is it not needed any more?"),
}
FACTS: Table = {
    **FACETS,
    "kind": _("Kind"),
    "owner": _("Owner"),
    "backup_owner": _("Backup owner"),
    "department": _("Department"),
    "checked_on": _("Checked on"),
}
