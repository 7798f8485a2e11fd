"""The parent of every form: what a person sent in a form, and never anything else."""

from typing import Any

from flask import request
from flask_wtf import FlaskForm
from werkzeug.datastructures import CombinedMultiDict


class Form(FlaskForm):  # type: ignore[misc]
    """Flask-WTF's form, but that a body in JSON, which it would read too, is an empty form."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """How a form finds what was sent."""

        def wrap_formdata(self, form: FlaskForm, formdata: object) -> object:
            """Return what the view gave (None: nothing), else the form and files of the request."""
            if formdata is None or hasattr(formdata, "getlist") or not form.is_submitted():
                return formdata if hasattr(formdata, "getlist") else None
            sent: CombinedMultiDict[str, Any] = CombinedMultiDict((request.files, request.form))
            return sent or None
