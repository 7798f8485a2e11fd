"""Views a browser is sent to by another site, and so by GET, though something is kept then."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import current_app, request

View = TypeVar("View", bound=Callable[..., Any])
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def writes(view: View) -> View:
    """Let what a view does by GET be kept.

    Only where the address holds something that works once and was given to this very browser.
    """
    view.writes = True  # type: ignore[attr-defined]
    return view


def may_write() -> bool:
    """Whether the request may change something: all but plain readers'."""
    view = current_app.view_functions.get(request.endpoint or "")
    return request.method not in SAFE or (request.method == "GET" and hasattr(view, "writes"))
