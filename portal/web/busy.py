"""Answers when the database had no turn, no room, or is gone: a page that sends it once more."""

import errno
from dataclasses import dataclass

from flask import Flask, Response, make_response, render_template, request
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from portal.db import is_busy, is_full, is_gone
from portal.web import access

WAIT = 5
"""Seconds after which a program may try again."""
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""What a disk says that takes nothing more."""
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Sent:
    """A form that was sent and not taken: where to, its hidden values, and what somebody wrote."""

    where: str
    hidden: list[tuple[str, str]]
    texts: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Trouble:
    """What a page says: its status, why what was asked for is not there, why it was not saved."""

    status: int
    log: str
    unread: LazyString
    unsaved: LazyString
    advice: LazyString | None = None


BUSY = Trouble(
    503,
    "the database was busy",
    _("A great many people are at work right now, and this page did not get its turn."),
    _("Not saved yet: somebody else was saving at the same moment."),
)
GONE = Trouble(
    503,
    "the database can not be reached",
    _("The portal can not reach its database just now. That is mostly over within a minute."),
    _("Not saved yet: the portal can not reach its database just now."),
)
FULL = Trouble(
    507,
    "the disk is full",
    _("The portal has no room left on its disk, and could not draw this page."),
    _("Not saved: the portal has no room left on its disk."),
    _("Tell whoever looks after the portal: they have to make room. What is saved stays safe."),
)


def _trouble(error: BaseException) -> Trouble | None:
    """Return what is known to pass by itself or by making room; None: a failure of ours."""
    if is_busy(error):
        return BUSY
    if is_full(error) or (isinstance(error, OSError) and error.errno in NO_ROOM):
        return FULL
    return GONE if is_gone(error) else None


def _sent() -> Sent | None:
    """Return what can be sent once more; None for files, passwords and what can not be read."""
    try:
        fields = list(request.form.items(multi=True))
        files = [file for file in request.files.values() if file.filename]
    except (HTTPException, OSError):  # what it is kept in while it is read may have no room
        return None
    if files or any("password" in name for name, _ in fields):
        return None
    texts = [(name, value) for name, value in fields if "\n" in value]
    hidden = [(name, value) for name, value in fields if "\n" not in value]
    return Sent(request.full_path.removesuffix("?"), hidden, texts)


def page(trouble: Trouble = BUSY) -> Response:
    """The page that says so, in the reader's language; a script gets the status alone."""
    if "X-CSRFToken" in request.headers:
        response = Response(status=trouble.status)
    else:
        is_read = request.method in _SAFE
        text = render_template(
            "web/errors/busy.html",
            trouble=trouble,
            is_read=is_read,
            where=request.full_path.removesuffix("?") if is_read else "",
            sent=None if is_read else _sent(),
        )
        response = make_response(text, trouble.status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Retry-After"] = str(WAIT)
    return response


def install(app: Flask) -> None:
    """Answer so whenever it passes or can be made to; any other trouble stays a failure."""

    @app.errorhandler(DBAPIError)
    @app.errorhandler(PoolTimeout)
    @app.errorhandler(OSError)
    def refused(error: Exception) -> Response:
        trouble = _trouble(error)
        if trouble is None:
            raise error
        app.logger.warning("%s %s: %s", request.method, access.route(), trouble.log)
        return page(trouble)
