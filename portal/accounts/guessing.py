"""Views that take a secret: every try is counted, so that nobody can go on guessing."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import g, request
from flask.typing import ResponseReturnValue

from portal.accounts import throttle
from portal.accounts.tickets.rules import fingerprint
from portal.db import apart, writing

View = TypeVar("View", bound=Callable[..., Any])


def guessable(of: str, *, within: bool = False) -> Callable[[View], View]:
    """Count every try of a view that takes a secret, by address and by what was tried.

    The view calls `guessed_right()` once the secret has shown to be one of ours. A view that is
    counted `within` its service, by account, is only marked: a house test looks that it is.
    """

    def mark(view: View) -> View:
        @wraps(view)
        def counted(*args: Any, **values: Any) -> ResponseReturnValue:  # noqa: ANN401  # any view's
            tried = fingerprint(str(sorted(values.items())))
            g.guess = throttle.begin(tried, request.remote_addr or "", of=of)
            return cast("ResponseReturnValue", view(*args, **values))

        marked: Any = view if within else counted
        marked.is_guessable = True
        return cast("View", marked)

    return mark


def guessed_right() -> None:
    """Note that what was tried was no guess; call it before the request's transaction begins."""
    with writing(), apart() as own:
        throttle.was_right(g.guess, own)
        own.commit()


def is_guessable(view: Callable[..., Any]) -> bool:
    """Whether a view takes a secret, and counts who tries."""
    return bool(getattr(view, "is_guessable", False))
