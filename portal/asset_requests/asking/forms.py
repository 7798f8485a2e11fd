"""The form that asks for content, and the button that joins those who wait."""

import json
from datetime import date

from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import DataRequired, Length, Optional

from portal.accounts.rules import Department
from portal.asset_requests.asking.rules import (
    ANCHOR_MOST,
    QUERY_MOST,
    TOKEN_MOST,
    Draft,
    clean_filters,
    complaint_of,
    origin_of,
)
from portal.asset_requests.rules import ANSWERING, SITUATION_MOST, TITLE_MOST, number_of
from portal.library.rules import SLUG_LIMIT, Kind
from portal.library.writing.forms import one_line, storable
from portal.web import words
from portal.web.forms import Form
from portal.web.locale import NAMES

ANY = [("", _("Does not matter"))]


class AskForm(Form):
    """What somebody needs; the hidden fields say where it was asked from.

    `today` and the choices of deals and words are given by the view.
    """

    title = StringField(
        _("What do you need?"),
        [
            DataRequired(_("Say in a few words what you need.")),
            Length(max=TITLE_MOST, message=_("At most %(max)d characters, please.")),
        ],
        filters=[one_line],
    )
    situation = TextAreaField(
        _("For which situation? What makes the customer hesitate?"),
        [
            Length(
                max=SITUATION_MOST,
                message=_("This is too long: at most %(max)d characters. Nothing is lost."),
            )
        ],
        filters=[storable],
    )
    kind = SelectField(
        _("What kind?"), choices=ANY + [(k.value, words.KINDS[k.value]) for k in Kind], default=""
    )
    language = SelectField(_("In which language?"), choices=[*ANY, *NAMES.items()], default="")
    product = SelectField(_("Product"), default="")
    competitor = SelectField(_("Competitor"), default="")
    industry = SelectField(_("Industry"), default="")
    stage = SelectField(_("Stage"), default="")
    deal = SelectField(_("For which deal?"), default="")
    department = SelectField(
        _("Who can answer?"),
        choices=[(d.value, words.DEPARTMENTS[d.value]) for d in ANSWERING],
        default=Department.MARKETING.value,
    )
    needed_by = DateField(_("Needed by"), [Optional()])
    urgent = BooleanField(_("It is urgent"))
    once = HiddenField(filters=[one_line])
    query = HiddenField(filters=[one_line])
    voice = HiddenField(filters=[one_line])
    filters_ = HiddenField(name="filters")
    asset = HiddenField(filters=[one_line])
    anchor = HiddenField(filters=[one_line])
    complaint = HiddenField()

    today: date | None = None

    def validate_needed_by(self, field: DateField) -> None:
        """Refuse a day that is past or far away."""
        if field.data is None or self.today is None:
            return
        if field.data < self.today:
            raise ValidationError(_("This day is past."))
        if field.data.year > self.today.year + 5:
            raise ValidationError(_("This day is too far away."))

    def draft(self, asset_id: int | None) -> Draft:
        """Return what was filled in; `asset_id` is the asset the form names."""
        try:
            filters = clean_filters(json.loads((self.filters_.data or "{}")[:5000]))
        except (ValueError, RecursionError):
            filters = {}
        query = (self.query.data or "")[:QUERY_MOST]
        competitor = self.competitor.data or None
        return Draft(
            title=self.title.data,
            situation=(self.situation.data or "").strip(),
            kind=self.kind.data or None,
            language=self.language.data or None,
            product=self.product.data or None,
            competitor=competitor,
            industry=self.industry.data or None,
            stage=self.stage.data or None,
            department=self.department.data,
            urgent=bool(self.urgent.data),
            needed_by=self.needed_by.data,
            deal_id=number_of(self.deal.data),
            origin=origin_of(
                query=query,
                asset=asset_id is not None,
                competitor=bool(competitor),
                deal=bool(self.deal.data),
            ).value,
            query=query,
            filters=filters,
            asset_id=asset_id,
            anchor=(self.anchor.data or "")[:ANCHOR_MOST],
            complaint=complaint_of(self.complaint.data) if asset_id is not None else None,
        )

    @property
    def token(self) -> str:
        """What tells this form from every other one."""
        return (self.once.data or "")[:TOKEN_MOST]

    @property
    def slug(self) -> str:
        """The asset it is about, as the form names it."""
        return (self.asset.data or "")[: SLUG_LIMIT + 1]


class WaitForm(Form):
    """Me too, for a deal perhaps."""

    deal = StringField(filters=[one_line])

    @property
    def deal_id(self) -> int | None:
        """The deal named, if one is."""
        return number_of(self.deal.data)
