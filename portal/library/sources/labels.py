"""The words of a refusal: what is kept in a folder is changed there."""

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

KEPT: LazyString = _(
    "This asset is kept in a folder of files and changed there; the portal only reads it. "
    "What you wrote is still in the form: go back and copy it."
)
