"""The form that settles two people's texts: which version of each part stays."""

from typing import Annotated, Any

from flask import request
from flask_babel import lazy_gettext as _
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError
from wtforms import HiddenField, IntegerField, StringField, TextAreaField
from wtforms.validators import AnyOf, InputRequired, Length, NumberRange, Optional

from portal.errors import Invalid
from portal.library.conflicts.rules import Side
from portal.library.files import MANY, SUMMARY_LIMIT, TAG_LIMIT, TITLE_LIMIT
from portal.library.publishing.rules import NOTE_MOST
from portal.library.writing.forms import NUMBER_MOST, one_line, storable
from portal.web.forms import Form

PICK = "pick-"
CHOICES, WHOLE = "choices", "whole"
_NUMBER = [InputRequired(), NumberRange(0, NUMBER_MOST)]
_UNREADABLE = _("Your text did not come whole. Go back and save it again.")


class Content(BaseModel):
    """A text as revisions keep it, come back from a page."""

    model_config = ConfigDict(extra="forbid")

    title: Annotated[str, StringConstraints(min_length=1, max_length=TITLE_LIMIT)]
    summary: Annotated[str, StringConstraints(max_length=SUMMARY_LIMIT)] = ""
    body: str = ""
    tags: list[Annotated[str, StringConstraints(max_length=TAG_LIMIT)]] = []  # copied
    fields: dict[str, Any] = {}
    extra: dict[str, Any] = {}


class MergeForm(Form):
    """My text as it came, the revisions it meets, and what was chosen."""

    mine = HiddenField(validators=[InputRequired()], filters=[storable])
    base = IntegerField(validators=_NUMBER)
    theirs = IntegerField(validators=_NUMBER)
    follows = IntegerField(validators=[Optional(), NumberRange(0, NUMBER_MOST)])
    note = StringField(validators=[Length(max=NOTE_MOST)], filters=[one_line])
    how = StringField(validators=[AnyOf([CHOICES, WHOLE])])
    body = TextAreaField(filters=[storable])
    offered = HiddenField(filters=[storable])  # the digest of the whole text as it was offered

    def content(self) -> dict[str, Any]:
        """Return my text.

        Raises:
            Invalid: when it is no text.
        """
        try:
            content = Content.model_validate_json(self.mine.data)
        except (ValidationError, RecursionError) as error:
            raise Invalid(str(_UNREADABLE)) from error
        return {**content.model_dump(), "tags": content.tags[:MANY]}

    @staticmethod
    def picks() -> dict[str, Side]:
        """Return whose version of each part stays, as far as it was chosen."""
        return {
            name.removeprefix(PICK): Side(value)
            for name, value in request.form.items()
            if name.startswith(PICK) and value in set(Side)
        }
