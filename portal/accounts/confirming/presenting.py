"""The page that asks once more who it is; what was typed into the form before goes along."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil

from flask import Response, render_template
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.accounts.confirming import labels, service
from portal.accounts.confirming.ways import Asked
from portal.web import words

AUTOCOMPLETE = {"password": "current-password"}
"""What a browser may fill in; for other answers `one-time-code`."""


@dataclass(frozen=True, slots=True)
class Form:
    """A form that was sent and waits for the answer: where it goes, what it holds."""

    action: str
    kept: tuple[tuple[str, str], ...]
    back: str


def kept(sent: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Return what of a form goes along: not the answer, and nothing a page can not hold."""
    return tuple(
        (_holdable(name), _holdable(text))
        for name, text in sent
        if name != "csrf_token" and not name.startswith(service.FIELD)
    )


def _holdable(text: str) -> str:
    return "".join(c for c in text if c.isprintable() or c in "\t\r\n")


def page(asked: Asked, form: Form, *, wrong: str = "", status: int = 401) -> Response:
    """Return the page with a field for each answer that may be given."""
    ways = service.offered(asked)
    fields = [
        {
            "name": service.FIELD + way.key,
            "label": words.label(labels.WAYS, way.key),
            "type": "password" if way.key == "password" else "text",
            "autocomplete": AUTOCOMPLETE.get(way.key, "one-time-code"),
        }
        for way in ways
        if way.check is not None and way.key != "demo"
    ]
    response = Response(
        render_template(
            "accounts/confirming/ask.html",
            form=form,
            fields=fields,
            elsewhere=[
                {"label": words.label(labels.ELSEWHERE, way.key), "endpoint": way.endpoint}
                for way in ways
                if way.check is None
            ],
            demo=any(way.key == "demo" for way in ways),
            person=asked.user,
            wrong=wrong,
        ),
        status,
    )
    response.headers["Cache-Control"] = "no-store"  # what was typed is in it
    return response


def wrong(sent: Iterable[str]) -> str:
    """Return what is said of a wrong answer."""
    keys = [name.removeprefix(service.FIELD) for name in sent if name.startswith(service.FIELD)]
    said = [words.label(labels.WRONG, key) for key in keys if key in labels.WRONG]
    return said[0] if said else _("This does not show that it is you.")


def wait_message(seconds: int) -> str:
    """Return what is said to somebody who has guessed too often."""
    minutes = ceil(seconds / 60)
    return ngettext(  # type: ignore[no-any-return]
        "Too many tries. Please wait %(num)d minute.",
        "Too many tries. Please wait %(num)d minutes.",
        minutes,
    )
