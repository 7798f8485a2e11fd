"""Pages of imports: files sent, looked at, confirmed; how far a run is and what became of it."""

import re

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from portal.accounts.acts import Act
from portal.accounts.gate import allows
from portal.accounts.rules import Role
from portal.deals.importing import presenting, queries, sending
from portal.deals.importing.forms import SendForm, aliases_of, settings_of
from portal.deals.importing.models import DealImport
from portal.deals.importing.rules import RefusedError, Settings
from portal.errors import Invalid, NotFound
from portal.library.publishing.acting import Actor
from portal.web import faults

bp = Blueprint("deal_import", __name__, url_prefix="/deals/import")

FORM_ROOM = 100_000
"""Bytes of a form around its files."""
AGAIN = "3"
"""Seconds after which the page of a run is asked for again."""
_TOKEN = re.compile(r"[0-9a-f]{32}\Z")


def allow_upload() -> ResponseReturnValue | None:
    """Before the form is read: let files be larger than other forms, and refuse the too large."""
    if request.endpoint != "deal_import.send":
        return None
    request.max_content_length = sending.BYTES_MOST + FORM_ROOM
    if (request.content_length or 0) <= request.max_content_length:
        return None
    return faults.fault_page(413, reason=_too_large())


def _too_large() -> str:
    return presenting.refusal("too-large", {"most": sending.BYTES_MOST // 1_000_000})


def _page(error: str = "") -> str:
    return render_template(
        "deals/importing/index.html",
        runs=[presenting.line(row) for row in queries.latest()],
        form=SendForm(formdata=None),
        error=error,
        most=sending.BYTES_MOST // 1_000_000,
    )


@bp.get("/")
@allows(Act.DEALS_IMPORT)
def index() -> ResponseReturnValue:
    """Show where files are sent, and the last imports."""
    return _page()


@bp.post("/")
@allows(Act.DEALS_IMPORT)
def send() -> ResponseReturnValue:
    """Keep files and look through them."""
    if not SendForm().validate_on_submit():
        raise Invalid
    files = []
    for it in request.files.getlist("file")[: sending.FILES_MOST]:
        if it.filename and (content := it.read()) is not None:
            name = re.sub(r"[\x00-\x1f\ud800-\udfff]", "", it.filename.replace("\\", "/"))
            files.append((name.rsplit("/", 1)[-1] or "?", content))
    if not files:
        return _page(presenting.refusal("no-file", {})), 422
    if sum(len(content) for _, content in files) > sending.BYTES_MOST:
        return _page(_too_large()), 422
    try:
        row = sending.take(files, current_user.id)
    except RefusedError as error:
        return _page(presenting.refusal(error.code, error.told)), 422
    return redirect(url_for("deal_import.show", token=row.token), 303)


def _row(token: str, *, lock: bool = False) -> DealImport:
    row = queries.by_token(token, lock=lock) if _TOKEN.match(token) else None
    if row is None:
        raise NotFound(gettext("There is no such import."))
    return row


def _zone() -> str:
    return str(current_app.config["PORTAL"].timezone)


@bp.get("/<token>")
@allows(Act.DEALS_IMPORT)
def show(token: str) -> ResponseReturnValue:
    """Show files as they will be read, or how far a run is, or what became of it."""
    row = _row(token)
    if row.state == "preview":
        return _preview(row)
    halted = sending.halted(row)
    page = render_template(
        "deals/importing/show.html", run=presenting.line(row), state=row.state, halted=halted,
        token=row.token, form=SendForm(formdata=None), **presenting.report(row),
    )  # fmt: skip
    return page, {"Refresh": AGAIN} if row.state == "running" and not halted else {}


def _preview(row: DealImport, error: str = "") -> str:
    return render_template(
        "deals/importing/preview.html",
        row=row,
        error=error,
        form=SendForm(formdata=None),
        **presenting.preview(row, _zone()),
    )


@bp.post("/<token>")
@allows(Act.DEALS_IMPORT)
def settle(token: str) -> ResponseReturnValue:
    """Read the files otherwise, import them, or forget them."""
    row = _row(token, lock=True)
    if not SendForm().validate_on_submit():
        raise Invalid
    do = request.form.get("do")
    if do == "drop":
        sending.drop(row)
        return redirect(url_for("deal_import.index"), 303)
    if do == "again":
        sending.again(row)
        return redirect(url_for("deal_import.show", token=row.token), 303)
    try:
        said = settings_of(request.form, Settings.of(row.settings))
        if do == "run":
            aliases = aliases_of(request.form, row.found.get("words", []))
            me = Actor(current_user.id, Role(current_user.role))
            sending.confirm(row, said, aliases, me if request.form.get("products") else None)
        elif row.state == "preview":
            sending.look(row, said)
    except RefusedError as error:
        return _preview(row, presenting.refusal(error.code, error.told)), 422
    return redirect(url_for("deal_import.show", token=row.token), 303)
