"""The id of each request, given to the browser and the log, and a line of log about each."""

import logging
from time import perf_counter
from typing import Any, Protocol

from flask import Flask, Response, g, request

from portal import tracing

HEADER = "X-Request-ID"
WATCHERS = "arsenal.watchers"
"""The extension that lists who else wants to know of each request; most applications have none."""
log = logging.getLogger("portal.access")


class Watcher(Protocol):
    """Is told of each request."""

    def begin(self) -> None:
        """One has come."""

    def end(self) -> None:
        """One is gone."""

    def answered(self, response: Response, seconds: float) -> None:
        """One has its answer, after so long."""


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
    watchers: list[Watcher] = app.extensions.setdefault(WATCHERS, [])

    @app.before_request
    def begin() -> None:
        for watcher in watchers:
            watcher.begin()
        g.request_begun = perf_counter()
        g.request_id = tracing.checked(request.headers.get(HEADER) if trusted else None)
        tracing.begin(g.request_id)

    @app.after_request
    def tell(response: Response) -> Response:
        if (request_id := g.get("request_id")) is None:
            return response
        response.headers[HEADER] = request_id
        seconds = perf_counter() - g.request_begun
        for watcher in watchers:
            watcher.answered(response, seconds)
        if log.isEnabledFor(logging.INFO):
            _log(response, seconds)
        return response

    @app.teardown_request
    def end(_error: BaseException | None) -> None:
        tracing.end()
        if "request_begun" in g:
            for watcher in watchers:
                watcher.end()


def tell_failure(app: Flask, exc_info: Any) -> None:  # noqa: ANN401  # as Flask's log_exception
    """Log what broke a request: by its rule, because an address may hold a secret."""
    app.logger.error("%s %s broke", request.method[:10], route(), exc_info=exc_info)


def _log(response: Response, seconds: float) -> None:
    """Tell what was asked and answered: no address, no query, nobody's words, no name."""
    ms = round(seconds * 1000, 1)
    user = getattr(g.get("_login_user"), "id", None)
    told = {"method": request.method[:10], "route": route(), "status": response.status_code}
    line = f"{told['method']} {told['route']} {response.status_code} {ms} ms user {user or '-'}"
    log.info("%s", line, extra=told | {"ms": ms, "user": user})
