"""The form that names a reviewer."""

from flask_babel import lazy_gettext as _
from wtforms import SelectField

from portal.accounts.rules import Department
from portal.library.rules import Kind
from portal.web import words
from portal.web.forms import Form


def _person(value: object) -> int | None:
    text = str(value or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None  # noqa: PLR2004


class ReviewerForm(Form):
    """A person, and what they review; empty stands for any."""

    person = SelectField(_("Person"), coerce=_person)
    kind = SelectField(
        _("Kind"),
        choices=[("", _("Any kind")), *((k.value, words.KINDS[k.value]) for k in Kind)],
    )
    department = SelectField(
        _("Department"),
        choices=[
            ("", _("Any department")),
            *((d.value, words.DEPARTMENTS[d.value]) for d in Department),
        ],
    )
