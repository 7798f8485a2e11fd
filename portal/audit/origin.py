"""Where an entry comes from: the signed-in person, her address and the request, or a command."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import g, has_request_context, request

ADDRESS_MOST = 64

_process = {"via": "command"}


@dataclass(frozen=True, slots=True)
class Origin:
    """Who does something, and from where."""

    actor: int | None
    via: str
    address: str
    request_id: str


@contextmanager
def worker() -> Iterator[None]:
    """Say that what this process does inside is done by the worker, in whatever thread."""
    _process["via"] = "worker"
    try:
        yield
    finally:
        _process["via"] = "command"


def noted() -> list[Any]:
    """Return what is to be written after this request, which only reads."""
    kept: list[Any] = g.setdefault("audit_noted", [])
    return kept


def now() -> Origin:
    """Return where what happens now comes from; asks the database nothing."""
    request_id = str(g.get("request_id", ""))
    if not has_request_context():
        return Origin(None, _process["via"], "", request_id)
    number = getattr(g.get("_login_user"), "id", None)  # of a stranger there is none
    return Origin(number, "web", (request.remote_addr or "")[:ADDRESS_MOST], request_id)
