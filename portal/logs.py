"""How log lines look, as text or JSON: each with its request's id, none with what people wrote.

An exception's message may repeat a form, a query or a row. Lines tell its kind, its causes and
where in the code it came up, which is what finds a mistake, and leave its words out.
"""

import json
import logging
import sys
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, TextIO

from flask.logging import default_handler

from portal import tracing

FIELDS = ("method", "route", "status", "ms", "user")
"""What a line about a request has beside its words; see `portal.web.access`."""
FRAMES = 30

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]


def kind(error: BaseException) -> str:
    """Return what an error is, with the number a database has for it, and without its words."""
    name = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    cause = getattr(error, "orig", None)
    if isinstance(cause, BaseException):
        return f"{name} ({kind(cause)})"
    for code in ("sqlstate", "sqlite_errorname"):
        if told := getattr(error, code, None):
            return f"{name} {told}"
    if isinstance(error, OSError) and error.strerror:
        return f"{name}: {error.strerror}"
    return name


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and what it came from, the last one first."""
    seen: set[int] = set()
    found: BaseException | None = error
    while found is not None and id(found) not in seen:
        seen.add(id(found))
        yield found
        found = found.__cause__ or (None if found.__suppress_context__ else found.__context__)


def frames(error: BaseException) -> list[str]:
    """Return where an error and its causes came up: files, lines, functions."""
    lines = []
    for one in _chain(error):
        lines.append(kind(one))
        found = traceback.extract_tb(one.__traceback__)[-FRAMES:]
        lines += [f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in found]
    return lines


class _Quiet(logging.Formatter):
    """What both formats share: exceptions without their words, control characters made visible."""

    def formatException(self, ei: ExcInfo | tuple[None, None, None]) -> str:  # noqa: N802  # logging's
        """Return the lines about an exception."""
        return "\n".join(frames(ei[1])) if ei[1] is not None else ""


class Text(_Quiet):
    """One line for people: when, how bad, who says it, for which request, what."""

    def __init__(self) -> None:
        """Begin."""
        super().__init__("%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """Return a line; what it repeats of others can not begin a line of its own."""
        record.request_id = tracing.current() or "-"
        record.message = record.getMessage()
        record.asctime = self.formatTime(record)
        line = _one_line(self.formatMessage(record))
        if record.exc_info and record.exc_info[1] is not None:
            line += "\n" + self.formatException(record.exc_info)
        return line


class Json(_Quiet):
    """One object a line, for programs."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        told: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "request_id": tracing.current(),
            "message": record.getMessage(),
            "pid": record.process,
        }
        told |= {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
        if record.exc_info and record.exc_info[1] is not None:
            told["exception"] = frames(record.exc_info[1])
        return json.dumps(told, ensure_ascii=False, default=str)


def _one_line(text: str) -> str:
    """Return a text whose control characters can be seen."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def formatter(name: str) -> logging.Formatter:
    """Return the formatter of a setting: text or json."""
    return Json() if name == "json" else Text()


def install(*, level: str, style: str, stream: TextIO | None = None) -> None:
    """Let this process log to a stream, standard error if none is given, in one format."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(formatter(style))
    root = logging.getLogger()
    for old in list(root.handlers):
        if isinstance(old.formatter, _Quiet):
            root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(level)
    # Flask's own, there when something was logged before: it would say all twice, with every word
    logging.getLogger("portal").removeHandler(default_handler)
    logging.raiseExceptions = False  # a line that can not be written must not write its arguments


def for_server(style: str) -> dict[str, Any]:
    """Return what a server that logs by its own settings is told, so that lines look alike."""
    return {
        "formatters": {"generic": {"()": f"portal.logs.{'Json' if style == 'json' else 'Text'}"}},
        "handlers": {
            "console": {
                "formatter": "generic",
                "class": "logging.StreamHandler",
                "stream": "ext://sys.stderr",
            }
        },
        "loggers": {"_granian": {"handlers": ["console"], "level": "INFO", "propagate": False}},
    }
