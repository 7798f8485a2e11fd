"""Words for what is wrong with a list of stages or reasons."""

from flask_babel import gettext

from portal.deals.pipelines.rules import Flaw


def flaw(what: Flaw, place: int | None, *, most: int) -> str:
    """Say what is wrong and where."""
    row = (place or 0) + 1
    said = {
        Flaw.NAMELESS: lambda: gettext("Line %(row)s has no name in any language.", row=row),
        Flaw.TWICE: lambda: gettext("Line %(row)s has a word that another one has.", row=row),
        Flaw.TOO_MANY: lambda: gettext(
            "At most %(most)s can be in use: put some out of use.", most=most
        ),
        Flaw.NONE_OPEN: lambda: gettext("At least one stage in use must be open."),
    }
    return str(said[what]())
