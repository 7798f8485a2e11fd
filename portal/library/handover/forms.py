"""The form of a hand-over: from whom, to whom, what."""

from wtforms import IntegerField, SelectMultipleField
from wtforms.validators import InputRequired, NumberRange

from portal.library.handover.service import Part
from portal.usage.rules import INTEGER_MOST
from portal.web.forms import Form


class HandOverForm(Form):
    """Who leaves, who takes it on, and what."""

    leaver = IntegerField(validators=[InputRequired(), NumberRange(1, INTEGER_MOST)])
    successor = IntegerField(validators=[InputRequired(), NumberRange(1, INTEGER_MOST)])
    part = SelectMultipleField(choices=[(part.value, part.value) for part in Part])

    def parts(self) -> tuple[Part, ...]:
        """Return what is to be handed over."""
        return tuple(Part(value) for value in self.part.data or ())
