"""The form of an asset's facts: choices, words to add, the day it was checked."""

from collections.abc import Iterable
from datetime import date

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import DateField, Field, HiddenField, SelectField, SelectMultipleField, StringField
from wtforms.validators import Length, Optional, ValidationError

from portal.accounts.models import User
from portal.accounts.rules import Department
from portal.library.facts import rules
from portal.library.facts.rules import Facts
from portal.library.models import FacetTerm
from portal.library.queries import name_of
from portal.library.rules import Facet, Kind
from portal.library.vocabulary import TERM_LIMIT
from portal.library.writing.forms import one_line
from portal.web import locale, words
from portal.web.forms import Form

WORDS_MOST = 400
NEW_MOST = 10
_EARLIEST = date(2000, 1, 1)


def _number(value: str | None) -> int | None:
    return int(value) if value and value.isascii() and value.isdecimal() else None


def _several(facet: Facet) -> SelectMultipleField:
    return SelectMultipleField(words.FACETS[facet.value], validate_choice=False)


def _new(facet: Facet) -> StringField:
    told = _("This is too long.")
    return StringField(
        words.FACETS[facet.value], [Length(max=WORDS_MOST, message=told)], filters=[one_line]
    )


class FactsForm(Form):
    """What an asset is, whose it is, and what it is about; `was` is what the person saw."""

    kind = SelectField(_("Kind"), choices=[(k.value, words.KINDS[k.value]) for k in Kind])
    owner = SelectField(_("Owner"))
    backup_owner = SelectField(_("Backup owner"))
    department = SelectField(
        _("Department"),
        choices=[("", "—"), *((d.value, words.DEPARTMENTS[d.value]) for d in Department)],
    )
    checked_on = DateField(_("Checked on"), [Optional()])
    was = HiddenField()
    product, new_product = _several(Facet.PRODUCT), _new(Facet.PRODUCT)
    competitor, new_competitor = _several(Facet.COMPETITOR), _new(Facet.COMPETITOR)
    industry, new_industry = _several(Facet.INDUSTRY), _new(Facet.INDUSTRY)
    persona, new_persona = _several(Facet.PERSONA), _new(Facet.PERSONA)
    stage, new_stage = _several(Facet.STAGE), _new(Facet.STAGE)
    today = date.max

    def validate_checked_on(self, field: Field) -> None:
        """Refuse a day that is still to come, or long before there was anything to check."""
        if field.data and not _EARLIEST <= field.data <= self.today:
            raise ValidationError(gettext("Choose today or a day before."))

    def facts(self) -> Facts:
        """Return what was chosen."""
        return Facts(
            kind=self.kind.data,
            owner=_number(self.owner.data),
            backup_owner=_number(self.backup_owner.data),
            department=self.department.data or None,
            checked_on=self.checked_on.data,
            **{f.value: tuple(sorted(set(self[f.value].data or ()))) for f in Facet},
        )

    def new(self) -> dict[Facet, list[str]]:
        """Return the words to add, by facet."""
        return {
            f: rules.new_words(self[f"new_{f.value}"].data or "", TERM_LIMIT, NEW_MOST)
            for f in Facet
        }


def facts_form(
    people: Iterable[User], terms: Iterable[FacetTerm], today: date, shown: Facts | None = None
) -> FactsForm:
    """Return the form with its choices; `shown`: the facts to begin with, else what was sent."""
    if shown is None:
        form = FactsForm()
    else:
        told = {name: getattr(shown, name) for name in ("kind", "department", "checked_on", *Facet)}
        told |= {name: str(getattr(shown, name) or "") for name in ("owner", "backup_owner")}
        told["department"] = told["department"] or ""
        form = FactsForm(formdata=None, data=told, was=shown.digest())
    form.today = today
    names = [(str(person.id), person.name) for person in people]
    form.owner.choices = form.backup_owner.choices = [("", "—"), *names]
    reader = locale.code()
    by_facet: dict[str, list[tuple[str, str]]] = {facet.value: [] for facet in Facet}
    for term in terms:
        name = name_of(term.names, term.slug, reader)
        if term.retired_on is not None:
            name = f"{name} ({gettext('out of use')})"
        by_facet[term.facet].append((term.slug, name))
    for facet, choices in by_facet.items():
        form[facet].choices = sorted(choices, key=lambda choice: choice[1].casefold())
    return form
