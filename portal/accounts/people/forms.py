"""Forms of the page for people: an invitation, and what a person is."""

from flask_babel import lazy_gettext as _
from wtforms import SelectField, StringField, ValidationError
from wtforms.validators import InputRequired, Length

from portal.accounts.rules import EMAIL_MOST, Department, Role, clean_email, clean_name, fold
from portal.accounts.service import NAME_MOST, TEAM_KEY_MOST, TEAM_MOST
from portal.config import Language
from portal.web import words
from portal.web.forms import Form
from portal.web.locale import NAMES

_MISSING = InputRequired(_("Please fill this in."))
_NOT_THERE = _("Choose one of the list.")


def _printable(text: str | None) -> str:
    return "".join(c for c in text or "" if c.isprintable()).strip()


class PlaceForm(Form):
    """Role, team and department; `choose` says which roles may be given."""

    role = SelectField(_("Role"), validate_choice=False)
    team = StringField(
        _("Team"), [Length(max=TEAM_MOST, message=_("This is too long."))], filters=[_printable]
    )
    department = SelectField(_("Department"), validate_choice=False)

    def choose(self, roles: list[Role]) -> None:
        """Offer these roles, and all departments."""
        self.role.choices = [(role.value, words.ROLES[role.value]) for role in roles]
        departments = [(it.value, words.DEPARTMENTS[it.value]) for it in Department]
        self.department.choices = [("", _("No department")), *departments]

    def validate_role(self, field: SelectField) -> None:
        """Refuse a role that is none, or not this person's to give."""
        _chosen(field)

    def validate_department(self, field: SelectField) -> None:
        """Refuse a department that is none."""
        _chosen(field)

    def validate_team(self, field: StringField) -> None:
        """Refuse what can not be a team's name."""
        name = clean_name(field.data, most=TEAM_MOST) if field.data else "-"
        if name is None or len(fold(name)) > TEAM_KEY_MOST:
            raise ValidationError(_("This can not be the name of a team."))

    def to_role(self) -> Role:
        """Return the role chosen."""
        return Role(self.role.data)

    def to_department(self) -> Department | None:
        """Return the department chosen."""
        return Department(self.department.data) if self.department.data else None


def _chosen(field: SelectField) -> None:
    if (field.data or "") not in {value for value, _label in field.choices}:
        raise ValidationError(_NOT_THERE)


class InviteForm(PlaceForm):
    """Whom to invite."""

    email = StringField(
        _("E-mail"),
        [_MISSING, Length(max=EMAIL_MOST, message=_("This is too long."))],
        filters=[_printable],
    )
    name = StringField(
        _("Name"),
        [_MISSING, Length(max=NAME_MOST, message=_("This is too long."))],
        filters=[_printable],
    )
    language = SelectField(_("Language"), validate_choice=False)

    def choose(self, roles: list[Role]) -> None:
        """Offer these roles, all departments and languages."""
        super().choose(roles)
        self.language.choices = [(code.value, name) for code, name in NAMES.items()]

    def validate_email(self, field: StringField) -> None:
        """Refuse what is no address."""
        if clean_email(field.data) is None:
            raise ValidationError(_("This is not an e-mail address."))

    def validate_name(self, field: StringField) -> None:
        """Refuse what can not be a name."""
        if clean_name(field.data, most=NAME_MOST) is None:
            raise ValidationError(_("This can not be a name."))

    def validate_language(self, field: SelectField) -> None:
        """Refuse a language the portal does not speak."""
        _chosen(field)

    def to_language(self) -> Language:
        """Return the language chosen."""
        return Language(self.language.data)
