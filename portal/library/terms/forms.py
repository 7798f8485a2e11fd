"""Forms of the vocabulary: a term's names, slug and aliases, and what it is merged into."""

from flask_babel import lazy_gettext as _
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

from portal.config import Language
from portal.library.terms.rules import ALIASES_MOST, SLUG_MOST, WORD_MOST, is_slug
from portal.library.writing.forms import one_line, storable, version_field
from portal.web.forms import Form
from portal.web.locale import NAMES

_LONG = _("This is too long.")
_WORD = Length(max=WORD_MOST, message=_LONG)


class TermForm(Form):
    """A term: its name in each language, its slug, its aliases, one a line."""

    name_en = StringField(NAMES[Language.EN], [_WORD], filters=[one_line])
    name_vi = StringField(NAMES[Language.VI], [_WORD], filters=[one_line])
    name_ru = StringField(NAMES[Language.RU], [_WORD], filters=[one_line])
    slug = StringField(_("Short name in addresses"), filters=[one_line])
    aliases = TextAreaField(_("Other words for it"), filters=[storable])
    version = version_field()

    def validate_name_en(self, _field: StringField) -> None:
        """Ask for a name in at least one language."""
        if not self.names():
            raise ValidationError(_("Give it a name in at least one language."))

    def validate_slug(self, field: StringField) -> None:
        """Refuse what can not stand in an address; nothing at all is fine for a new term."""
        if field.data and not is_slug(field.data):
            raise ValidationError(
                _("Small letters, digits and hyphens only, at most %(n)s.", n=SLUG_MOST)
            )

    def validate_aliases(self, _field: TextAreaField) -> None:
        """Refuse too many words, and words that are too long."""
        words = self.words()
        if len(words) > ALIASES_MOST or any(len(word) > WORD_MOST for word in words):
            raise ValidationError(
                _(
                    "At most %(n)s words, each of at most %(m)s letters.",
                    n=ALIASES_MOST,
                    m=WORD_MOST,
                )
            )

    def names(self) -> dict[str, str]:
        """Return the names that were filled in, by language."""
        told = {code.value: getattr(self, f"name_{code.value}").data for code in NAMES}
        return {code: name for code, name in told.items() if name}

    def words(self) -> list[str]:
        """Return the aliases, one a line."""
        lines = (one_line(line) for line in (self.aliases.data or "").splitlines())
        return [line for line in lines if line]


class MergeForm(Form):
    """The term that another one is merged into."""

    target = SelectField(
        _("Merge into"), [InputRequired(_("Please fill this in."))], validate_choice=False
    )


class RetireForm(Form):
    """Whether a term is not offered any more."""

    retired = StringField()
