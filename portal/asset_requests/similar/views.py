"""Suggestions while somebody types what is missing."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.accounts.acts import Act
from portal.accounts.gate import allows
from portal.asset_requests.similar import forms, presenting

bp = Blueprint("similar", __name__, url_prefix="/requests")


@bp.get("/suggest")
@allows(Act.REQUEST_ASK)
def suggest() -> ResponseReturnValue:
    """List what may answer what was typed so far, as a part of a page; nothing when nothing may."""
    return presenting.fragment(forms.typed(request.args), current_user.id)
