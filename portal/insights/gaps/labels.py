"""Words of the gaps: orders, columns and what they mean."""

from flask_babel import lazy_gettext as _

from portal.insights.gaps.weighing import Sort
from portal.web.words import Table

SORTS: Table = {
    Sort.VALUE: _("Waiting value"),
    Sort.DEALS: _("Waiting deals"),
    Sort.PEOPLE: _("People"),
    Sort.TIMES: _("Searches"),
    Sort.LAST: _("Latest"),
}
MEANS: Table = {
    "gap": _("What was searched or asked for; wordings of the same meaning are one line."),
    "searches": _(
        "Searches of the last 90 days that found nothing, or of which no result was opened. While"
        " somebody types only the last search counts."
    ),
    "empty": _("Those of the searches that found nothing at all."),
    "people": _("Different people who searched or wait for a request. Nobody is named."),
    "deals": _(
        "Open deals somebody worked on when searching, or a request is for; each deal once."
    ),
    "value": _("The sum of the waiting deals in this currency. It is what waits, not what is won."),
    "others": _("Waiting deals in other currencies: never added to the value."),
    "last": _("The last search, or when it was asked for."),
    "requests": _("Numbers of the open requests for it."),
    "declined": _("Numbers of the requests for it that were declined."),
}
