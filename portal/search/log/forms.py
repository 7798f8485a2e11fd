"""Forms of the log: another name for a competitor or product, from a search that missed it."""

from flask_babel import lazy_gettext as _
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length

from portal.library.terms.rules import WORD_MOST
from portal.library.writing.forms import one_line
from portal.web.forms import Form


class AliasForm(Form):
    """The term, `facet/slug`, and what people call it; with the search and asset looked at."""

    term = SelectField(_("Competitor or product"), [InputRequired(_("Choose whose name it is."))])
    alias = StringField(
        _("What people call it"),
        [
            InputRequired(_("Please fill this in.")),
            Length(max=WORD_MOST, message=_("This is too long.")),
        ],
        filters=[one_line],
    )
    q = StringField(filters=[one_line])
    asset = StringField(filters=[one_line])
