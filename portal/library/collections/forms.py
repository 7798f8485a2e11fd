"""Forms of collections: their facts, an order, a step, a note, what to add."""

from flask_babel import lazy_gettext as _
from wtforms import IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import AnyOf, InputRequired, Length, NumberRange

from portal.library.collections.rules import (
    DESCRIPTION_MOST,
    NAME_MOST,
    NOTE_MOST,
    NUMBER_MOST,
    Facts,
    Reach,
)
from portal.library.rules import SLUG_LIMIT
from portal.library.writing.forms import one_line, storable, version_field
from portal.web.forms import Form
from portal.web.locale import NAMES

_LONG = _("This is too long.")
_MISSING = InputRequired(_("Please fill this in."))


class CollectionForm(Form):
    """What a collection is called and who sees it; `version` of what is changed."""

    name = StringField(
        _("What it is called"), [_MISSING, Length(max=NAME_MOST, message=_LONG)], filters=[one_line]
    )
    description = TextAreaField(
        _("What is it for?"), [Length(max=DESCRIPTION_MOST, message=_LONG)], filters=[storable]
    )
    language = SelectField(_("Language"), choices=list(NAMES.items()))
    reach = SelectField(
        _("Who sees it"),
        choices=[
            (Reach.ALL.value, _("Everybody")),
            (Reach.TEAM.value, _("My team")),
            (Reach.PRIVATE.value, _("Only me")),
        ],
    )
    version = version_field()

    def leave_out_team(self) -> None:
        """Offer no team to somebody who is in none."""
        self.reach.choices = [it for it in self.reach.choices if it[0] != Reach.TEAM.value]

    def facts(self) -> Facts:
        """Return what was filled in."""
        return Facts(
            name=self.name.data,
            description=(self.description.data or "").strip(),
            language=self.language.data,
            reach=Reach(self.reach.data),
        )


class VersionForm(Form):
    """The version of the collection somebody looked at."""

    version = IntegerField(validators=[InputRequired(), NumberRange(0, NUMBER_MOST)])


class StepForm(VersionForm):
    """An entry one place further up or down."""

    to = StringField(validators=[AnyOf(["up", "down"])])


class OrderForm(VersionForm):
    """All entries in their new order, by number, with commas between them."""

    order = StringField()


class NoteForm(Form):
    """A word about an entry."""

    note = StringField(_("Note"), [Length(max=NOTE_MOST, message=_LONG)], filters=[one_line])


class AddForm(NoteForm):
    """An asset for a collection."""

    asset = StringField(validators=[InputRequired(), Length(max=SLUG_LIMIT)], filters=[one_line])


class PlainForm(Form):
    """A button."""
