"""Which request something is done for: an id in the browser's answer and in every log line."""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_GOOD = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")
_current: ContextVar[str] = ContextVar("request_id", default="")


def fresh() -> str:
    """Return an id no other request has."""
    return secrets.token_hex(8)


def checked(given: str | None) -> str:
    """Return the id a proxy has given when it is one that may stand anywhere, else a fresh one."""
    return given if given is not None and _GOOD.fullmatch(given) else fresh()


def current() -> str:
    """Return the id of the request that is being worked on, or an empty text."""
    return _current.get()


def begin(request_id: str) -> None:
    """Say that what follows in this thread is done for a request; `end` says when it is over."""
    _current.set(request_id)


def end() -> None:
    """Say that nothing is done for a request any more."""
    _current.set("")


@contextmanager
def doing(request_id: str) -> Iterator[None]:
    """Say that what is inside is done for a request."""
    token = _current.set(request_id)
    try:
        yield
    finally:
        _current.reset(token)
