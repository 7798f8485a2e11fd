"""Words of promotions: why something can not be promoted."""

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from portal.search.promoting.service import Trouble

TROUBLES: dict[str, tuple[str, LazyString]] = {
    Trouble.WORDS: ("query", _("Type one to eight words that people search for.")),
    Trouble.DAY: ("ends_on", _("Choose a day from today on, at most a year ahead.")),
    Trouble.TWICE: ("asset", _("This asset is promoted for this search already.")),
    Trouble.MANY: ("query", _("Three assets are promoted for this search; end one of them first.")),
}
"""Trouble → the field it is about, and words for it."""
