"""The form of a call that was held: besides its fields, a row an asset, read by `rules.rows_of`."""

from collections.abc import Mapping

from flask import request
from flask_babel import lazy_gettext as _
from wtforms import (
    Field,
    HiddenField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import Length

from portal.calls import labels
from portal.calls.forms import LONG, CallForm
from portal.calls.log import rules
from portal.calls.rules import WORDS_MOST, Said
from portal.library.writing.forms import one_line, storable


def _few_lines(_form: CallForm, field: Field) -> None:
    """Take a few short lines."""
    if rules.too_much(field.data):
        message = _("At most %(n)d lines of %(max)d characters.")
        raise ValidationError(message % {"n": rules.LINES_MOST, "max": WORDS_MOST})


class TicksField(SelectMultipleField):  # type: ignore[misc]
    """Several of what is offered; what is not is refused in the reader's language."""

    def pre_validate(self, form: CallForm) -> None:  # noqa: ARG002  # WTForms gives it
        """Refuse what is not offered."""
        there = {str(choice[0]) for choice in self.choices or ()}
        if set(self.data or ()) - there:
            raise ValidationError(_("Please choose one of those offered."))


class LogForm(CallForm):
    """How a call went; `deal` is fixed by the page, the choices are given by the view."""

    deal = HiddenField(filters=[one_line])
    result = RadioField(
        _("How did it go?"), choices=[*labels.RESULTS.items(), ("", _("Not said"))], default=""
    )
    objections = TicksField(_("Objections heard"))
    objection_words = TextAreaField(_("Another objection"), [_few_lines], filters=[storable])
    competitors = TicksField(_("Competitors named"))
    wishes = TextAreaField(_("Wishes"), [_few_lines], filters=[storable])
    complaints = TextAreaField(_("Complaints"), [_few_lines], filters=[storable])
    more = StringField(_("Another asset"), [Length(max=400, message=LONG)], filters=[one_line])

    def keep_in_words(self, gone: Mapping[str, str]) -> None:
        """Turn ticked objections into words of one's own."""
        self.objections.data = [it for it in self.objections.data or () if it not in gone]
        lines = [(self.objection_words.data or "").strip(), *gone.values()]
        self.objection_words.data = "\n".join(filter(None, lines))

    @property
    def words(self) -> dict[Said, str]:
        """What was said in words, by kind."""
        return {
            Said.OBJECTION: self.objection_words.data or "",
            Said.WISH: self.wishes.data or "",
            Said.COMPLAINT: self.complaints.data or "",
        }


def sent(name: str) -> str:
    """Return a line of the form that was sent: what a row says."""
    return one_line(request.form.get(name, "")[:2000])


def rows() -> list[rules.Row]:
    """Return the rows of assets that were sent."""
    return rules.rows_of(request.form.getlist("row"), sent)


def more() -> tuple[str, rules.Row] | None:
    """Return the asset that was named beside the list."""
    return rules.more_of(sent)


def same() -> str:
    """Return what was said of somebody else's call around that time."""
    return sent("same")[:20]
