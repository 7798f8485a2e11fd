"""Words for ratings: what an asset did, and what few ratings amount to."""

from flask_babel import lazy_gettext as _
from flask_babel import ngettext

from portal.calls.ratings.rules import Word
from portal.web.words import Table

HELPED: Table = {"helped": _("Helped"), "did-not": _("Did not help"), "hurt": _("Hurt")}


def few(word: Word, n: int) -> str:
    """Return what few ratings say."""
    if word is Word.GOOD:
        return str(ngettext("good so far, %(num)d rating", "good so far, %(num)d ratings", n))
    if word is Word.WEAK:
        return str(ngettext("weak so far, %(num)d rating", "weak so far, %(num)d ratings", n))
    return str(ngettext("mixed so far, %(num)d rating", "mixed so far, %(num)d ratings", n))
