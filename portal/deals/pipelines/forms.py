"""Forms of pipelines and reasons: rows of stages as they come from outside, checked."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    FieldList,
    FormField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
)
from wtforms import Form as Part
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from portal.config import Language
from portal.deals.forms import LONG
from portal.deals.labels import OUTCOMES
from portal.deals.pipelines.rules import ALIASES_MOST, NAME_MOST, STAGES_MOST, Said, words_in
from portal.deals.queries import NUMBER_MOST
from portal.library.writing.forms import one_line
from portal.web.forms import Form

_NAME = [Length(max=NAME_MOST, message=LONG)]


class _Row(Part):  # type: ignore[misc]
    """What stages and reasons have in common."""

    id = HiddenField()
    position = IntegerField(
        _("Place"), [Optional(), NumberRange(0, 999, message=_("A number up to 999."))]
    )
    en = StringField(_("English"), _NAME, filters=[one_line])
    vi = StringField(_("Vietnamese"), _NAME, filters=[one_line])
    ru = StringField(_("Russian"), _NAME, filters=[one_line])
    aliases = StringField(
        _("Other words for it, with ; between them"),
        [Length(max=ALIASES_MOST, message=LONG)],
        filters=[one_line],
    )
    retired = BooleanField(_("Out of use"))

    @property
    def is_blank(self) -> bool:
        """Whether it is the empty row for a new one."""
        return not self.id.data and not any(self[code].data for code in Language)


class StageRow(_Row):
    """A stage."""

    outcome = SelectField(_("What it means"), choices=list(OUTCOMES.items()), default="open")
    term = SelectField(_("Content that fits"), default="", validate_choice=False)


class ReasonRow(_Row):
    """A reason for losing."""

    competitor = BooleanField(_("Names a competitor"))


def _rows(row: type[_Row]) -> FieldList:
    return FieldList(FormField(row), max_entries=STAGES_MOST + 5)


class PipelineForm(Form):
    """A pipeline and its stages; `version` is the one that was looked at."""

    version = IntegerField(validators=[Optional(), NumberRange(0, NUMBER_MOST)])
    name = StringField(
        _("What is it called?"), [DataRequired(_("Please fill this in.")), *_NAME],
        filters=[one_line],
    )  # fmt: skip
    rows = _rows(StageRow)


class NewPipelineForm(Form):
    """A pipeline that begins with the standard stages."""

    name = PipelineForm.name


class ReasonsForm(Form):
    """The reasons for losing a deal."""

    rows = _rows(ReasonRow)


def said(form: PipelineForm | ReasonsForm, kept: Mapping[int, Any]) -> list[Said]:
    """Return what was filled in; rows left empty are no rows, numbers not `kept` are new ones."""
    found = []
    for place, entry in enumerate(form.rows):
        row = entry.form
        if row.is_blank:
            continue
        position = row.position.data
        found.append(
            Said(
                id=next((number for number in kept if str(number) == row.id.data), None),
                names={str(code): row[code].data for code in Language if row[code].data},
                aliases=words_in(row.aliases.data or ""),
                position=place + 1 if position is None else position,
                retired=row.retired.data,
                outcome=row.outcome.data if "outcome" in row else "open",
                term=(row.term.data or None) if "term" in row else None,
                competitor=row.competitor.data if "competitor" in row else False,
            )
        )
    return found
