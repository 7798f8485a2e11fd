"""The id of each request, given to the browser and the log, and a line of log about each."""

import logging
from time import perf_counter
from typing import Any

from flask import Flask, Response, g, request

from portal import tracing

HEADER = "X-Request-ID"
log = logging.getLogger("portal.access")


def route() -> str:
    """Return the rule that was asked for, which names nobody and repeats nothing: "-" for none."""
    rule = request.url_rule
    return "-" if rule is None else rule.rule


def install(app: Flask, *, trusted: bool) -> None:
    """Give each request an id and log it; install it first.

    Args:
        app: the application.
        trusted: whether a proxy stands before it, whose `X-Request-ID` counts.
    """

    @app.before_request
    def begin() -> None:
        g.request_begun = perf_counter()
        g.request_id = tracing.checked(request.headers.get(HEADER) if trusted else None)
        tracing.begin(g.request_id)

    @app.after_request
    def tell(response: Response) -> Response:
        if (request_id := g.get("request_id")) is None:
            return response
        response.headers[HEADER] = request_id
        if log.isEnabledFor(logging.INFO):
            _log(response)
        return response

    @app.teardown_request
    def end(_error: BaseException | None) -> None:
        tracing.end()


def tell_failure(app: Flask, exc_info: Any) -> None:  # noqa: ANN401  # as Flask's log_exception
    """Log what broke a request: by its rule, because an address may hold a secret."""
    app.logger.error("%s %s broke", request.method[:10], route(), exc_info=exc_info)


def _log(response: Response) -> None:
    """Tell what was asked and answered: no address, no query, nobody's words, no name."""
    ms = round((perf_counter() - g.request_begun) * 1000, 1)
    user = getattr(g.get("_login_user"), "id", None)
    told = {"method": request.method[:10], "route": route(), "status": response.status_code}
    line = f"{told['method']} {told['route']} {response.status_code} {ms} ms user {user or '-'}"
    log.info("%s", line, extra=told | {"ms": ms, "user": user})
