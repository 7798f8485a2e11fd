"""Turns every refusal and failure into a friendly page with a way on; 500 asks no database."""

from dataclasses import dataclass

from flask import Flask, Response, g, make_response, render_template
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from portal.errors import Conflict, PortalError, TooMany
from portal.web import access


@dataclass(frozen=True, slots=True)
class Fault:
    """What a page says about a status: a picture, what happened, what to do."""

    icon: str
    title: LazyString
    advice: LazyString
    search: bool = True


ODD = Fault(
    "warn",
    _("The portal did not understand that"),
    _("The address or the form was not what the portal expects. Go back and try once more."),
)
EXPIRED = Fault(
    "clock",
    _("This form was open too long"),
    _(
        "For your safety a form is only good for a while. Go back, reload the page and send it "
        "again: your browser keeps what you typed."
    ),
    search=False,
)
ELSEWHERE = Fault(
    "lock",
    _("This is changed elsewhere"),
    _("The portal shows it and does not change it."),
    search=False,
)
FAULTS = {
    403: Fault(
        "lock",
        _("This is not open to your role"),
        _(
            "You are signed in, but this needs other rights. Your manager or an "
            "administrator can help."
        ),
    ),
    404: Fault(
        "search",
        _("There is nothing here"),
        _("The page may have moved or been retired. Search for it: two or three words are enough."),
    ),
    405: Fault(
        "warn",
        _("This address can not be opened like that"),
        _(
            "It only takes what a button or a form of the portal sends. Go back and use that, "
            "or search for what you need."
        ),
    ),
    409: Fault(
        "copy",
        _("Somebody was quicker"),
        _(
            "This has changed since you opened it. Go back, reload the page, and make your change "
            "again: nothing has been overwritten."
        ),
        search=False,
    ),
    413: Fault(
        "warn",
        _("That is too large"),
        _(
            "What you sent is larger than the portal takes. Make it smaller or split it, "
            "then send it again."
        ),
        search=False,
    ),
    422: Fault(
        "warn",
        _("That can not be used"),
        _(
            "Something in the form or the address does not fit. Go back: what you typed is "
            "still there."
        ),
    ),
    429: Fault(
        "clock",
        _("One moment, please"),
        _("There were too many tries in a short time. Wait a little, then try again."),
        search=False,
    ),
    500: Fault(
        "warn",
        _("Something broke on our side"),
        _(
            "It is not your fault and it has been noted. Try again in a moment; nothing "
            "you saved is lost."
        ),
        search=False,
    ),
    503: Fault(
        "clock",
        _("The files can not be reached just now"),
        _(
            "They are kept on another machine, and it does not answer. Nothing is lost: "
            "try again in a minute."
        ),
        search=False,
    ),
}


def fault_page(
    status: int, *, reason: object = "", retry_after: int = 0, fault: Fault | None = None
) -> Response:
    """The page for a status.

    Args:
        status: of HTTP; an unknown one gets general words.
        reason: what exactly was wrong, in the reader's language if possible.
        retry_after: seconds to wait, for 429.
        fault: what is said instead of what is usual for this status.
    """
    fault = fault or (EXPIRED if status == 400 and reason is EXPIRED else FAULTS.get(status))  # noqa: PLR2004
    if fault is None:
        fault = FAULTS[500] if status >= 500 else ODD  # noqa: PLR2004
    user = g.get("_login_user")
    signed_in = status < 500 and bool(getattr(user, "is_authenticated", False))  # noqa: PLR2004
    text = render_template(
        "web/errors/error.html",
        frame="web/base.html" if signed_in else "web/bare.html",
        signed_in=signed_in,
        fault=fault,
        status=status,
        reason="" if reason is EXPIRED else str(reason or ""),
        minutes=-(-retry_after // 60),
    )
    response = make_response(text, status)
    response.headers["Cache-Control"] = "no-store"
    if retry_after:
        response.headers["Retry-After"] = str(retry_after)
    return response


def _refused(error: PortalError) -> Response:
    wait = error.retry_after if isinstance(error, TooMany) else 0
    fault = ELSEWHERE if isinstance(error, Conflict) and error.elsewhere else None
    return fault_page(error.status, reason=error.reason, retry_after=wait, fault=fault)


def _http(error: HTTPException) -> Response | HTTPException:
    if error.response is not None or error.code is None or error.code < 400:  # noqa: PLR2004
        return error  # a redirect, or an answer somebody has made already
    if isinstance(error, CSRFError):
        return fault_page(400, reason=EXPIRED)
    response = fault_page(error.code)
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After"}:
            response.headers[name] = value
    return response


def _broke(_error: Exception) -> Response:
    """Only reached when `web/errors/error.html` itself fails: plain words, no template."""
    return Response("Arsenal: something broke. Please try again.", 500, mimetype="text/plain")


def install(app: Flask) -> None:
    """Answer every refusal and failure of this application with a page."""

    @app.errorhandler(PortalError)
    def refused(error: PortalError) -> Response:
        return _refused(error)

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Response | HTTPException:
        try:
            return _http(error)
        except Exception as second:
            app.logger.exception("the error page for %s failed", access.route())
            return _broke(second)
