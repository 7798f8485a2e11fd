"""Words of claims: what is wrong with one, and what was decided about it."""

from flask_babel import lazy_gettext as _

from portal.web.words import Table

PROBLEMS: Table = {
    "unsourced": _("Without a source"),
    "undated": _("Without a date"),
    "old": _("Too old"),
    "contradiction": _("Contradictions"),
    "translation": _("Languages differ"),
    "statement": _("About competitors, no figure"),
    "": _("All claims"),
    "decided": _("Decided"),
}
HELP: Table = {
    "unsourced": _(
        "Somebody will ask where these figures are from. Add the source in brackets "
        "behind the sentence: (Delivery report, July 2026)."
    ),
    "undated": _("These have a source, but nobody can tell how old it is. Add the month and year."),
    "old": _(
        "These sources are older than claims of their kind should be. Find a newer "
        "figure, or take the sentence out."
    ),
    "contradiction": _(
        "The same subject and the same measure, but another figure. One of them is wrong "
        "or out of date."
    ),
    "translation": _(
        "The same place of the same asset says another figure in another language: most "
        "likely a slip of translation."
    ),
    "statement": _(
        "What we say about competitors without a figure or a source. Say how we know, or "
        "be ready to be asked."
    ),
    "": _("Every sentence with a figure, or about a competitor, of what is published."),
    "decided": _(
        "What people decided to leave as it is, and why. Take a decision back, and the "
        "claim is listed again."
    ),
}
VERDICTS: Table = {
    "no-claim": _("Not a claim"),
    "no-contradiction": _("Not a contradiction"),
}
