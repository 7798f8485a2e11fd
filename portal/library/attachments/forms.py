"""Forms of attachments: files with what they replace, and a video by link."""

from flask_babel import lazy_gettext as _
from wtforms import StringField
from wtforms.validators import InputRequired, Length, Optional, Regexp

from portal.library.attachments.rules import NAME_MOST, URL_MOST
from portal.web.forms import Form

_LONG = _("This is too long.")


class FilesForm(Form):
    """What is sent with files; the files themselves are read from the request as a stream."""

    replaces = StringField(validators=[Optional(), Regexp(r"[0-9a-f]{32}\Z")])


class LinkForm(Form):
    """A video by its address."""

    url = StringField(
        _("Address of the video"),
        [InputRequired(_("Please fill this in.")), Length(max=URL_MOST, message=_LONG)],
    )
    name = StringField(_("Name"), [Length(max=NAME_MOST, message=_LONG)])
