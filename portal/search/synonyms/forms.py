"""Forms of synonyms: a group's phrases in each language, one a line."""

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import Length

from portal.config import Language
from portal.library.writing.forms import storable, version_field
from portal.web.forms import Form
from portal.web.locale import NAMES

TEXT_MOST = 4000
_TEXT = Length(max=TEXT_MOST, message=_("This is too long."))


class GroupForm(Form):
    """What means the same, in each language; one word or phrase a line."""

    en = TextAreaField(NAMES[Language.EN], [_TEXT], filters=[storable])
    vi = TextAreaField(NAMES[Language.VI], [_TEXT], filters=[storable])
    ru = TextAreaField(NAMES[Language.RU], [_TEXT], filters=[storable])
    version = version_field()
    back = HiddenField()

    def words(self) -> dict[str, list[str]]:
        """Return the phrases by language."""
        return {code.value: (self[code.value].data or "").splitlines() for code in NAMES}


class RemoveForm(Form):
    """Whether a group is out of use."""

    removed = StringField()
    version = version_field()
