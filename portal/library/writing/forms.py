"""Forms of the editor: what begins an asset, and a text with its fields."""

import re
from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange

from portal.library import frontmatter, service
from portal.library.files import MANY, SUMMARY_LIMIT, TAG_LIMIT, TITLE_LIMIT
from portal.library.publishing.rules import NOTE_MOST
from portal.library.rules import Kind
from portal.web import words
from portal.web.forms import Form
from portal.web.locale import NAMES

NUMBER_MOST = 2**31 - 1
_LONG = _("This is too long.")
_MISSING = InputRequired(_("Please fill this in."))
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def storable(text: str | None) -> str:
    """Leave out what no database keeps, NUL and lone surrogates; line ends become plain."""
    return _UNSTORABLE.sub("", text or "").replace("\r\n", "\n").replace("\r", "\n")


def one_line(text: str | None) -> str:
    """Return a text without line breaks and needless blanks."""
    return " ".join(storable(text).split())


class BeginForm(Form):
    """What a new asset is, and what it is called."""

    kind = SelectField(_("Kind"), choices=[(k.value, words.KINDS[k.value]) for k in Kind])
    language = SelectField(_("Language"), choices=list(NAMES.items()))
    title = StringField(
        _("Title"), [_MISSING, Length(max=TITLE_LIMIT, message=_LONG)], filters=[one_line]
    )


class TextForm(Form):
    """A text in the editor; `base` is the revision the writing began from."""

    title = StringField(
        _("Title"), [_MISSING, Length(max=TITLE_LIMIT, message=_LONG)], filters=[one_line]
    )
    summary = TextAreaField(
        _("Summary"), [Length(max=SUMMARY_LIMIT, message=_LONG)], filters=[one_line]
    )
    body = TextAreaField(_("Text"), filters=[storable])
    tags = StringField(_("Tags"), [Length(max=MANY * TAG_LIMIT, message=_LONG)], filters=[one_line])
    note = StringField(
        _("What has changed"), [Length(max=NOTE_MOST, message=_LONG)], filters=[one_line]
    )
    base = IntegerField(
        widget=HiddenField.widget, validators=[InputRequired(), NumberRange(0, NUMBER_MOST)]
    )

    def content(self, kept: Mapping[str, Any]) -> dict[str, Any]:
        """Return the text as revisions keep it; `kept`: what the form does not show of it."""
        tags = dict.fromkeys(filter(None, (tag.strip() for tag in self.tags.data.split(","))))
        return service.content_of(
            title=self.title.data,
            summary=self.summary.data,
            body=frontmatter.trim(self.body.data),  # as files keep it
            tags=[tag[:TAG_LIMIT] for tag in tags][:MANY],
            fields=kept.get("fields"),
            extra=kept.get("extra"),
        )
