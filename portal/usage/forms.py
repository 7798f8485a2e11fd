"""What a page tells the portal about its use."""

from wtforms import IntegerField, StringField
from wtforms.validators import AnyOf, InputRequired, Length, NumberRange, Optional, Regexp

from portal.usage.rules import INTEGER_MOST, SECTION_MOST, Action
from portal.web.forms import Form

LONGEST = 5000
"""Characters of a sentence that are taken before it is cut; longer ones are no sentences."""


class UseForm(Form):
    """A sentence was copied, or a page printed."""

    action = StringField(validators=[AnyOf([Action.COPIED.value, Action.PRINTED.value])])
    asset = IntegerField(validators=[InputRequired(), NumberRange(1, INTEGER_MOST)])
    language = StringField(validators=[Optional(), Regexp(r"^[a-z]{2}\Z")])
    revision = IntegerField(validators=[Optional(), NumberRange(1, INTEGER_MOST)])
    section = StringField(validators=[Length(max=SECTION_MOST)])
    sentence = StringField(validators=[Length(max=LONGEST)])
    source = StringField(validators=[Length(max=20)])
