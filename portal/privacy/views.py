"""What is kept of oneself and why, all of it as a file; and a person taken out, by admins."""

from tempfile import SpooledTemporaryFile
from typing import Any

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from wtforms import Field

from portal.accounts import queries as people
from portal.accounts.gate import dangerous, requires
from portal.accounts.models import User
from portal.accounts.rules import Role
from portal.audit import service as audit
from portal.db import db
from portal.errors import Invalid
from portal.privacy import presenting, service
from portal.privacy.forms import EraseForm
from portal.privacy.service import Erased

bp = Blueprint("privacy", __name__)

IN_MEMORY = 5_000_000
"""Bytes of a file beyond which it is put on the disk meanwhile."""


@bp.get("/privacy")
def index() -> ResponseReturnValue:
    """Say what is kept of somebody, and why."""
    return render_template(
        "privacy/index.html", sections=presenting.sections(current_app.config["PORTAL"])
    )


@bp.get("/account/data")
@dangerous
def mine() -> ResponseReturnValue:
    """Give somebody all that is kept of her."""
    person = db.session.get_one(User, current_user.id)
    file: Any = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  # closed with the answer
    service.write(person, file)
    audit.note("user.exported", kind="user", key=person.id)
    size = file.tell()
    file.seek(0)
    answer = Response(iter(lambda: file.read(65536), b""), mimetype="application/zip")
    answer.call_on_close(file.close)
    answer.content_length = size
    answer.headers["Content-Disposition"] = 'attachment; filename="my-data.zip"'
    return answer


def _page(form: EraseForm, status: int = 200) -> Response:
    raw = request.args.get("done", "")
    done = raw if raw.isdecimal() and len(raw) < 11 else ""  # noqa: PLR2004  # a number of ours
    return Response(render_template("privacy/erase.html", form=form, done=done), status)


@bp.get("/privacy/erase")
@requires(Role.ADMIN)
def erase() -> ResponseReturnValue:
    """Show the form that takes a person out."""
    return _page(EraseForm(formdata=None, email=request.args.get("email", "")[:254]))


@bp.post("/privacy/erase")
@requires(Role.ADMIN)
@dangerous
def erase_submit() -> ResponseReturnValue:
    """Take a person out, for good."""
    form = EraseForm()
    if not form.validate_on_submit():
        return _page(form, 422)
    done = _erased(form)
    if done is None:
        return _page(form, 422)
    return redirect(url_for("privacy.erase", done=done.number), 303)


def _erased(form: EraseForm) -> Erased | None:
    """Take a person out; None when that can not be, and why is said at the field."""
    person = people.by_email(form.email.data)
    heir = people.by_email(form.heir.data) if form.heir.data else None
    if person is None or person.id == current_user.id:
        mistake = _("Nobody has this e-mail.") if person is None else _("Another admin erases you.")
        _refuse(form.email, mistake)
        return None
    if form.heir.data and heir is None:
        _refuse(form.heir, _("Nobody has this e-mail."))
        return None
    try:
        return service.erase(person, heir, with_words=form.words.data)
    except service.StandsForError as error:
        mistake = _(
            "They still stand for %(assets)s assets or kinds and own %(deals)s open deals: "
            "say who takes them on.",
            assets=error.assets, deals=error.open_deals,
        )  # fmt: skip
        _refuse(form.heir, mistake)
    except Invalid:
        _refuse(form.heir, _("Choose somebody else, who is here and may write."))
    return None


def _refuse(field: Field, mistake: str) -> None:
    field.errors = [mistake]
