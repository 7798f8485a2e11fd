"""Forms of the editor: what begins an asset, and a text with the fields of its kind."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from flask_babel import lazy_gettext as _
from pydantic import ValidationError
from wtforms import (
    Field,
    FieldList,
    FormField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms import Form as Part
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from portal.errors import Invalid
from portal.library import frontmatter, kinds, service
from portal.library.files import MANY, SUMMARY_LIMIT, TAG_LIMIT, TITLE_LIMIT
from portal.library.publishing.rules import NOTE_MOST
from portal.library.rules import Kind
from portal.library.writing import rules
from portal.web import words
from portal.web.forms import Form
from portal.web.locale import NAMES

NUMBER_MOST = 2**31 - 1
RESULTS_SHOWN, RESULTS_MOST = 3, 12
_LONG = _("This is too long.")
_MISSING = DataRequired(_("Please fill this in."))
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def storable(text: str | None) -> str:
    """Leave out what no database keeps, NUL and lone surrogates; line ends become plain."""
    return _UNSTORABLE.sub("", text or "").replace("\r\n", "\n").replace("\r", "\n")


def one_line(text: str | None) -> str:
    """Return a text without line breaks and needless blanks."""
    return " ".join(storable(text).split())


def version_field() -> IntegerField:
    """Return a hidden field with the version somebody looked at; 0 of what is new."""
    checks = [NumberRange(0, NUMBER_MOST)]
    return IntegerField(widget=HiddenField.widget, default=0, validators=checks)


class BeginForm(Form):
    """What a new asset is, and what it is called; `once` tells this form from another one."""

    kind = RadioField(
        _("Kind"),
        choices=[(k.value, words.KINDS[k.value]) for k in Kind],
        default=Kind.BATTLECARD.value,
    )
    language = SelectField(_("Language"), choices=list(NAMES.items()))
    title = StringField(
        _("Title"), [_MISSING, Length(max=TITLE_LIMIT, message=_LONG)], filters=[one_line]
    )
    once = HiddenField(filters=[one_line])


class ResultForm(Part):  # type: ignore[misc]
    """A figure of a case study; `was` says which of the kept ones it was made from."""

    was = HiddenField()
    figure = StringField(_("Figure"), filters=[one_line])
    label = StringField(_("What it says"), filters=[one_line])
    source = StringField(_("Source and date"), filters=[one_line])


class QuoteForm(Part):  # type: ignore[misc]
    """What the customer said."""

    text = TextAreaField(_("What the customer said"), filters=[storable])
    by = StringField(_("Name and role"), filters=[one_line])


class StoryForm(Part):  # type: ignore[misc]
    """The fields of a case study."""

    customer = StringField(_("Customer"), filters=[one_line])
    country = StringField(_("Country"), filters=[one_line])
    challenge = TextAreaField(_("Challenge"), filters=[storable])
    results = FieldList(FormField(ResultForm), max_entries=RESULTS_MOST)
    quote = FormField(QuoteForm)

    def values(self, kept: Mapping[str, Any]) -> dict[str, Any]:
        """Return what was filled in, as front matter has it."""
        told: dict[str, Any] = rules.filled(
            {name: self[name].data for name in ("customer", "country", "challenge")}
        )
        rows = [self._row(row.form, kept) for row in self._rows()]
        if rows:
            told["results"] = rows
        quote = rules.filled({"text": self.quote.form.text.data, "by": self.quote.form.by.data})
        if quote:
            before = kept.get("quote")
            told["quote"] = rules.merged(before or {}, ("text", "by"), quote)
        return told

    def _rows(self) -> list[Any]:
        names = ("figure", "label", "source")
        return [it for it in self.results if rules.filled({n: it.form[n].data for n in names})]

    def _row(self, row: ResultForm, kept: Mapping[str, Any]) -> dict[str, Any]:
        names = ("figure", "label", "source")
        before = rules.kept_row(kept.get("results"), row.was.data or "")
        return rules.merged(before, names, rules.filled({n: row[n].data for n in names}))

    def place(self, loc: tuple[Any, ...]) -> Field:
        """Return the field that a problem of the model is about."""
        if loc[0] == "results" and len(loc) > 2:  # noqa: PLR2004  # results, row, name
            return self._rows()[loc[1]].form[str(loc[2])]
        if loc[0] == "quote":
            return self.quote.form[str(loc[1]) if loc[1:] else "text"]
        return self[str(loc[0])]

    def offer_rows(self) -> None:
        """Number the rows that are kept, and have an empty one to fill in."""
        for number, row in enumerate(self.results):
            row.form.was.data = str(number) if row.form.was.data is None else row.form.was.data
        wanted = min(max(RESULTS_SHOWN, len(self._rows()) + 1), RESULTS_MOST)
        while len(self.results) < wanted:
            self.results.append_entry({"was": ""})


class MediaForm(Part):  # type: ignore[misc]
    """The fields of a video or deck."""

    url = StringField(_("Link"), filters=[one_line])
    duration = StringField(_("Length"), filters=[one_line])

    def values(self, _kept: Mapping[str, Any]) -> dict[str, Any]:
        """Return what was filled in, as front matter has it."""
        return dict(rules.filled(self.data))

    def place(self, loc: tuple[Any, ...]) -> Field:
        """Return the field that a problem of the model is about."""
        return self[str(loc[0])]


class TextForm(Form):
    """A text in the editor; `base` is the revision the writing began from."""

    title = StringField(
        _("Title"),
        [_MISSING, Length(max=TITLE_LIMIT, message=_LONG)],
        filters=[one_line],
        id="write_title",
    )
    summary = TextAreaField(
        _("Summary"),
        [Length(max=SUMMARY_LIMIT, message=_LONG)],
        filters=[one_line],
        id="write_summary",
    )
    body = TextAreaField(_("Text"), filters=[storable], id="write_body")
    tags = StringField(
        _("Tags"),
        [Length(max=MANY * TAG_LIMIT, message=_LONG)],
        filters=[one_line],
        id="write_tags",
    )
    note = StringField(
        _("What has changed"),
        [Length(max=NOTE_MOST, message=_LONG)],
        filters=[one_line],
        id="write_note",
    )
    base = IntegerField(
        widget=HiddenField.widget,
        validators=[InputRequired(), NumberRange(0, NUMBER_MOST)],
        id="write_base",
    )
    kind = Kind.GUIDE
    kept: Mapping[str, Any] = {}  # set before `validate`

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401  # as WTForms has it
        """Check the text, and the fields of its kind by the kind's own model."""
        good = bool(super().validate(extra_validators))
        for field, message in self._own_problems():
            field.errors = [*field.errors, message]
            good = False
        return good

    def _own(self) -> dict[str, Any]:
        return self.own.form.values(self.kept.get("fields") or {}) if "own" in self else {}

    def _own_problems(self) -> Iterator[tuple[Field, object]]:
        if "own" not in self:
            return
        values = self._own()
        try:
            kinds.MODELS[self.kind].model_validate(values)
        except ValidationError as error:
            for problem in error.errors():
                yield self.own.form.place(problem["loc"]), _say(problem["type"])
        url = str(values.get("url", ""))
        known = (self.kept.get("fields") or {}).get("url")
        if url and url != known and not re.match(r"https?://[^\s/]+\.[^\s]+$", url):
            yield self.own.form.url, _("A link begins with https:// and holds no blanks.")

    def content(self) -> dict[str, Any]:
        """Return the text as revisions keep it; what the form does not show stays as it is.

        Raises:
            Invalid: when a field of the kind does not fit; `validate` says which.
        """
        kept = self.kept
        line = {name: self[name].data for name in ("title", "summary")}
        for name, text in line.items():  # a file's own line ends are no change
            if name in kept and rules.is_same(text, kept[name]):
                line[name] = kept[name]
        fields, _rest = kinds.check(self.kind, self._own(), {})
        return service.content_of(
            **line,
            body=self._body(),
            tags=self._tags(),
            fields=fields if "own" in self else kept.get("fields"),
            extra=kept.get("extra"),
        )

    def _body(self) -> str:
        """Return the text as files keep it: empty lines around it are no change."""
        body, before = frontmatter.trim(self.body.data), str(self.kept.get("body", ""))
        return before if frontmatter.trim(before) == body else body

    def says(self, content: Mapping[str, Any]) -> bool:
        """Whether the form holds just this content."""
        try:
            return service.digest_of(self.content()) == service.digest_of(content)
        except Invalid:
            return False

    def _tags(self) -> list[str]:
        before = list(self.kept.get("tags") or [])
        if rules.is_same(self.tags.data, ", ".join(before)):
            return before  # a tag may hold a comma
        tags = dict.fromkeys(filter(None, (tag.strip() for tag in self.tags.data.split(","))))
        return [tag[:TAG_LIMIT] for tag in tags][:MANY]

    def typed(self) -> dict[str, Any]:
        """Return all that was typed, fit or unfit, for `text_form` to show again."""
        names = {"title", "summary", "body", "tags", "note", "own"}
        return {name: value for name, value in self.data.items() if name in names}


def _say(problem: str) -> object:
    """Return the words for a problem of a kind's model."""
    return _("Please fill this in.") if problem == "missing" else _LONG


class StoryTextForm(TextForm):
    """A case study in the editor."""

    kind = Kind.CASE_STUDY
    own = FormField(StoryForm)


class MediaTextForm(TextForm):
    """A video or deck in the editor."""

    own = FormField(MediaForm)


FORMS: dict[Kind, type[TextForm]] = {
    Kind.CASE_STUDY: StoryTextForm,
    Kind.VIDEO: MediaTextForm,
    Kind.DECK: MediaTextForm,
}


def text_form(kind: str, kept: Mapping[str, Any], **options: Any) -> TextForm:  # noqa: ANN401
    """Return the editor's form for a kind; `kept`: the newest revision's content."""
    form = FORMS.get(Kind(kind), TextForm)(**options)
    form.kind, form.kept = Kind(kind), kept
    return form


def shown(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return a revision's content as the form shows it."""
    values = {name: content[name] for name in ("title", "summary", "body")}
    return {**values, "tags": ", ".join(content["tags"]), "own": dict(content["fields"])}
