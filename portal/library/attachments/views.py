"""Attachments over HTTP: taken in on the desk, handed out to whoever may see their asset."""

import re
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from portal.accounts.acts import Act
from portal.accounts.gate import allows
from portal.db import db, reading
from portal.errors import Conflict, Forbidden, Invalid, NotFound, PortalError
from portal.library.attachments import (
    extracting,
    labels,
    presenting,
    queries,
    rules,
    service,
    serving,
)
from portal.library.attachments.forms import FilesForm, LinkForm
from portal.library.attachments.models import Attachment
from portal.library.attachments.rules import HELD, Kind, State
from portal.library.attachments.service import RefusedError
from portal.library.attachments.store import Store
from portal.library.models import Asset
from portal.library.publishing import acting
from portal.library.publishing import queries as assets
from portal.library.publishing.acting import Actor
from portal.library.publishing.rules import Action
from portal.library.rules import SLUG_LIMIT
from portal.usage import recorder
from portal.usage.rules import Action as Use
from portal.usage.rules import Source, clean_ref
from portal.web import faults, paging

bp = Blueprint("attachments", __name__)

FORM_ROOM = 100_000
"""Bytes of a form around its files."""
_PUBLIC_ID = re.compile(r"[0-9a-f]{32}\Z")


def store() -> Store:
    """Return where this application keeps files."""
    found: Store = current_app.extensions["arsenal.files"]
    return found


def _most() -> int:
    return int(current_app.config["PORTAL"].max_upload_mb) * 1_000_000


def allow_upload() -> ResponseReturnValue | None:
    """Before the form is read: let uploads be larger than other forms, and refuse the too large.

    Nothing of a body that says it is too long has been read by then.
    """
    if request.endpoint != "attachments.upload":
        return None
    request.max_content_length = _most() + FORM_ROOM
    if (request.content_length or 0) <= request.max_content_length:
        return None
    told: dict[str, str | int] = {"name": gettext("What you sent"), "most": _most() // 1_000_000}
    return _told(labels.refusal("too-large", told), 413)


def _told(reason: str, status: int) -> ResponseReturnValue:
    if _wants_json():
        return jsonify(error=reason), status
    return faults.fault_page(status, reason=reason)


def _wants_json() -> bool:
    accepts = request.accept_mimetypes
    return accepts["application/json"] > accepts["text/html"]


def _actor() -> Actor:
    return Actor(current_user.id, current_user.role, current_user.department)


def _asset(slug: str, *, lock: bool) -> Asset:
    """Return an asset this person may change.

    Raises:
        NotFound, Forbidden, Conflict: as `acting.require`.
    """
    usable = len(slug) <= SLUG_LIMIT and "\x00" not in slug
    asset = assets.asset_by_slug(slug, lock=lock) if usable else None
    if asset is None:
        raise NotFound
    acting.require(_actor(), asset, Action.EDIT)
    return asset


@bp.post("/desk/<slug>/attachments")
@allows(Act.ASSET_EDIT)
def upload(slug: str) -> ResponseReturnValue:
    """Attach files: a form's all or none; told as JSON when a script asks."""
    try:
        added = _upload(slug)
    except RefusedError as error:
        return _told(labels.refusal(error.code, error.told), error.status)
    except PortalError as error:
        if not _wants_json():
            raise
        return jsonify(error=_reason(error)), error.status
    if _wants_json():
        return jsonify(presenting.told(added[-1])), 201
    return redirect(url_for("publishing.show", slug=slug, _anchor="files"), 303)


def _reason(error: PortalError) -> str:
    if isinstance(error, NotFound):
        return str(gettext("This asset does not exist, or it is not published."))
    if isinstance(error, Forbidden):
        return str(gettext("This asset is for others to change."))
    if isinstance(error, Conflict):
        return str(gettext("This asset is retired: take it back into work first."))
    return str(error.reason or faults.FAULTS[error.status].title)


def _upload(slug: str) -> list[Attachment]:
    form = FilesForm()
    if not form.validate_on_submit():
        raise Invalid(gettext("Something in the form does not fit."))
    with reading():
        _asset(slug, lock=False)
        db.session.rollback()  # nothing is held while files are written and looked into
    files = [file for file in request.files.getlist("file") if file.filename or file.stream.read(1)]
    if not files:
        raise RefusedError("no-file")
    if len(files) > (1 if form.replaces.data else rules.MANY_FILES):
        raise RefusedError("many", most=1 if form.replaces.data else rules.MANY_FILES)
    taken = []
    for file in files:
        file.stream.seek(0)
        stream: Any = file.stream
        taken.append(service.take(store(), stream, file.filename, most=_most()))
    asset = _asset(slug, lock=True)
    replaces = form.replaces.data or None
    return [service.attach(_actor(), asset, it, replaces=replaces) for it in taken]


@bp.post("/desk/<slug>/attachments/links")
@allows(Act.ASSET_EDIT)
def link(slug: str) -> ResponseReturnValue:
    """Attach a video by its address."""
    form = LinkForm()
    asset = _asset(slug, lock=True)
    if not form.validate_on_submit():
        raise Invalid(labels.refusal("link", {}))
    try:
        service.attach_link(_actor(), asset, form.url.data, form.name.data or "")
    except RefusedError as error:
        raise Invalid(labels.refusal(error.code, error.told)) from error
    return redirect(url_for("publishing.show", slug=slug, _anchor="files"), 303)


@bp.post("/desk/<slug>/attachments/<public_id>/removed")
@allows(Act.ASSET_EDIT)
def remove(slug: str, public_id: str) -> ResponseReturnValue:
    """Take an attachment away."""
    service.remove(_actor(), _asset(slug, lock=True), _checked(public_id))
    return redirect(url_for("publishing.show", slug=slug, _anchor="files"), 303)


@bp.post("/desk/<slug>/attachments/<public_id>/read")
@allows(Act.ASSET_EDIT)
def read_again(slug: str, public_id: str) -> ResponseReturnValue:
    """Read an attachment's text once more."""
    asset = _asset(slug, lock=True)
    found = queries.by_public_id(_checked(public_id))
    if found is None or found.asset_id != asset.id or found.state not in HELD:
        raise NotFound
    extracting.again(found.id)
    return redirect(url_for("publishing.show", slug=slug, _anchor="files"), 303)


def _checked(public_id: str) -> str:
    if not _PUBLIC_ID.match(public_id):
        raise NotFound
    return public_id


def _readable(public_id: str) -> Attachment:
    """Return an attachment this person may have; of one that was replaced, what stands in for it.

    Raises:
        NotFound: when there is none, or it is not theirs to see.
    """
    found = queries.by_public_id(_checked(public_id))
    if found is not None and found.state == State.REMOVED.value:
        found = queries.successor(found)
    if found is None:
        raise NotFound
    is_out = rules.is_out(found.asset.state, found.state)
    if not is_out and not (found.state in HELD and acting.groups(_actor(), found.asset)):
        raise NotFound
    return found


def _note(found: Attachment) -> None:
    """Count a download once: not the later parts of a video, not what the desk tries out."""
    begins = re.match(r"bytes=0+-|$", request.headers.get("Range", "")) is not None
    if begins and rules.is_out(found.asset.state, found.state):
        recorder.note(
            Use.DOWNLOADED,
            asset_id=found.asset_id,
            source=request.args.get("from") or Source.LINK.value,
            ref=clean_ref(request.args.get("ref")),
            rank=paging.number_of(request.args["rank"]) if "rank" in request.args else None,
            section=found.public_id,
        )


@bp.get("/files/<public_id>")
@allows(Act.ASSET_READ)
def download(public_id: str) -> ResponseReturnValue:
    """Hand an attachment out for saving; a link leads where it leads."""
    found = _readable(public_id)
    if found.public_id != public_id:
        return redirect(rules.file_path(found.public_id), 303)
    if found.url:
        _note(found)
        return redirect(found.url, 303)
    response = _send(found)
    response.headers["Content-Disposition"] = rules.disposition(found.name)
    if response.status_code in {200, 206}:
        _note(found)
    return response


@bp.get("/files/<public_id>/show")
@allows(Act.ASSET_READ)
def show(public_id: str) -> ResponseReturnValue:
    """Hand out a picture or video for showing within a page."""
    found = _readable(public_id)
    if found.kind not in {Kind.IMAGE.value, Kind.VIDEO.value}:
        raise NotFound
    if found.public_id != public_id:
        return redirect(rules.file_path(found.public_id, view="show"), 303)
    response = _send(found)
    response.headers["Content-Disposition"] = rules.disposition(found.name, inline=True)
    if found.kind == Kind.VIDEO.value and response.status_code in {200, 206}:
        _note(found)
    return response


@bp.get("/files/<public_id>/preview")
@allows(Act.ASSET_READ)
def preview(public_id: str) -> ResponseReturnValue:
    """Hand out the small picture of an attachment."""
    found = _readable(public_id)
    if not found.preview:
        raise NotFound
    with store().open(found.preview) as file:
        body = file.read()
    return _guard(Response(body, mimetype="image/webp"), f"{found.public_id}-{found.status}")


def _send(found: Attachment) -> Response:
    """Answer with a file, or the part of it that is asked for, in pieces.

    Raises:
        NotFound: when the store has lost it.
    """
    digest, size, tag = found.digest or "", found.size, found.public_id
    condition = request.headers.get("If-Range")
    wanted = request.headers.get("Range") if condition in {None, f'"{tag}"'} else None
    try:
        part = serving.part_of(wanted, size)
    except serving.RangeError:
        return Response(status=416, headers={"Content-Range": f"bytes */{size}"})
    whole = part or serving.Part(0, size, size)
    not_modified = request.if_none_match.contains(tag)
    body = () if not_modified else store().chunks(digest, whole.start, whole.length)
    response = Response(body, mimetype=found.media_type, direct_passthrough=True)
    response.headers["Accept-Ranges"] = "bytes"
    if not_modified:
        response.status_code = 304
    else:
        response.content_length = whole.length
    if part is not None and not not_modified:
        response.status_code = 206
        response.headers["Content-Range"] = part.content_range
    return _guard(response, tag)


def _guard(response: Response, tag: str) -> Response:
    """Say that the answer loads and runs nothing, and that it is this person's alone."""
    response.set_etag(tag)
    response.headers["Content-Security-Policy"] = serving.CSP
    response.headers["Cache-Control"] = "private, no-cache"
    response.vary.add("Cookie")
    return response
