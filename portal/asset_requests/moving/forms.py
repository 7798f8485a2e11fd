"""Forms of moves: words and what a declined request is answered with."""

from wtforms import StringField, TextAreaField
from wtforms.validators import Length

from portal.asset_requests.rules import NOTE_MOST
from portal.library.links import slug_in
from portal.library.rules import SLUG_LIMIT
from portal.library.writing.forms import one_line, storable
from portal.web.forms import Form


class MoveForm(Form):
    """A move with its words; `instead` is an asset's address or slug, when it is declined."""

    note = TextAreaField(validators=[Length(max=NOTE_MOST)], filters=[storable])
    instead = StringField(validators=[Length(max=600)], filters=[one_line])

    @property
    def slug(self) -> str:
        """The slug of the asset given by its address or slug."""
        return slug_in(self.instead.data or "")[: SLUG_LIMIT + 1]
