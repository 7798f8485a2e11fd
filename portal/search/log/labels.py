"""Words of the log of searches: lists, columns and what they mean."""

from flask_babel import lazy_gettext as _

from portal.search.log.rules import Column, Which
from portal.web.words import Table

LISTS: Table = {
    Which.ALL: _("Top searches"),
    Which.NOTHING: _("Nothing found"),
    Which.POOR: _("Found, but nothing opened"),
}
COLUMNS: Table = {
    "search": _("Search"),
    Column.TIMES: _("Searches"),
    Column.PEOPLE: _("People"),
    Column.NOTHING: _("Nothing found"),
    Column.POOR: _("Nothing opened"),
    Column.OPENED: _("Led on"),
    "teams": _("Teams"),
    Column.LAST: _("Last time"),
}
MEANS: Table = {
    "search": _(
        "What was typed most often of all that means the same: order, inflection, diacritics and"
        " common words do not count, and words of the trade mean the same in every language."
    ),
    Column.TIMES: _(
        "Searches, each once: while somebody types, only the last one counts, and the same again"
        " within two minutes is the same."
    ),
    Column.PEOPLE: _("Different people. Nobody is named."),
    Column.NOTHING: _("Those of the searches that found nothing at all."),
    Column.POOR: _(
        "Those that found something of which nothing was opened, or copied, in the same visit."
    ),
    Column.OPENED: _(
        "The share of the searches after which a result was opened in the same visit."
    ),
    "teams": _("How many people of which team; teams with fewer than three of them are not told."),
    Column.LAST: _("The day of the last one."),
}
WEEK: Table = {
    "week": _("Week of"),
    "visits": _("Visits with a search"),
    "led": _("Of these, successful"),
    "share": _("Success rate"),
    "people": _("People"),
}
WEEK_MEANS: Table = {
    "week": _("Its Monday; the last week is not over yet."),
    "visits": _(
        "A visit is what one person does until a pause of more than half an hour, or midnight."
    ),
    "led": _("A result was opened, or its sentence copied, after a search of the visit."),
    "share": _(
        "Successful visits of all visits with a search; not told of fewer than three people."
    ),
    "people": _("Different people who searched in that week."),
}
