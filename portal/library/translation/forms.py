"""The form of a translation: a text a section, what stands beside them, and what it follows."""

from flask import request
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, HiddenField, IntegerField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange

from portal.library.files import MANY, SUMMARY_LIMIT, TAG_LIMIT, TITLE_LIMIT
from portal.library.publishing.rules import NOTE_MOST
from portal.library.translation.drafting import Typed
from portal.library.writing.forms import NUMBER_MOST, one_line, storable
from portal.web.forms import Form

TEXT = "text"
FIELD = "field."
_LONG = _("This is too long.")
_NUMBER = [InputRequired(), NumberRange(0, NUMBER_MOST)]


def _hidden() -> IntegerField:
    return IntegerField(widget=HiddenField.widget, validators=_NUMBER)


class TranslationForm(Form):
    """A translation; `base` is the revision the writing began from, `source` the original's."""

    title = StringField(
        _("Title"),
        [InputRequired(_("Please fill this in.")), Length(max=TITLE_LIMIT, message=_LONG)],
        filters=[one_line],
    )
    summary = TextAreaField(
        _("Summary"), [Length(max=SUMMARY_LIMIT, message=_LONG)], filters=[one_line]
    )
    tags = StringField(_("Tags"), [Length(max=MANY * TAG_LIMIT, message=_LONG)], filters=[one_line])
    note = StringField(
        _("What has changed"), [Length(max=NOTE_MOST, message=_LONG)], filters=[one_line]
    )
    base = _hidden()
    source = _hidden()
    follows = BooleanField()

    def tag_list(self) -> list[str]:
        """Return the tags, each once."""
        tags = dict.fromkeys(filter(None, (tag.strip() for tag in self.tags.data.split(","))))
        return [tag[:TAG_LIMIT] for tag in tags][:MANY]

    def typed(self, number: int) -> Typed:
        """Return all that was typed, fit or unfit, beside the text's revision of this number."""
        return Typed(
            title=self.title.data,
            summary=self.summary.data,
            tags=self.tags.data,
            note=self.note.data,
            texts=self.texts(),
            fields=self.field_texts(),
            source=self.source.data or 0,
            number=number,
            follows=bool(self.follows.data),
        )

    @staticmethod
    def texts() -> list[str]:
        """Return the sections' texts in their order."""
        return [storable(text) for text in request.form.getlist(TEXT)]

    @staticmethod
    def field_texts() -> dict[tuple[str, ...], str]:
        """Return the texts within the kind's own fields, by their path."""
        return {
            tuple(name.removeprefix(FIELD).split(".")): storable(value).strip()
            for name, value in request.form.items()
            if name.startswith(FIELD)
        }


class FollowForm(Form):
    """Which revision of a text fits which revision of the original."""

    number = _hidden()
    follows = _hidden()
