"""Forms of the desk: moves with their reasons, times, comments."""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Self
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import AnyOf, InputRequired, Length

from portal.config import Language
from portal.errors import Invalid
from portal.library.publishing.rules import REASON_MOST
from portal.web.forms import Form
from portal.web.locale import NAMES

COMMENT_MOST = 4000
_LONG = _("This is too long.")


def _storable(text: str | None) -> str:
    """Leave out what no database keeps: NUL and lone surrogates."""
    return "".join(c for c in text or "" if c != "\x00" and not "\ud800" <= c <= "\udfff")


class MoveForm(Form):
    """A move of an asset; the action is part of the address."""

    reason = TextAreaField(validators=[Length(max=REASON_MOST, message=_LONG)], filters=[_storable])


class CommentForm(Form):
    """What a reviewer says about a text, or a section of it."""

    language = SelectField(_("Language"), choices=list(NAMES.items()))
    anchor = HiddenField(validators=[Length(max=200)], filters=[_storable])
    body = TextAreaField(
        _("Comment"),
        [InputRequired(_("Please fill this in.")), Length(max=COMMENT_MOST, message=_LONG)],
        filters=[_storable],
    )

    @classmethod
    def about(cls, written: Collection[str], language: str) -> Self:
        """An empty form for the languages there is a text in; this one is chosen, if it may be."""
        form = cls(
            formdata=None, language=language if language in written else min(written, default="")
        )
        form.language.choices = [(code, name) for code, name in NAMES.items() if code in written]
        return form


class ScheduleForm(Form):
    """When an asset is published and retired by itself, in the company's time zone."""

    publish_at = StringField(_("Publish at"))
    retire_at = StringField(_("Retire at"))

    def moments(self, zone: str) -> tuple[datetime | None, datetime | None]:
        """Return both moments in UTC; None where nothing was filled in.

        Raises:
            Invalid: when one is no moment.
        """
        return _moment(self.publish_at.data, zone), _moment(self.retire_at.data, zone)


def _moment(text: str | None, zone: str) -> datetime | None:
    if not (text or "").strip():
        return None
    try:
        told = datetime.fromisoformat(str(text).strip())
        return (told if told.tzinfo else told.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Invalid(_("This is not a date and time.")) from error


class LanguageForm(Form):
    """A language by its code."""

    language = StringField(validators=[AnyOf([language.value for language in Language])])
