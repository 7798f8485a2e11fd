"""Words for use: what is counted, how it is defined, what tables are by, what lists ask for."""

from flask_babel import lazy_gettext as _

from portal.insights.use.rules import By, Listing
from portal.web.words import Table

COUNTED: Table = {
    "shown": _("Listed"),
    "opens": _("Opened"),
    "views": _("Views"),
    "people": _("People"),
    "copies": _("Copies"),
    "downloads": _("Downloads"),
    "prints": _("Prints"),
}
DEFINED: Table = {
    "shown": _("Searches that listed it on the page of hits, while typing as well."),
    "opens": _("Hits of a search that were opened; a hit counts once a search."),
    "views": _("Times the page was opened, from wherever one came."),
    "people": _("Different people who viewed, copied, downloaded or printed; each counts once."),
    "copies": _("Sentences that were copied."),
    "downloads": _("Files that were downloaded."),
    "prints": _("Times it was printed."),
    "members": _("People in the team today."),
    "last_used": _("The last day on which it was viewed, copied, downloaded or printed."),
    "change": _("Uses compared with as many days before, in percent."),
}
BY: Table = {
    By.ASSET.value: _("Assets"),
    By.KIND.value: _("Kinds"),
    By.TEAM.value: _("Teams"),
    By.PERSON.value: _("People"),
    By.LANGUAGE.value: _("Languages"),
    By.STAGE.value: _("Stages"),
    By.DAY.value: _("Day by day"),
}
BY_ONE: Table = {
    By.ASSET.value: _("Asset"),
    By.KIND.value: _("Kind"),
    By.TEAM.value: _("Team"),
    By.PERSON.value: _("Person"),
    By.LANGUAGE.value: _("Language"),
    By.STAGE.value: _("Stage"),
    By.DAY.value: _("Day"),
}
NONE: Table = {
    By.KIND.value: _("Deleted assets"),
    By.TEAM.value: _("No team"),
    By.LANGUAGE.value: _("Not known"),
    By.STAGE.value: _("Outside of a deal"),
}
LISTS: Table = {
    Listing.HOT.value: _("Rising"),
    Listing.NEVER_SHOWN.value: _("Never listed"),
    Listing.NOT_OPENED.value: _("Listed, not opened"),
    Listing.NOT_USED.value: _("Opened, not used"),
    Listing.STALE.value: _("Not used at all"),
}
LISTS_MEAN: Table = {
    Listing.HOT.value: _(
        "Used clearly more than in as many days before: by three people at least, and by more"
        " than chance would do."
    ),
    Listing.NEVER_SHOWN.value: _(
        "No search has listed these. Do their titles and texts have the words people search for?"
    ),
    Listing.NOT_OPENED.value: _(
        "Searches listed these and nobody opened them from there. Do title and summary say what"
        " they are good for?"
    ),
    Listing.NOT_USED.value: _(
        "Looked at, but nothing was copied, downloaded or printed. Reading may be all one needs."
    ),
    Listing.STALE.value: _("Published before these days and not used in them. Keep or retire?"),
}
