"""Which deal is picked, and where to go back to."""

from wtforms import IntegerField, StringField
from wtforms.validators import NumberRange, Optional

from portal.deals.queries import NUMBER_MOST
from portal.web.forms import Form


class PickForm(Form):
    """A deal is picked; without one, none."""

    deal = IntegerField(validators=[Optional(), NumberRange(1, NUMBER_MOST)])
    next = StringField()
