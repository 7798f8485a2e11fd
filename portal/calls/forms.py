"""What forms of calls share: a moment in the company's time, who it was with, what it is for."""

import re
import secrets
from datetime import datetime

from flask_babel import get_timezone
from flask_babel import lazy_gettext as _
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from portal import clock
from portal.calls import labels, rules
from portal.library.writing.forms import one_line, storable
from portal.web.forms import Form

MOMENT = "%Y-%m-%dT%H:%M"
LONG = _("This is too long.")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d", re.ASCII)
_YEARS = range(1900, 2200)


class MomentField(StringField):  # type: ignore[misc]
    """A day and a time of day as browsers send them, in the company's time zone."""

    moment: datetime | None = None

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed; it stays as typed when it is no moment."""
        super().process_formdata([one_line(value)[:40] for value in valuelist])
        self.moment = None
        text = (self.data or "").strip().replace(" ", "T")[:16]
        try:
            if not _MOMENT.fullmatch(text):
                raise ValueError(text)  # noqa: TRY301  # told below in one place
            read = datetime.fromisoformat(text)  # ten times as quick as `strptime`
        except ValueError as error:
            raise ValueError(_("Say the day and the time.")) from error
        if read.year not in _YEARS:
            raise ValueError(_("This day is too far away."))
        self.moment = read.replace(tzinfo=get_timezone())
        if rules.is_far(self.moment, clock.now()):
            raise ValueError(_("This day is too far away."))


def typed_moment(at: datetime) -> str:
    """Return a moment as `MomentField` shows it."""
    return at.astimezone(get_timezone()).strftime(MOMENT)


class CallForm(Form):
    """When a call is, what it is for and with whom; the choices of deals are given by the view."""

    once = HiddenField(default=lambda: secrets.token_urlsafe(18), filters=[one_line])
    version = HiddenField(filters=[one_line])
    deal = SelectField(_("Deal"), default="")
    at = MomentField(_("When"))
    kind = RadioField(
        _("What kind of call?"), choices=[*labels.KINDS.items(), ("", _("Not said"))], default=""
    )
    with_role = SelectField(
        _("With whom"), choices=[("", _("Not said")), *labels.ROLES.items()], default=""
    )
    role_words = StringField(
        _("In your words"),
        [Length(max=rules.ROLE_MOST, message=LONG)],
        filters=[one_line],
    )
    note = TextAreaField(
        _("One short note"), [Length(max=rules.NOTE_MOST, message=LONG)], filters=[storable]
    )

    @property
    def deal_id(self) -> int | None:
        """The deal chosen."""
        return rules.number_of(self.deal.data)

    @property
    def role(self) -> str:
        """With whom: their own words, else the one of the list."""
        return self.role_words.data or self.with_role.data or ""

    @property
    def seen_version(self) -> int | None:
        """The version of the call that was on the page."""
        return rules.number_of(self.version.data)
