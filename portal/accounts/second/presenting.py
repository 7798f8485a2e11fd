"""Where the browser keeps that somebody is half in, and where it goes then."""

from dataclasses import asdict, replace

from flask import redirect, session, url_for
from flask.typing import ResponseReturnValue

from portal import clock
from portal.accounts.rules import local_path
from portal.accounts.second import rules, service
from portal.accounts.second.queries import Owing
from portal.accounts.second.rules import Half

KEPT = "half"


def go_half_way(half: Half, target: str | None) -> ResponseReturnValue:
    """Remember in the browser who gave the password, and ask for the second factor."""
    session[KEPT] = asdict(replace(half, next=local_path(target) or ""))
    return redirect(url_for("second.ask"), 303)


def half_way() -> tuple[Half, Owing] | None:
    """Return who is half in, in this browser."""
    half = rules.read(session.get(KEPT), now=clock.now())
    who = service.who(half) if half else None
    return (half, who) if half and who else None
