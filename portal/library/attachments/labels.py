"""Words of attachments: kinds, why a file is not taken, why its text could not be read."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from portal.library.attachments.rules import Place
from portal.web.words import Table

KINDS: Table = {
    "pdf": _("PDF file"),
    "pptx": _("Slides"),
    "docx": _("Word file"),
    "xlsx": _("Spreadsheet"),
    "image": _("Picture"),
    "video": _("Video"),
    "link": _("Video by link"),
}
REFUSALS: Table = {
    "no-file": _("Choose a file first."),
    "too-large": _("%(name)s is larger than %(most)s MB. Make it smaller, or link to it."),
    "too-many": _("An asset has at most %(most)s attachments. Remove one first."),
    "many": _("At most %(most)s files at once."),
    "empty": _("%(name)s is empty: there is nothing in it."),
    "unknown": _(
        "%(name)s is not a file we take. Send PDF, PPTX, DOCX, XLSX, PNG, JPEG, GIF, WebP, "
        "MP4 or WebM."
    ),
    "svg": _(
        "%(name)s is an SVG, which can carry programs. Save the picture as PNG and send that."
    ),
    "mismatch": _(
        "%(name)s is not what its name says: it holds %(found)s. Give it its right ending, or "
        "send the right file."
    ),
    "macros": _("%(name)s carries macros, which are programs. Save it without them and send that."),
    "old": _("%(name)s is of an old Office format. Save it as PPTX, DOCX or XLSX and send that."),
    "broken": _("%(name)s is damaged and can not be opened. Save it anew and send that."),
    "bomb": _("%(name)s unpacks to far more than it should. It looks like an attack; not taken."),
    "unsafe": _(
        "%(name)s holds instructions Office never writes. It looks like an attack; not taken."
    ),
    "encrypted": _("%(name)s asks for a password. Save it without one and send that."),
    "slow": _("Looking into %(name)s took too long. Save it anew and send that."),
    "crashed": _("%(name)s could not be looked into. Save it anew and send that."),
    "large": _("Looking into %(name)s took too much memory. Save it in parts and send those."),
    "link": _("Give an address that begins with https://."),
}
TROUBLES: Table = {
    "encrypted": _("It asks for a password, so its text can not be found by search."),
    "broken": _("It is damaged, so its text could not be read."),
    "strict": _(
        "It is saved as “Strict Open XML”; save it as a normal file to make it searchable."
    ),
    "bomb": _("It unpacks to far more than it should; its text was not read."),
    "unsafe": _("It holds instructions Office never writes; its text was not read."),
    "macros": _("It carries macros; its text was not read."),
    "old": _("It is of an old Office format; its text was not read."),
    "unknown": _("It is not what it was taken for; its text was not read."),
    "large": _("Reading it took too much memory, so its text can not be found by search."),
    "slow": _("Reading it took too long, so its text can not be found by search."),
    "crashed": _("Reading it failed, so its text can not be found by search."),
    "missing": _("The file is not in the store any more. Attach it again."),
    "cut": _("It is very long: only its first part can be found by search."),
    "no-text": _("There is no text in it, perhaps because it was scanned."),
}


def refusal(code: str, told: dict[str, str | int]) -> str:
    """Return why a file or link is not taken."""
    return str(REFUSALS.get(code, REFUSALS["crashed"])) % {
        "name": "",
        "most": "",
        "found": "",
        **told,
    }


def place_label(place: Place, name: str) -> str:
    """Return where in which file something was found: “Slide 7 of deck.pptx”."""
    if place.number and place.unit == "page":
        return str(gettext("Page %(n)s of %(name)s", n=place.number, name=name))
    if place.number and place.unit == "slide":
        return str(gettext("Slide %(n)s of %(name)s", n=place.number, name=name))
    if place.number and place.unit == "sheet":
        return str(gettext("Sheet %(n)s of %(name)s", n=place.number, name=name))
    return name
