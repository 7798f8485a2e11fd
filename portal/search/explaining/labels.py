"""Words of an explanation: parts of a text, priors."""

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from portal.search.indexing import Field
from portal.search.priors.rules import Prior

PLACES: dict[str, LazyString] = {
    Field.TITLE: _("in the title, which counts three times"),
    Field.HEADINGS: _("in headings, which count twice"),
    Field.SUMMARY: _("in the summary, which counts twice"),
    Field.TAGS: _("among its tags, which count twice"),
    Field.VOCABULARY: _("among its products, competitors and other terms"),
    Field.KIND: _("as its kind"),
    Field.OWNER: _("as its owner"),
    Field.FILES: _("in its attachments"),
}
PRIORS: dict[str, LazyString] = {
    Prior.RATING: _("Rating"),
    Prior.USE: _("Use"),
    Prior.FRESH: _("Freshness"),
    Prior.VERIFIED: _("Verified"),
}
