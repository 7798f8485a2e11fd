"""Forms of claims: why something is left as it is, and which claims are wanted."""

from flask_babel import lazy_gettext as _
from werkzeug.datastructures import MultiDict
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from portal.library.claims.queries import Wanted
from portal.library.claims.rules import WHY_MOST, Problem
from portal.library.rules import Kind
from portal.web.forms import Form

ID_MOST = 2**31 - 1
DECIDED = "decided"
ALL = "all"


def clean(text: str | None) -> str:
    """Leave out what no database keeps: NUL and lone surrogates."""
    return "".join(c for c in text or "" if c != "\x00" and not "\ud800" <= c <= "\udfff")


class WhyForm(Form):
    """Why something that was listed is fine."""

    why = StringField(
        _("Why?"),
        [
            InputRequired(_("Please fill this in.")),
            Length(max=WHY_MOST, message=_("This is too long.")),
        ],
        filters=[clean],
    )  # fmt: skip


def list_of(args: MultiDict[str, str]) -> str:
    """Return which list is asked for: a problem, `all` or `decided`; the first one when unknown."""
    asked = args.get("list", "")
    return asked if asked in {*Problem, ALL, DECIDED} else Problem.UNSOURCED.value


def wanted_of(
    args: MultiDict[str, str], competitors: set[str], asset_id: int | None = None
) -> Wanted:
    """Return the claims asked for; what is unknown counts as not asked."""
    competitor, kind = args.get("competitor", ""), args.get("kind", "")
    return Wanted(
        competitor=competitor if competitor in competitors else "",
        kind=kind if kind in set(Kind) else "",
        owner_id=id_of(args.get("owner")),
        asset_id=asset_id,
    )


def id_of(raw: str | None) -> int | None:
    """Return the id an address names, if it can be one."""
    text = raw or ""
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(ID_MOST))):
        return None
    return min(int(text), ID_MOST)
