"""Answers when the database had no turn: 503, and a page that sends the very same once more."""

from dataclasses import dataclass

from flask import Flask, Response, make_response, render_template, request
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from portal.db import is_busy
from portal.web import access

WAIT = 5
"""Seconds after which a program may try again."""
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Sent:
    """A form that was sent and not taken: where to, its hidden values, and what somebody wrote."""

    where: str
    hidden: list[tuple[str, str]]
    texts: list[tuple[str, str]]


def _sent() -> Sent | None:
    """Return what can be sent once more; None for files, passwords and what can not be read."""
    try:
        fields = list(request.form.items(multi=True))
        files = [file for file in request.files.values() if file.filename]
    except HTTPException:
        return None
    if files or any("password" in name for name, _ in fields):
        return None
    texts = [(name, value) for name, value in fields if "\n" in value]
    hidden = [(name, value) for name, value in fields if "\n" not in value]
    return Sent(request.full_path.removesuffix("?"), hidden, texts)


def busy_page() -> Response:
    """The page that says so, in the reader's language; a script gets the status alone."""
    if "X-CSRFToken" in request.headers:
        response = Response(status=503)
    else:
        is_read = request.method in _SAFE
        text = render_template(
            "web/errors/busy.html",
            is_read=is_read,
            where=request.full_path.removesuffix("?") if is_read else "",
            sent=None if is_read else _sent(),
        )
        response = make_response(text, 503)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Retry-After"] = str(WAIT)
    return response


def install(app: Flask) -> None:
    """Answer so whenever the database was busy; any other trouble with it stays a failure."""

    @app.errorhandler(DBAPIError)
    @app.errorhandler(PoolTimeout)
    def refused(error: Exception) -> Response:
        if not is_busy(error):
            raise error
        app.logger.warning("%s %s: the database was busy", request.method, access.route())
        return busy_page()
