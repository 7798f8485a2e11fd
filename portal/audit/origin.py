"""Where an entry comes from: the signed-in person, her address and the request, or a command."""

from contextvars import ContextVar
from dataclasses import dataclass

from flask import g, has_request_context, request

ADDRESS_MOST = 64

_process: ContextVar[str] = ContextVar("audit_process", default="command")


@dataclass(frozen=True, slots=True)
class Origin:
    """Who does something, and from where."""

    actor: int | None
    via: str
    address: str
    request_id: str


def worker() -> None:
    """Say that what follows is done by the worker."""
    _process.set("worker")


def now() -> Origin:
    """Return where what happens now comes from; asks the database nothing."""
    request_id = str(g.get("request_id", ""))
    if not has_request_context():
        return Origin(None, _process.get(), "", request_id)
    number = getattr(g.get("_login_user"), "id", None)  # of a stranger there is none
    return Origin(number, "web", (request.remote_addr or "")[:ADDRESS_MOST], request_id)
