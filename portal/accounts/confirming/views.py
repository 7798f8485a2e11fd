"""The page that asks who it is before a page that is dangerous to open."""

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from portal.accounts import gate
from portal.accounts.acts import Act
from portal.accounts.confirming import presenting
from portal.accounts.gate import allows
from portal.accounts.guessing import guessable
from portal.accounts.rules import local_path

bp = Blueprint("confirming", __name__)


def _target() -> str:
    return local_path(request.values.get("next")) or "/"


def _form() -> presenting.Form:
    target = _target()
    return presenting.Form(request.path, (("next", target),), "/")


@bp.get("/confirm")
@allows(Act.ACCOUNT)
def ask() -> ResponseReturnValue:
    """Ask, and lead to where the person was going."""
    return presenting.page(gate.asked(), _form(), status=200)


@bp.post("/confirm")
@allows(Act.ACCOUNT)
@guessable("password", within=True)
def answer() -> ResponseReturnValue:
    """Take the answer; somebody who confirmed elsewhere meanwhile needs none."""
    refused = gate.confirm_first(_form())
    return refused or redirect(_target(), 303)
